"""What the processor at hand can do, as far as inference must know."""

import os
from functools import cache
from pathlib import Path


@cache
def physical_cores() -> int:
    """Cores that this process may use, two threads of one core counted once."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = set()
    for cpu in allowed:
        try:
            siblings.add(Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text())
        except OSError:
            return len(allowed)
    return max(1, len(siblings))


def memory_bytes() -> int | None:
    """Main memory of the machine; None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


@cache
def has_amx() -> bool:
    """Whether llama.cpp would take its AMX path, which crashes on quantised prompts of two or more tokens (upstream #20824)."""
    try:
        return "amx_int8" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False

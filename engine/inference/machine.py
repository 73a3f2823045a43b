"""What the processor at hand can do, as far as inference must know."""

import os
from functools import cache
from pathlib import Path

from engine.records.loading import MachineMemory

#: Parameters from which a chunk of a prompt takes so long on a processor that chunks are made smaller.
_LARGE = 1_000_000_000
#: Smaller ones are written by one thread, see decode_threads.
SMALL_MODEL_BYTES = 64_000_000


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


def machine_memory() -> MachineMemory:
    """What can be had now, without the devices; what the system does not tell is 0."""
    found = _lines(Path("/proc/meminfo"))
    total = found.get("MemTotal") or memory_bytes() or 0
    return MachineMemory(found.get("MemAvailable", total), total, found.get("SwapFree", 0))


def resident_bytes(process: int | str = "self", name: str = "VmRSS") -> int:
    """Main memory that a process holds; with RssAnon what no file stands for. 0 where the system does not tell."""
    return _lines(Path(f"/proc/{process}/status")).get(name, 0)


def prompt_batch(parameters: int, on_gpu: bool) -> int:
    """Tokens of a prompt at a time: progress and cancelling should not wait long, a graphics card wants many."""
    if on_gpu:
        return 512
    return 256 if parameters < _LARGE else 64


def decode_threads(size_bytes: int) -> int:
    """One for a small model: its steps are shorter than what threads cost that wait for each other on a busy machine."""
    return 1 if size_bytes < SMALL_MODEL_BYTES else physical_cores()


def _lines(path: Path) -> dict[str, int]:
    """Bytes by their names, of a file in which the kernel writes kilobytes."""
    try:
        parts = [line.split() for line in path.read_text().splitlines()]
    except OSError:
        return {}
    return {part[0].rstrip(":"): 1024 * int(part[1]) for part in parts if len(part) == 3 and part[2] == "kB"}


_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}


def graphics_cards(drm: Path = Path("/sys/class/drm")) -> list[str]:
    """Makers of the cards that the system knows, whether llama.cpp can use them or not."""
    found = []
    for place in sorted(drm.glob("card[0-9]*/device/vendor")):
        try:
            maker = _VENDORS.get(place.read_text().strip())
        except OSError:
            continue
        if maker and "-" not in place.parts[-3]:  # with a hyphen it is an outlet of the card
            found.append(maker)
    return found


@cache
def has_amx() -> bool:
    """Whether llama.cpp would take its AMX path, which crashes on quantised prompts of two or more tokens (upstream #20824)."""
    try:
        return "amx_int8" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False

"""Whether weights fit into memory, asked before they are read: the system would end the whole process, not the load."""

from pathlib import Path

from engine.errors import UserError

_MEMINFO = Path("/proc/meminfo")


def available_bytes() -> int | None:
    """Memory that can be taken without swapping; None where the system does not say."""
    try:
        lines = _MEMINFO.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def check_memory(parameters: int) -> None:
    """Raises UserError where that many float32 weights do not fit."""
    needed, available = 4 * parameters, available_bytes()
    if available is not None and needed > available:
        raise UserError(
            "memory-short",
            f"The decoder needs {needed / 1e9:.1f} GB for this model, and {available / 1e9:.1f} GB of memory are free.",
            "Open it as a quantised GGUF file in llama.cpp, or choose a smaller model.",
        )

"""What the installed llama.cpp can compute on."""

import ctypes
from functools import cache
from typing import Any, Literal

from engine.inference.machine import machine_memory
from engine.records.loading import Device, MachineMemory

_Kind = Literal["cpu", "gpu", "integrated", "accelerator"]
#: ggml_backend_dev_type, in its order.
_KINDS: tuple[_Kind, ...] = ("cpu", "gpu", "integrated", "accelerator")


def memory_now() -> MachineMemory:
    """What a model can have now, with the devices."""
    found = machine_memory()
    return MachineMemory(found.free_bytes, found.total_bytes, found.free_swap_bytes, devices())


def devices() -> tuple[Device, ...]:
    """All of them, with what is free at this moment."""
    library = _library()
    found = []
    for place in range(library.ggml_backend_dev_count()):
        device = library.ggml_backend_dev_get(place)
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        library.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        kind = library.ggml_backend_dev_type(device)
        found.append(
            Device(
                library.ggml_backend_dev_name(device).decode("utf-8", "replace"),
                library.ggml_backend_dev_description(device).decode("utf-8", "replace"),
                _KINDS[kind] if kind < len(_KINDS) else "accelerator",
                free.value,
                total.value,
            )
        )
    return tuple(found)


@cache
def _library() -> Any:
    """ggml's registry of devices: llama-cpp-python has no names for it."""
    from llama_cpp import _ggml  # only where it is asked for: the import takes a while

    library = _ggml.libggml
    library.ggml_backend_dev_count.restype = ctypes.c_size_t
    library.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    library.ggml_backend_dev_get.restype = ctypes.c_void_p
    for name in ("name", "description"):
        call = getattr(library, f"ggml_backend_dev_{name}")
        call.argtypes, call.restype = [ctypes.c_void_p], ctypes.c_char_p
    library.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    size = ctypes.POINTER(ctypes.c_size_t)
    library.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, size, size]
    library.ggml_backend_dev_memory.restype = None
    return library

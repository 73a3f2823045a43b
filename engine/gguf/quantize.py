"""Quantisation by llama.cpp itself."""

import ctypes
from pathlib import Path

import llama_cpp

from engine.decoder.files import write_atomically
from engine.errors import UserError
from engine.header.gguf import read_gguf_header

_PREFIXES = ("LLAMA_FTYPE_MOSTLY_", "LLAMA_FTYPE_ALL_")
#: Types that need an importance matrix, or another family of models, to be of use.
_LEFT_OUT = ("IQ1", "IQ2", "IQ3_XXS", "IQ3_XS", "Q2_K_S", "TQ", "MXFP4", "NVFP4", "Q1_0", "Q2_0")
_FLOATS = frozenset({"F32", "F16", "BF16"})


def _types() -> dict[str, int]:
    found = {}
    for attribute in dir(llama_cpp):
        for prefix in _PREFIXES:
            if attribute.startswith(prefix) and not attribute.removeprefix(prefix).startswith(_LEFT_OUT):
                found[attribute.removeprefix(prefix).lower()] = int(getattr(llama_cpp, attribute))
    return found


def quantisation_names() -> list[str]:
    """The types that quantize() knows, in lower case, such as "q8_0"."""
    return sorted(_types())


def quantize(source: Path, target: Path, type_name: str, threads: int = 0) -> None:
    """Write a quantised copy of a GGUF file with F32, F16 or BF16 weights, whole or not at all. threads 0: all cores.

    Raises UserError for an unknown type, a source that is damaged or quantised already, or a target that cannot be written.
    """
    types = _types()
    if type_name.lower() not in types:
        raise UserError(
            "quantisation-unknown",
            f"There is no quantisation {type_name!r}.",
            f"Known ones are: {', '.join(sorted(types))}.",
        )
    _check_source(source, target)
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = types[type_name.lower()]
    params.nthread = threads
    log: list[str] = []

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
    def keep(_level: int, text: bytes, _user: object) -> None:
        log.append(text.decode("utf-8", "replace"))

    def write(part: Path) -> None:
        part.touch()  # a place that cannot be written is then named by the system, not by a number
        status = llama_cpp.llama_model_quantize(str(source).encode(), str(part).encode(), params)
        if status != 0:
            raise UserError(
                "quantise-failed",
                f"{source.name} could not be quantised to {type_name}.",
                "Try another type.",
                "".join(log[-20:]),
            )

    llama_cpp.llama_log_set(keep, ctypes.c_void_p(0))
    try:
        write_atomically(target, write)
    except OSError as error:
        raise UserError(
            "quantise-failed", f"{target} cannot be written.", "Choose another place, or make room.", str(error)
        ) from error
    finally:
        llama_cpp.llama_log_set(_silent, ctypes.c_void_p(0))


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _silent(_level: int, _text: bytes, _user: object) -> None:
    """llama.cpp keeps a pointer to its last callback, so one stays that lives as long as the process."""


def _check_source(source: Path, target: Path) -> None:
    header = read_gguf_header(source)
    if source.resolve() == target.resolve():
        raise UserError("quantise-failed", "A file cannot be quantised into itself.", "Choose another name.")
    stored = sorted({tensor.type for tensor in header.tensors} - _FLOATS)
    if stored:
        raise UserError(
            "quantised-already",
            f"{source.name} holds {stored[0]} weights; to quantise them again would lose more than it gains.",
            "Start from a file with F32, F16 or BF16 weights.",
        )

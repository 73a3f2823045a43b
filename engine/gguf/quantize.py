"""Quantisation by llama.cpp itself."""

from pathlib import Path

import llama_cpp

from engine.errors import UserError

_PREFIX = "LLAMA_FTYPE_MOSTLY_"
#: Types that need an importance matrix or another model family to be of use.
_LEFT_OUT = ("IQ1", "IQ2", "TQ", "MXFP4", "NVFP4")


def quantisation_names() -> list[str]:
    """The types that quantise() knows, in lower case, such as "q8_0"."""
    found = [name.removeprefix(_PREFIX).lower() for name in dir(llama_cpp) if name.startswith(_PREFIX)]
    return sorted(name for name in found if not name.upper().startswith(_LEFT_OUT))


def quantize(source: Path, target: Path, type_name: str, threads: int = 0) -> None:
    """Write a quantised copy of a GGUF file with F32, F16 or BF16 weights.

    Raises UserError for an unknown type, a source that cannot be read, or a shape that the type does not fit.
    """
    names = quantisation_names()
    if type_name.lower() not in names:
        raise UserError(
            "quantisation-unknown", f"There is no quantisation {type_name!r}.", f"Known ones are: {', '.join(names)}."
        )
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = getattr(llama_cpp, _PREFIX + type_name.upper())
    params.nthread = threads
    part = target.with_name(target.name + ".part")
    status = llama_cpp.llama_model_quantize(str(source).encode(), str(part).encode(), params)
    if status != 0 or not part.exists():
        part.unlink(missing_ok=True)
        raise UserError(
            "quantise-failed",
            f"{source.name} could not be quantised to {type_name}.",
            "Try another type.",
            f"llama.cpp gave {status}",
        )
    part.replace(target)

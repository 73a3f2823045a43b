"""Whether a file is a LoRA adapter of a model, by the headers of both: what is none is refused before anything is loaded."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.inference.language_model import LanguageModel
from engine.records import AdapterInfo, ModelHeader

_A, _B = ".lora_a", ".lora_b"
_EMBEDDING = "token_embd.weight"  # its pair lies the other way round


def check_adapters(model: Path, adapters: Sequence[Path]) -> None:
    """Raises UserError for what is damaged, no adapter, or made for a model of another architecture or shape."""
    if not adapters:
        return
    if model.is_dir():
        raise adapter_needs_gguf()
    base = read_gguf_header(model)
    for path in adapters:
        header = read_adapter_header(path)
        check_kind(path, header, base.metadata.get("general.architecture"))
        if not _fits(header, base):
            raise UserError(
                "adapter-base",
                f"{path.name} was made for a model of another shape.",
                "Load the model that it belongs to.",
            )


def check_kind(path: Path, header: ModelHeader, architecture: object) -> None:
    """Raises UserError for what is no adapter, or one for another architecture."""
    metadata = header.metadata
    if metadata.get("general.type") != "adapter" or metadata.get("adapter.type") != "lora":
        raise UserError("adapter-kind", f"{path.name} is no LoRA adapter.", "Choose an adapter as GGUF.")
    if metadata.get("general.architecture") != architecture:
        raise made_for_another_model(path)


def read_adapter_header(path: Path) -> ModelHeader:
    """Raises UserError where there is no file, or one that cannot be read."""
    if not path.is_file():
        raise UserError("adapter-not-found", f"There is no file {path}.", "Check the path.")
    return read_gguf_header(path)


def switch_adapters(model: LanguageModel, wanted: Sequence[AdapterInfo]) -> None:
    """The scales of the adapters that a model was opened with, and the names that a person gave them."""
    if not wanted:
        return
    from engine.inference.llama_cpp import LlamaCppModel

    if isinstance(model, LlamaCppModel):  # nothing else is opened with adapters
        model.switch_adapters([adapter.scale for adapter in wanted])
        pairs = zip(model.info.adapters, wanted, strict=True)
        named = tuple(msgspec.structs.replace(a, name=asked.name or a.name) for a, asked in pairs)
        model.info = msgspec.structs.replace(model.info, adapters=named)


def scales_on(adapters: Sequence[AdapterInfo]) -> set[tuple[str, float]]:
    """What stands beside a model, by path: those that are off are not there."""
    return {(adapter.path, adapter.scale) for adapter in adapters if adapter.scale}


def made_for_another_model(path: Path) -> UserError:
    return UserError("adapter-base", f"{path.name} was made for another model.", "Load the model that it belongs to.")


def adapter_needs_gguf() -> UserError:
    return UserError(
        "adapter-base", "Adapters stand beside a GGUF file in llama.cpp.", "Choose a GGUF file as the model."
    )


def _fits(adapter: ModelHeader, base: ModelHeader) -> bool:
    """Whether the product of each pair, (..., out, rank) times (..., rank, in), has the shape of the matrix that it is added to."""
    weights = {tensor.name: tensor.shape for tensor in base.tensors}
    for tensor in adapter.tensors:
        name, part = tensor.name[: -len(_A)], tensor.name[-len(_A) :]
        if part not in (_A, _B) or name == _EMBEDDING:
            continue
        whole = weights.get(name, ())
        if len(whole) < 2 or len(tensor.shape) < 2:
            return False
        if (part == _A and tensor.shape[-1] != whole[-1]) or (part == _B and tensor.shape[-2] != whole[-2]):
            return False
    return True

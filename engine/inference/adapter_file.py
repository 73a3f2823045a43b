"""Whether a file is a LoRA adapter of a model, by the headers of both: what is none is refused before anything is loaded."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.records import ModelHeader

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

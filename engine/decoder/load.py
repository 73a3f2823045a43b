"""Any decoder by its path: our own checkpoints, adapters, Hugging Face-style folders, GGUF files."""

from pathlib import Path

from engine.decoder.checkpoint import load_decoder
from engine.decoder.folder import ADAPTER_CONFIG, CONFIG, newest_checkpoint
from engine.decoder.from_gguf import load_gguf
from engine.decoder.hugging_face import load_hugging_face
from engine.decoder.lora import load_adapter, merge_lora, read_adapter_config
from engine.decoder.model import Decoder
from engine.decoder.tokenizer_files import load_tokenizer
from engine.errors import UserError
from engine.tokenizer.from_gguf import vocabulary_from_gguf
from engine.tokenizer.vocabulary import StoredVocabulary


def open_decoder(path: Path) -> Decoder:
    """The model of a run (its newest checkpoint), a checkpoint, a folder or a GGUF file, an adapter merged into its base.

    Raises UserError for what holds no such model.
    """
    _check_there(path)
    if path.is_file():
        return load_gguf(path)
    folder = newest_checkpoint(path) or path
    if (folder / ADAPTER_CONFIG).exists():
        base = open_decoder(Path(read_adapter_config(folder).base))
        load_adapter(folder, base)
        return merge_lora(base)
    if (folder / CONFIG).exists():
        return load_decoder(folder)
    if (folder / "config.json").exists():
        return load_hugging_face(folder).decoder
    raise UserError(
        "folder-without-model",
        f"{path} holds no model.",
        "Choose a GGUF file, a training run, or a folder with config.json and model.safetensors.",
    )


def open_tokenizer(path: Path) -> StoredVocabulary:
    """The tokenizer of the same. Raises UserError for one that is missing or of another kind."""
    _check_there(path)
    if path.is_file():
        return vocabulary_from_gguf(path)
    return load_tokenizer(newest_checkpoint(path) or path)


def _check_there(path: Path) -> None:
    if not path.exists():
        raise UserError("model-not-found", f"There is no file or folder {path}.", "Check the path.")

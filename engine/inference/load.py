"""Open any model by its path; what stands beside it is switched here too."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from engine.errors import UserError
from engine.inference.adapter_file import adapter_needs_gguf, check_adapters
from engine.inference.language_model import LanguageModel
from engine.inference.machine import memory_bytes
from engine.records import AdapterInfo
from engine.records.loading import AUTO, LoadSettings
from engine.sampling.recommended import recommended_settings
from engine.tokenizer.vocabulary import Vocabulary

Backend = Literal["decoder", "llama_cpp"]


def open_model(
    path: Path,
    context_length: int = 0,
    threads: int = 0,
    gpu_layers: int = -1,
    *,
    settings: LoadSettings = AUTO,
    backend: Backend | None = None,
    exact: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    adapters: Sequence[Path] = (),
) -> LanguageModel:
    """A GGUF file in llama.cpp; a run, a checkpoint or a Hugging Face-style folder in the decoder; a folder of n-gram counts.

    backend "decoder" opens a GGUF file in the decoder, for looking inside. Zeros mean sensible values. progress gets 0 to 1.
    settings: how it is loaded; context length, threads and layers given by themselves win.
    adapters: LoRA files beside a GGUF file in llama.cpp, all of them on.
    Raises UserError with a sentence for whatever cannot be opened.
    """
    check_model(path)
    check_adapters(path, adapters)
    settings = LoadSettings(context_length, threads, gpu_layers).over(settings)
    context_length, threads = settings.context_length, settings.threads
    if adapters and backend == "decoder":
        raise adapter_needs_gguf()
    if path.is_dir():
        if backend == "llama_cpp":
            raise UserError("backend", f"{path.name} is a folder; llama.cpp opens GGUF files.", "Export it first.")
        return _open_folder(path, context_length, threads)
    if backend == "decoder":
        return _open_gguf_in_decoder(path, context_length, threads)
    from engine.inference.llama_cpp import LlamaCppModel

    return LlamaCppModel(path, 0, 0, -1, exact, progress, cancelled, adapters, settings)


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


def check_model(path: Path) -> None:
    """Raise UserError for what can be known to fail without loading: what is missing, no model, damaged, or larger than memory."""
    check_kind(path)
    if path.is_dir():
        return
    from engine.header.gguf import read_gguf_header

    header = read_gguf_header(path)  # refuses what llama.cpp might abort on
    if header.metadata.get("general.type") == "adapter":
        raise UserError(
            "model-is-adapter",
            f"{path.name} is an adapter, which stands beside a model.",
            "Load the model that it belongs to, and add this file to its adapters.",
        )
    if header.metadata.get("general.architecture") == "clip":
        raise UserError(
            "model-is-projector",
            f"{path.name} is a projector, with which another model sees pictures.",
            "Load the model that it belongs to.",
        )
    memory = memory_bytes()
    if memory is not None and header.size_bytes > memory:
        raise UserError(
            "model-too-large",
            f"{path.name} needs {header.size_bytes / 1e9:.1f} GB of memory, and this machine has {memory / 1e9:.1f} GB.",
            "Choose a smaller model, or one with fewer bits for each weight.",
        )


def check_kind(path: Path) -> None:
    """Raise UserError for what is missing, or no GGUF by its name: what it is, and what to take instead."""
    if not path.exists():
        raise UserError("model-not-found", f"There is no file or folder {path}.", "Check the path.")
    if path.suffix in (".pt", ".pth", ".bin", ".ckpt", ".pkl"):
        raise UserError(
            "pickle-refused",
            f"{path.name} is a pickle, which can run any program when it is opened.",
            "Use the model as GGUF or safetensors.",
        )
    if path.suffix == ".safetensors":
        raise UserError(
            "file-of-folder",
            f"{path.name} holds the weights of a model, but not what is needed to use them.",
            "Choose the folder that it lies in.",
        )


def _open_folder(path: Path, context_length: int, threads: int) -> LanguageModel:
    from engine.decoder.folder import ADAPTER_CONFIG, CONFIG, newest_checkpoint
    from engine.decoder.load import open_decoder
    from engine.decoder.tokenizer_files import has_tokenizer, load_tokenizer
    from engine.inference.decoder import DecoderModel
    from engine.ngram.folder import CONFIG as NGRAM_CONFIG
    from engine.tokenizer.numbered import NumberedVocabulary

    if (path / NGRAM_CONFIG).exists():
        from engine.inference.ngram import NgramLanguageModel
        from engine.ngram.folder import load_ngram

        return NgramLanguageModel(path, *load_ngram(path), context_length)
    folder = newest_checkpoint(path) or path
    if (folder / CONFIG).exists() or (folder / ADAPTER_CONFIG).exists():
        own = load_tokenizer(folder)
        return DecoderModel(path, open_decoder(folder), own, own.chat_template, context_length, threads)
    if (folder / "config.json").exists():
        from engine.decoder.hugging_face import load_hugging_face

        loaded = load_hugging_face(folder)
        texts = loaded.texts
        vocabulary: Vocabulary = NumberedVocabulary(loaded.decoder.config.vocabulary_size)
        if has_tokenizer(folder):
            vocabulary = load_tokenizer(folder)
        return DecoderModel(path, loaded.decoder, vocabulary, texts.chat_template, context_length, threads)
    raise UserError(
        "folder-without-model",
        f"{path} holds no model.",
        "Choose a GGUF file, a training run, or a folder with config.json and model.safetensors.",
    )


def _open_gguf_in_decoder(path: Path, context_length: int, threads: int) -> LanguageModel:
    from engine.decoder.from_gguf import load_gguf
    from engine.inference.decoder import DecoderModel
    from engine.inference.llama_cpp import open_vocabulary

    vocabulary, metadata = open_vocabulary(path)
    template = metadata.get("tokenizer.chat_template")
    model = DecoderModel(path, load_gguf(path), vocabulary, template, context_length, threads)
    short = {key: value for key, value in metadata.items() if len(value) < 2000}
    model.info = msgspec.structs.replace(
        model.info,
        name=metadata.get("general.name") or path.stem,
        metadata=short,
        recommended=recommended_settings(metadata),
    )
    return model

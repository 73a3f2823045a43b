"""Everything that a model says of itself, from its header and the files beside it. No tensor data is read."""

import math
from pathlib import Path
from typing import Any

from engine.decoder.folder import newest_checkpoint
from engine.header.gguf import ArrayLength
from engine.inference.load import check_kind
from engine.library.catalogue import MODELS
from engine.library.changes import note
from engine.library.checksums import known_checksums
from engine.library.parts import model_parts, read_model_header
from engine.library.shelf import key_of, read_shelf
from engine.library.summary import (
    TEMPLATE,
    folder_header,
    number,
    parameters_of,
    quantisation_of,
    read_json,
    template_hash,
    text,
)
from engine.records import TensorInfo
from engine.records.library import ModelCard, TensorLine, TypeShare

_LONGEST_VALUE, _LONGEST_TEMPLATE = 4_000, 200_000
_MOST_TENSORS = 20_000


def read_card(folder: Path, path: Path) -> ModelCard:
    """Of a GGUF file or a folder with weights. Its template counts as seen from the first time on.

    Raises UserError for what is missing or damaged.
    """
    check_kind(path)
    return _of_folder(folder, path) if path.is_dir() else _of_gguf(folder, path)


def _of_gguf(folder: Path, path: Path) -> ModelCard:
    header = read_model_header(path)
    metadata = header.metadata
    kind = text(metadata.get("general.architecture"))

    def about(key: str) -> int:
        value = metadata.get(f"{kind}.{key}")
        return max(map(number, value), default=0) if isinstance(value, list) else number(value)

    template = metadata.get(TEMPLATE)
    template = template if isinstance(template, str) else ""
    tokens = metadata.get("tokenizer.ggml.tokens", 0)
    return ModelCard(
        str(path),
        text(metadata.get("general.name")) or path.stem,
        kind,
        parameters_of(header.tensors),
        quantisation_of(header.tensors),
        about("context_length"),
        about("block_count"),
        about("attention.head_count"),
        about("attention.head_count_kv") or about("attention.head_count"),
        about("embedding_length"),
        about("expert_count"),
        len(tokens) if isinstance(tokens, list) else int(tokens) if isinstance(tokens, ArrayLength) else 0,
        text(metadata.get("tokenizer.ggml.model")),
        template[:_LONGEST_TEMPLATE],
        template_hash(template),
        _template_changed(folder, path, template_hash(template)),
        text(metadata.get("general.license")),
        _source(folder, path, metadata),
        text(metadata.get("general.author") or metadata.get("general.organization")),
        tuple((file.name, file.stat().st_size) for file in model_parts(path)),
        type_shares(header.tensors),
        _lines(header.tensors),
        tuple((key, shown_value(value)) for key, value in metadata.items()),
        sums=known_checksums(folder, path),
    )


def _of_folder(data: Path, path: Path) -> ModelCard:
    folder = newest_checkpoint(path) or path
    header, config = folder_header(folder)
    layers, heads = config.get("n_layers"), config.get("n_heads")
    return ModelCard(
        str(path),
        path.name,
        text(config.get("model_type")) or "llama",
        parameters_of(header.tensors),
        quantisation_of(header.tensors),
        number(config.get("context_length") or config.get("max_position_embeddings")),
        number(layers or config.get("num_hidden_layers")),
        number(heads or config.get("num_attention_heads")),
        number(config.get("n_kv_heads") or config.get("num_key_value_heads") or heads),
        number(config.get("d_model") or config.get("hidden_size")),
        number(config.get("n_experts")),
        number(config.get("vocabulary_size") or config.get("vocab_size")),
        template=_folder_template(folder),
        template_hash=template_hash(_folder_template(folder)),
        files=tuple((file.name, file.stat().st_size) for file in sorted(folder.iterdir()) if file.is_file()),
        types=type_shares(header.tensors),
        tensors=_lines(header.tensors),
        metadata=tuple((key, shown_value(value)) for key, value in (header.metadata | config).items()),
        checkpoints=tuple(str(one) for one in sorted(path.glob("checkpoint-*"), reverse=True) if one.is_dir()),
        sums=known_checksums(data, path),
    )


def type_shares(tensors: tuple[TensorInfo, ...]) -> tuple[TypeShare, ...]:
    """How much of a model has which type, the largest share first."""
    found: dict[str, TypeShare] = {}
    for tensor in tensors:
        one = found.get(tensor.type, TypeShare(tensor.type, 0, 0, 0))
        found[tensor.type] = TypeShare(
            tensor.type, one.tensors + 1, one.size_bytes + tensor.size_bytes, one.parameters + math.prod(tensor.shape)
        )
    return tuple(sorted(found.values(), key=lambda one: (-one.size_bytes, one.type)))


def shown_value(value: Any) -> str:
    """A value out of a header as text: long lists are counted, long texts cut."""
    if isinstance(value, ArrayLength):
        return f"[{int(value):,} …]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        shown = "[" + ", ".join(shown_value(one) for one in value[:64]) + (", …]" if len(value) > 64 else "]")
    elif isinstance(value, float):
        shown = f"{value:.9g}"
    else:
        shown = str(value)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[:_LONGEST_VALUE]} …"


def _lines(tensors: tuple[TensorInfo, ...]) -> tuple[TensorLine, ...]:
    return tuple(TensorLine(one.name, one.type, one.shape, one.size_bytes) for one in tensors[:_MOST_TENSORS])


def _template_changed(folder: Path, path: Path, now: str) -> bool:
    key = key_of(path)
    seen = read_shelf(folder).models.get(key)
    if seen is not None and seen.template:
        return seen.template != now
    if now:
        note(folder, key, "template")
    return False


def _folder_template(folder: Path) -> str:
    file = folder / "chat_template.jinja"
    if file.is_file() and file.stat().st_size <= _LONGEST_TEMPLATE:
        return file.read_text(encoding="utf-8", errors="replace")
    value = read_json(folder / "tokenizer_config.json").get("chat_template")
    return value if isinstance(value, str) else ""


def _source(folder: Path, path: Path, metadata: dict[str, Any]) -> str:
    """Where it was fetched from, else where it says that it comes from."""
    try:
        place = path.resolve().relative_to((folder / MODELS).resolve())
        if len(place.parts) == 3:
            return f"https://huggingface.co/{place.parts[0]}/{place.parts[1]}"
    except ValueError:
        pass
    for key in ("general.source.url", "general.repo_url", "general.source.repo_url", "general.url"):
        if said := text(metadata.get(key)):
            return said
    return text(metadata.get("general.base_model.0.repo_url"))

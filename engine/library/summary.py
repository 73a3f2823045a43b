"""What a model is in short, from its header alone; remembered by size and time, so that a long list is read once."""

import contextlib
import hashlib
import math
import re
from pathlib import Path
from typing import Any

import msgspec

from engine.decoder.folder import ADAPTER, CONFIG, WEIGHTS, newest_checkpoint
from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.header.safetensors import read_safetensors_header
from engine.library.parts import model_parts, read_model_header
from engine.records import ModelHeader, TensorInfo
from engine.records.library import Part

TEMPLATE = "tokenizer.chat_template"
_CACHE, _CACHE_VERSION, _MOST_BYTES = "library-headers.json", 1, 32_000_000
_JSON_BYTES = 4_000_000
_INPUT = re.compile(r"blk\.(\d{1,4})\.([a-z_]+)\.weight\.lora_a$")


class Summary(msgspec.Struct, frozen=True, omit_defaults=True):
    """problem: why it is no model that can be loaded. width, layers: of an adapter those of the models that it may fit."""

    part: Part = "model"
    title: str = ""
    architecture: str = ""
    parameters: int = 0
    quantisation: str = ""
    context_length: int = 0
    template: str = ""  # its hash
    size_bytes: int = 0
    files: int = 1
    problem: str = ""
    width: int = 0
    layers: int = 0


def summarise(path: Path) -> Summary:
    """Of a GGUF file (the first of several), or a folder with safetensors. What is broken is said in ``problem``."""
    try:
        if path.is_dir():
            return _of_folder(path)
        return _of_gguf(path)
    except UserError as error:
        return Summary(size_bytes=_size(model_parts(path)), files=len(model_parts(path)), problem=error.text)
    except OSError as error:
        raised = UserError("model-file", f"{path} cannot be read.", "Check the file and its rights.", str(error))
        return Summary(problem=raised.text)


def part_of(header: ModelHeader, name: str) -> Part:
    """What a GGUF file is."""
    if header.metadata.get("general.type") == "adapter":
        return "adapter"
    if header.metadata.get("general.architecture") == "clip" or "mmproj" in name.lower():
        return "projector"
    return "model"


def quantisation_of(tensors: tuple[TensorInfo, ...]) -> str:
    """The type that most of the weights have, by bytes."""
    sizes: dict[str, int] = {}
    for tensor in tensors:
        sizes[tensor.type] = sizes.get(tensor.type, 0) + tensor.size_bytes
    return max(sizes, key=lambda kind: sizes[kind], default="")


def parameters_of(tensors: tuple[TensorInfo, ...]) -> int:
    return sum(math.prod(tensor.shape) for tensor in tensors)


def template_hash(template: object) -> str:
    """As ModelInfo.template_hash."""
    return hashlib.sha256(template.encode()).hexdigest() if isinstance(template, str) and template else ""


def folder_header(folder: Path) -> tuple[ModelHeader, dict[str, Any]]:
    """The tensors of all safetensors of a folder, and its config. Raises UserError where there are none or one is damaged."""
    weights = [folder / name for name in (WEIGHTS, ADAPTER) if (folder / name).is_file()]
    weights = weights or sorted(folder.glob("*.safetensors"))
    if not weights:
        raise UserError("folder-without-model", f"{folder} holds no model.", "Choose another folder.")
    headers = [read_safetensors_header(file) for file in weights]
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    size = sum(header.size_bytes for header in headers)
    config = read_json(folder / CONFIG) or read_json(folder / "config.json")
    return ModelHeader("safetensors", dict(headers[0].metadata), tensors, size), config


def read_json(file: Path) -> dict[str, Any]:
    """An object out of a file; {} where it is missing, too long or none."""
    with contextlib.suppress(OSError, msgspec.MsgspecError, RecursionError):
        if file.stat().st_size <= _JSON_BYTES:
            return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    return {}


def number(value: object) -> int:
    """A whole number out of an untrusted file, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62 else 0


def text(value: object) -> str:
    """A text out of an untrusted file, on one line and not too long; else ""."""
    return " ".join(value.split())[:500] if isinstance(value, str) else ""


def _of_gguf(path: Path) -> Summary:
    first = read_gguf_header(path)
    part = part_of(first, path.name)
    header = read_model_header(path) if part == "model" else first
    metadata = header.metadata
    if not header.tensors:
        raise UserError(
            "vocabulary-only", f"{path.name} holds a vocabulary alone, and no model.", "Choose another file."
        )
    architecture = text(metadata.get("general.architecture"))
    width, layers = number(metadata.get(f"{architecture}.embedding_length")), 0
    if part == "adapter":
        width, layers = _adapter_shape(header)
    return Summary(
        part,
        text(metadata.get("general.name")),
        architecture,
        parameters_of(header.tensors),
        quantisation_of(header.tensors),
        number(metadata.get(f"{architecture}.context_length")),
        template_hash(metadata.get(TEMPLATE)),
        header.size_bytes,
        len(model_parts(path)) if part == "model" else 1,
        "",
        width,
        layers or number(metadata.get(f"{architecture}.block_count")),
    )


def _adapter_shape(header: ModelHeader) -> tuple[int, int]:
    """What goes into the first matrices of a layer, and the layers that it reaches."""
    width = layers = 0
    for tensor in header.tensors:
        found = _INPUT.match(tensor.name)
        if found:
            layers = max(layers, int(found[1]) + 1)
            if found[2] in ("attn_q", "attn_k", "attn_v", "ffn_up", "ffn_gate"):
                width = tensor.shape[-1]
    return width, layers


def _of_folder(folder: Path) -> Summary:
    folder = newest_checkpoint(folder) or folder
    header, config = folder_header(folder)
    architecture = text(config.get("model_type")) or ("llama" if (folder / CONFIG).is_file() else "")
    length = number(config.get("context_length")) or number(config.get("max_position_embeddings"))
    return Summary(
        "adapter" if (folder / ADAPTER).is_file() else "model",
        "",
        architecture,
        parameters_of(header.tensors),
        quantisation_of(header.tensors),
        length,
        "",
        header.size_bytes,
    )


def _size(files: list[Path]) -> int:
    total = 0
    for file in files:
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total


class _Remembered(msgspec.Struct, frozen=True):
    size_bytes: int
    changed_ns: int
    summary: Summary


class _File(msgspec.Struct):
    version: int = _CACHE_VERSION
    headers: dict[str, _Remembered] = {}


class Summaries:
    """Summaries of files that have not changed since they were read last. A lost file costs nothing but time."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _CACHE
        self._known, self._asked = self._read(), dict[str, _Remembered]()

    def of(self, path: Path) -> Summary:
        """By size and time of its files; folders are read each time, for they are few."""
        if path.is_dir():
            return summarise(path)
        found = [part.stat() for part in model_parts(path) if part.exists()]
        size, changed = sum(one.st_size for one in found), max((one.st_mtime_ns for one in found), default=0)
        known = self._known.get(str(path))
        if known is None or (known.size_bytes, known.changed_ns) != (size, changed):
            known = _Remembered(size, changed, summarise(path))
        self._asked[str(path)] = known
        return known.summary

    def keep(self) -> None:
        """Remember what was asked for, and nothing else."""
        if self._asked == self._known:
            return
        with contextlib.suppress(OSError):
            part = self._file.with_suffix(".part")
            part.write_bytes(msgspec.json.encode(_File(headers=self._asked)))
            part.replace(self._file)
            self._known = dict(self._asked)

    def _read(self) -> dict[str, _Remembered]:
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            if self._file.stat().st_size <= _MOST_BYTES:
                read = msgspec.json.decode(self._file.read_bytes(), type=_File)
                return read.headers if read.version == _CACHE_VERSION else {}
        return {}

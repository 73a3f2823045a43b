"""Models as a library finds them: quick to write, read by their headers alone."""

from pathlib import Path

import gguf
import numpy as np

from engine.decoder.lora_config import LoraConfig
from engine.gguf.adapter import export_adapter
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import small_decoder


def header_only(path: Path, architecture: str = "llama", name: str = "Tiny", width: int = 32, **metadata: str) -> Path:
    """A GGUF file with one small tensor: enough for a library, not for llama.cpp."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    if name:
        writer.add_name(name)
    writer.add_context_length(256)
    writer.add_embedding_length(width)
    writer.add_block_count(2)
    for key, value in metadata.items():
        writer.add_string(key.replace("__", "."), value)
    writer.add_tensor("token_embd.weight", np.zeros((8, width), np.float32))
    writer.add_tensor("output_norm.weight", np.zeros(width, np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def projector(path: Path) -> Path:
    """What a model sees pictures with."""
    return header_only(path, "clip", "Eyes")


def adapter(path: Path, family: str = "llama", name: str = "Pirate") -> Path:
    """A LoRA adapter for the models of small_models."""
    path.parent.mkdir(parents=True, exist_ok=True)
    config = LoraConfig(rank=2)
    export_adapter(with_values(small_decoder(family), config), config, path, name=name)
    return path


def tokens_of(path: Path, template: str) -> Path:
    """The same tiny model with a chat template."""
    return header_only(path, tokenizer__chat_template=template, general__license="mit")

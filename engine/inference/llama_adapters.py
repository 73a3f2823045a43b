"""LoRA adapters beside a model in llama.cpp, switched without loading the model again."""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp

from engine.inference.adapter_file import check_kind, made_for_another_model, read_adapter_header


def load_adapters(model: Any, architecture: str, paths: Sequence[Path]) -> list[Any]:
    """Read adapter files; they are freed with the model. To be called before a context of the model is made.

    Raises UserError for a file that is damaged, no adapter, or made for another model.
    """
    loaded = []
    for path in paths:
        check_kind(path, read_adapter_header(path), architecture)
        adapter = llama_cpp.llama_adapter_lora_init(model, str(path).encode())
        if not adapter:
            raise made_for_another_model(path)
        loaded.append(adapter)
    return loaded


def switch_adapters(context: Any, adapters: Sequence[Any], scales: Sequence[float]) -> None:
    """Put each adapter beside the weights with its scale; 0 leaves it out."""
    used = [(adapter, scale) for adapter, scale in zip(adapters, scales, strict=True) if scale]
    llama_cpp.llama_set_adapters_lora(
        context,
        (llama_cpp.llama_adapter_lora_p_ctypes * len(used))(*(adapter for adapter, _ in used)),
        len(used),
        (ctypes.c_float * len(used))(*(scale for _, scale in used)),
    )

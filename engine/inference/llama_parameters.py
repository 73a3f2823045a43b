"""Load settings as llama.cpp's own parameters."""

from typing import Any

import llama_cpp

from engine.errors import UserError
from engine.inference.machine import has_amx
from engine.records.loading import LoadSettings

ALL_LAYERS = 999
_MODES = {
    "auto": llama_cpp.LLAMA_LOAD_MODE_AUTO,
    "mapped": llama_cpp.LLAMA_LOAD_MODE_MMAP,
    "copied": llama_cpp.LLAMA_LOAD_MODE_NONE,
    "locked": llama_cpp.LLAMA_LOAD_MODE_MMAP_MLOCK,
}
_FLASH = {
    "auto": llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO,
    "on": llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED,
    "off": llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED,
}
_PLAIN = ("auto", "f32", "f16", "bf16")


def model_parameters(settings: LoadSettings) -> Any:
    """llama_model_params; those of the callbacks are left as they are."""
    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = ALL_LAYERS if settings.gpu_layers < 0 else settings.gpu_layers
    params.load_mode = _MODES[settings.weights]
    params.use_extra_bufts = not has_amx()
    return params


def context_parameters(settings: LoadSettings, chunk: int, exact: bool = False) -> Any:
    """llama_context_params for settings with a context length and threads, reading a prompt by chunks.

    exact: F32 cache and no flash attention. Raises UserError for what llama.cpp cannot combine.
    """
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = settings.context_length
    params.n_batch = params.n_ubatch = chunk
    params.n_threads = params.n_threads_batch = settings.threads
    params.no_perf = True
    if exact:
        settings = LoadSettings(cache_type="f32", flash_attention="off")
    flash = settings.flash_attention
    if settings.cache_type not in _PLAIN:
        if flash == "off":
            raise UserError(
                "cache-type",
                f"A key-value cache of type {settings.cache_type} needs flash attention.",
                "Switch flash attention on, or choose f16 for the cache.",
            )
        flash = "on"
    if settings.cache_type != "auto":
        params.type_k = params.type_v = _cache_type(settings.cache_type)
    params.flash_attn_type = _FLASH[flash]
    return params


def _cache_type(name: str) -> int:
    """ggml's number of a type; llama-cpp-python has no name for bfloat16."""
    return 30 if name == "bf16" else int(getattr(llama_cpp, f"GGML_TYPE_{name.upper()}"))

"""Small model files for tests: made, not downloaded. The weights are random unless said otherwise."""

import functools
from pathlib import Path

import gguf
import msgspec
import numpy as np
import torch

from engine.decoder.config import DecoderConfig, RopeScaling
from engine.decoder.model import Decoder
from engine.gguf.export import export_gguf
from engine.gguf.quantize import quantize
from engine.tokenizer.bpe import BytePairVocabulary, train_bpe

TEXT = """Once upon a time there was a small fox who lived by the river. The fox liked to count: 1, 2, 3, 42, 1984.
"Where are you going?" asked the owl. "I'm going to São Paulo," said the fox, "because it's warm there — não é?"
def add(a, b):
    return a + b  # the sum
Era uma vez uma raposa que morava perto do rio. A água era fria. 😀 Ümläute, naïve, coração.
"""

FAMILIES = {
    "llama": {},
    "llama-gqa-scaled": {
        "n_kv_heads": 2,
        "tied_embeddings": False,
        "rope_theta": 500_000.0,
        "rope_scaling": RopeScaling(8.0, 1.0, 4.0, 64),
    },
    "qwen2": {"n_kv_heads": 2, "qkv_bias": True, "tied_embeddings": False, "norm_eps": 1e-6},
    "qwen3": {"n_kv_heads": 2, "qk_norm": True, "head_dim": 32, "norm_eps": 1e-6},
}


@functools.cache
def small_vocabulary(size: int = 512) -> BytePairVocabulary:
    """A BPE trained on TEXT."""
    return train_bpe([TEXT * 4], size)


def small_decoder(family: str = "llama", vocabulary_size: int = 0, seed: int = 0, **changes) -> Decoder:
    """A random decoder of 4 heads and 2 layers; its weights are large enough that predictions differ."""
    shape = {
        "d_model": 64,
        "n_layers": 2,
        "n_heads": 4,
        "d_ff": 128,
        "context_length": 512,
        **FAMILIES[family],
        **changes,
    }
    model = Decoder(DecoderConfig(vocabulary_size=vocabulary_size or small_vocabulary().size, **shape))
    model.initialise(seed)
    with torch.no_grad():
        generator = torch.Generator().manual_seed(seed + 1)
        for parameter in model.parameters():
            if parameter.ndim == 2:
                parameter.mul_(4)
            else:
                parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    return model.eval()


def small_llama_gguf(path: Path, family: str = "llama", quantise: str = "", **changes) -> Path:
    """A GGUF file with a vocabulary trained on TEXT, the chat template of our models, and random weights."""
    vocabulary = small_vocabulary()
    model = small_decoder(family, vocabulary.size, **changes)
    if not quantise:
        export_gguf(model, vocabulary, path, name="Small")
        return path
    plain = path.with_suffix(".f32.gguf")
    export_gguf(model, vocabulary, plain, name="Small")
    quantize(plain, path, quantise)
    plain.unlink()
    return path


def random_gguf(
    path: Path, n_params: int = 300_000_000, vocabulary: int = 65_536, quantise: str = "q8_0", d_model: int = 1024
) -> Path:
    """A llama of about n_params random parameters, as many layers as that takes; for benchmarks."""
    shape = DecoderConfig(vocabulary, d_model, 1, d_model // 64, d_model * 11 // 4, n_kv_heads=max(1, d_model // 256))
    embeddings = vocabulary * d_model
    layer = shape.parameter_count - embeddings - d_model
    layers = max(1, round((n_params - embeddings) / layer))
    model = Decoder(msgspec.structs.replace(shape, n_layers=layers, context_length=2048))
    model.initialise(0)
    plain = path.with_suffix(".f16.gguf")
    export_gguf(model, small_vocabulary(300), plain, name="Random", float_type="F16")
    quantize(plain, path, quantise)
    plain.unlink()
    return path


def aborting_gguf(path: Path) -> Path:
    """A file that loads, and ends llama.cpp by SIGABRT at a character that it has never seen: SPM without byte tokens."""
    width, pieces = 32, ["<unk>", "<s>", "</s>", "▁", "a", "b", "▁a", "▁b"]
    # None of them is <0x..>, so a character that is not among them has nothing to fall back on.
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_rope_dimension_count(width // 2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores([0.0] * 4 + [-1.0] * 4)
    types = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL] + [gguf.TokenType.NORMAL] * 5
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    random = np.random.default_rng(0)

    def add(name, *shape):
        writer.add_tensor(name, random.normal(0, 0.1, shape).astype(np.float32))

    add("token_embd.weight", len(pieces), width)
    add("output_norm.weight", width)
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        add(f"blk.0.{name}.weight", width, width)
    add("blk.0.attn_norm.weight", width)
    add("blk.0.ffn_norm.weight", width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path

"""A decoder, its tokenizer and its chat template as one GGUF file that llama.cpp runs."""

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np

from engine.decoder.config import DecoderConfig
from engine.decoder.files import write_atomically
from engine.decoder.gguf_layout import permute, tensor_names
from engine.decoder.model import Decoder
from engine.decoder.rotary import inverse_frequencies, scaling_factors
from engine.tokenizer.bpe import PRE_TOKENIZER, BytePairVocabulary
from engine.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT, END_OF_TURN, PAD, UNKNOWN


def export_gguf(
    model: Decoder,
    vocabulary: BytePairVocabulary,
    path: Path,
    *,
    name: str = "",
    float_type: str = "F32",
    chat_template: str | None = CHAT_TEMPLATE,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write the file; float_type is the type of the matrices, "F32" or "F16". metadata goes under ``general.``."""
    write_atomically(
        path, lambda part: _write(model, vocabulary, part, name, float_type, chat_template, metadata or {})
    )


def _write(
    model: Decoder,
    vocabulary: BytePairVocabulary,
    path: Path,
    name: str,
    float_type: str,
    chat_template: str | None,
    metadata: Mapping[str, str],
) -> None:
    config = model.config
    writer = gguf.GGUFWriter(path, config.architecture)
    _write_shape(writer, config, name or path.stem, metadata)
    _write_vocabulary(writer, config, vocabulary, chat_template)
    names = tensor_names(config)
    for ours, tensor in model.state_dict().items():
        if ours not in names:
            continue
        weights = tensor.detach().float().numpy()
        if config.architecture == "llama" and ".q_proj." in ours:
            weights = permute(weights, config.n_heads)
        if config.architecture == "llama" and ".k_proj." in ours:
            weights = permute(weights, config.n_kv_heads)
        half = float_type == "F16" and weights.ndim == 2
        writer.add_tensor(names[ours], weights.astype(np.float16 if half else np.float32))
    if config.rope_scaling is not None:
        plain = inverse_frequencies(
            DecoderConfig(
                1, config.d_model, 1, config.n_heads, 1, head_dim=config.head_dim, rope_theta=config.rope_theta
            )
        )
        writer.add_tensor("rope_freqs.weight", scaling_factors(plain.double(), config.rope_scaling).float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_shape(writer: gguf.GGUFWriter, config: DecoderConfig, name: str, metadata: Mapping[str, str]) -> None:
    writer.add_name(name)
    for key, value in metadata.items():
        writer.add_string(f"general.{key}", value)
    writer.add_context_length(config.context_length)
    writer.add_embedding_length(config.d_model)
    writer.add_block_count(config.n_layers)
    writer.add_feed_forward_length(config.d_ff)
    writer.add_head_count(config.n_heads)
    writer.add_head_count_kv(config.n_kv_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_theta)
    writer.add_layer_norm_rms_eps(config.norm_eps)
    writer.add_vocab_size(config.vocabulary_size)


def _write_vocabulary(
    writer: gguf.GGUFWriter, config: DecoderConfig, vocabulary: BytePairVocabulary, chat_template: str | None
) -> None:
    tokens, types = [], []
    for id in range(config.vocabulary_size):
        if id >= vocabulary.size:  # padded embeddings
            tokens.append(f"[PAD{id}]")
            types.append(gguf.TokenType.UNUSED)
            continue
        tokens.append(vocabulary.written(id))
        types.append(gguf.TokenType.CONTROL if vocabulary.token(id).control else gguf.TokenType.NORMAL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE_TOKENIZER)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_add_bos_token(vocabulary.adds_bos)
    writer.add_add_space_prefix(False)
    by_name = {tokens[id]: id for id in range(len(tokens)) if types[id] == gguf.TokenType.CONTROL}
    if vocabulary.bos_id is not None:
        writer.add_bos_token_id(vocabulary.bos_id)
    if END_OF_TEXT in by_name:
        writer.add_eos_token_id(by_name[END_OF_TEXT])
    if END_OF_TURN in by_name:
        writer.add_eot_token_id(by_name[END_OF_TURN])
    if PAD in by_name:
        writer.add_pad_token_id(by_name[PAD])
    if UNKNOWN in by_name:
        writer.add_unk_token_id(by_name[UNKNOWN])
    if chat_template:
        writer.add_chat_template(chat_template)

"""A decoder, its tokenizer and its chat template as one GGUF file that llama.cpp runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import gguf
import numpy as np
from numpy.typing import NDArray

from engine.decoder.config import DecoderConfig
from engine.decoder.files import write_atomically
from engine.decoder.gguf_layout import ROPE_FACTORS, permute, tensor_names
from engine.decoder.model import Decoder
from engine.decoder.rotary import frequency_factors
from engine.errors import UserError
from engine.gguf.export_vocabulary import check_vocabulary, write_vocabulary
from engine.sampling.recommended import RecommendedSampling
from engine.tokenizer.special import CHAT_TEMPLATE
from engine.tokenizer.vocabulary import Vocabulary

FloatType = Literal["F32", "F16"]
_FILE_TYPES = {"F32": gguf.LlamaFileType.ALL_F32, "F16": gguf.LlamaFileType.MOSTLY_F16}


def export_gguf(
    model: Decoder,
    vocabulary: Vocabulary,
    path: Path,
    *,
    name: str = "",
    float_type: FloatType = "F32",
    chat_template: str | None = CHAT_TEMPLATE,
    metadata: Mapping[str, str] | None = None,
    sampling: RecommendedSampling | None = None,
) -> None:
    """Write the file, whole or not at all; float_type is the type of the matrices.

    metadata goes under ``general.``: license, author, description, url and the like. Raises UserError where the vocabulary does
    not fit the model, cuts text in a way that llama.cpp does not know, or the file cannot be written.
    """
    check_vocabulary(model.config, vocabulary)

    def write(part: Path) -> None:
        writer = gguf.GGUFWriter(part, model.config.architecture)
        try:
            _write_general(writer, name or path.stem, float_type, metadata or {}, sampling or RecommendedSampling())
            _write_shape(writer, model.config)
            write_vocabulary(writer, model.config, vocabulary, chat_template)
            _add_tensors(writer, model, float_type)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
        finally:
            writer.close()

    try:
        write_atomically(path, write)
    except OSError as error:
        raise UserError(
            "export-failed", f"{path} cannot be written.", "Choose another place, or make room.", str(error)
        ) from error


def _add_tensors(writer: gguf.GGUFWriter, model: Decoder, float_type: FloatType) -> None:
    config, state = model.config, model.state_dict()
    for ours, theirs in tensor_names(config).items():
        weights: NDArray[np.float32] = state[ours].detach().float().cpu().numpy()
        if config.architecture == "llama" and ".q_proj." in ours:
            weights = permute(weights, config.n_heads)
        if config.architecture == "llama" and ".k_proj." in ours:
            weights = permute(weights, config.n_kv_heads)
        half = float_type == "F16" and weights.ndim == 2
        writer.add_tensor(theirs, weights.astype(np.float16 if half else np.float32))
    factors = frequency_factors(config)
    if factors is not None:
        writer.add_tensor(ROPE_FACTORS, factors.float().numpy())


def _write_general(
    writer: gguf.GGUFWriter,
    name: str,
    float_type: FloatType,
    metadata: Mapping[str, str],
    sampling: RecommendedSampling,
) -> None:
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(name)
    writer.add_file_type(_FILE_TYPES[float_type])
    for key, value in metadata.items():
        writer.add_string(f"general.{key}", value)
    if sampling.temperature is not None:
        writer.add_sampling_temp(sampling.temperature)
    if sampling.top_k is not None:
        writer.add_sampling_top_k(sampling.top_k)
    if sampling.top_p is not None:
        writer.add_sampling_top_p(sampling.top_p)
    if sampling.min_p is not None:
        writer.add_sampling_min_p(sampling.min_p)


def _write_shape(writer: gguf.GGUFWriter, config: DecoderConfig) -> None:
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

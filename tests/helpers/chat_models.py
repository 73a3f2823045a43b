"""Small GGUF files with the tokens and the chat template of a family, byte-level BPE or SentencePiece."""

import collections
import functools
from pathlib import Path

import gguf
import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from engine.decoder.config import DecoderConfig
from engine.decoder.gguf_layout import permute, tensor_names
from engine.gguf.export import export_gguf
from engine.tokenizer.bpe import BYTE_OF_CHARACTER, BytePairVocabulary
from engine.tokenizer.cuts import CUT
from tests.helpers.chat_templates import FAMILIES, Family
from tests.helpers.small_models import TEXT, small_decoder


@functools.cache
def chat_vocabulary(family: str) -> BytePairVocabulary:
    """A BPE trained on TEXT with the tokens of the family."""
    of = FAMILIES[family]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(CUT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(name, special=True, normalized=False) for name in of.control]
    trainer = trainers.BpeTrainer(
        vocab_size=480, special_tokens=special, initial_alphabet=sorted(BYTE_OF_CHARACTER), show_progress=False
    )
    tokenizer.train_from_iterator([TEXT * 4], trainer)
    tokenizer.add_tokens([AddedToken(name, special=False, normalized=False) for name in of.added])
    return BytePairVocabulary(tokenizer, of.bos, of.ends)


def chat_gguf(path: Path, family: str, template: str | None = "") -> Path:
    """A GGUF of the family; another template in its place where one is given, none with None."""
    of = FAMILIES[family]
    template = of.template if template == "" else template
    if of.kind == "spm":
        return _sentence_piece_gguf(path, of, template)
    vocabulary = chat_vocabulary(family)
    export_gguf(
        small_decoder(vocabulary_size=vocabulary.size), vocabulary, path, name=of.model_name, chat_template=template
    )
    return path


def _sentence_piece_gguf(path: Path, of: Family, template: str | None) -> Path:
    """A random llama of one vocabulary in the way of SentencePiece: a blank before texts, single bytes for what it never saw."""
    text = TEXT.replace(" ", "▁")
    pieces = collections.Counter(text[at : at + size] for size in range(1, 6) for at in range(len(text) - size))
    known = [p for p, _ in pieces.most_common(700) if "\n" not in p and (len(p) < 5 or not p.isascii())]
    whole = list(dict.fromkeys(["▁", *sorted(set(text) - {"\n"}), *known]))
    tokens = ["<unk>", *of.control, *(f"<0x{byte:02X}>" for byte in range(256)), *of.added, *whole]
    types = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * len(of.control), *[gguf.TokenType.BYTE] * 256]
    types += [*[gguf.TokenType.USER_DEFINED] * len(of.added), *[gguf.TokenType.NORMAL] * len(whole)]
    scores = [0.0] * (len(tokens) - len(whole)) + [float(-place) for place in range(len(whole))]
    model = small_decoder(vocabulary_size=len(tokens))
    config: DecoderConfig = model.config
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(of.model_name)
    writer.add_context_length(config.context_length)
    writer.add_embedding_length(config.d_model)
    writer.add_block_count(config.n_layers)
    writer.add_feed_forward_length(config.d_ff)
    writer.add_head_count(config.n_heads)
    writer.add_head_count_kv(config.n_kv_heads)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_layer_norm_rms_eps(config.norm_eps)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_add_bos_token(of.bos is not None)
    writer.add_bos_token_id(tokens.index(of.bos or of.ends[0]))
    writer.add_eos_token_id(tokens.index(of.ends[0]))
    if len(of.ends) > 1:
        writer.add_eot_token_id(tokens.index(of.ends[1]))
    if template:
        writer.add_chat_template(template)
    state = model.state_dict()
    for ours, theirs in tensor_names(config).items():
        weights = state[ours].float().numpy()
        if ".q_proj." in ours or ".k_proj." in ours:
            weights = permute(weights, config.n_heads)
        writer.add_tensor(theirs, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path

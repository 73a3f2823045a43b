"""A tokenizer as the ``tokenizer.*`` keys of a GGUF file."""

from typing import Any

import gguf

from engine.decoder.config import DecoderConfig
from engine.errors import UserError
from engine.gguf.sentence_piece import sentence_piece_metadata
from engine.tokenizer.bpe import BytePairVocabulary
from engine.tokenizer.sentence_piece import SCORES, TOKENS, TYPES, SentencePieceVocabulary
from engine.tokenizer.special import PAD, UNKNOWN
from engine.tokenizer.vocabulary import Vocabulary


def check_vocabulary(config: DecoderConfig, vocabulary: Vocabulary) -> None:
    """Raises UserError for what would give other ids in llama.cpp, or tokens without an embedding."""
    if vocabulary.size > config.vocabulary_size:
        raise UserError(
            "vocabulary-mismatch",
            f"The vocabulary has {vocabulary.size:,} tokens and the model {config.vocabulary_size:,}.",
            "They do not belong together.",
        )
    of_ours = isinstance(vocabulary, BytePairVocabulary) and vocabulary.pre_tokenizer is not None
    if not of_ours and _as_sentence_piece(vocabulary) is None:
        raise UserError(
            "tokenizer-kind",
            "llama.cpp does not know the way in which this tokenizer cuts text.",
            "Its model can be used as it is, but not exported.",
        )


def write_vocabulary(
    writer: gguf.GGUFWriter, config: DecoderConfig, vocabulary: Vocabulary, chat_template: str | None
) -> None:
    """Entries, merges or scores, and the tokens with a meaning. Embeddings without an entry are filled up with unused ones."""
    metadata = _as_sentence_piece(vocabulary)
    if metadata is not None:
        _write_sentence_piece(writer, config, metadata, chat_template)
    elif isinstance(vocabulary, BytePairVocabulary):
        _write_byte_level(writer, config, vocabulary, chat_template)


def _as_sentence_piece(vocabulary: Vocabulary) -> dict[str, Any] | None:
    if isinstance(vocabulary, SentencePieceVocabulary):
        return vocabulary.metadata
    return sentence_piece_metadata(vocabulary) if isinstance(vocabulary, BytePairVocabulary) else None


def _write_sentence_piece(
    writer: gguf.GGUFWriter, config: DecoderConfig, metadata: dict[str, Any], chat_template: str | None
) -> None:
    """The keys as they came, but for the chat template where the model has another."""
    missing = range(len(metadata[TOKENS]), config.vocabulary_size)
    filled = {
        **metadata,
        TOKENS: [*metadata[TOKENS], *(f"[PAD{id}]" for id in missing)],
        "tokenizer.chat_template": chat_template,
    }
    if SCORES in metadata:
        filled[SCORES] = [*metadata[SCORES], *[-1000.0] * len(missing)]
    if TYPES in metadata:
        filled[TYPES] = [*metadata[TYPES], *[int(gguf.TokenType.UNUSED)] * len(missing)]
    for key, value in filled.items():
        match value:
            case bool():
                writer.add_bool(key, value)
            case int():
                writer.add_uint32(key, value) if value >= 0 else writer.add_int32(key, value)
            case float():
                writer.add_float32(key, value)
            case str():
                writer.add_string(key, value)
            case list() if value:
                writer.add_array(key, value)


def _write_byte_level(
    writer: gguf.GGUFWriter, config: DecoderConfig, vocabulary: BytePairVocabulary, chat_template: str | None
) -> None:
    tokens, types = [], []
    for id in range(config.vocabulary_size):
        written = vocabulary.written(id) if id < vocabulary.size else None
        tokens.append(f"[PAD{id}]" if written is None else written)
        types.append(gguf.TokenType.UNUSED if written is None else _type(vocabulary, id))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(vocabulary.pre_tokenizer)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_add_bos_token(vocabulary.adds_bos)
    writer.add_add_space_prefix(False)
    if vocabulary.bos_id is not None:
        writer.add_bos_token_id(vocabulary.bos_id)
    ids = {tokens[id]: id for id, type in enumerate(types) if type == gguf.TokenType.CONTROL}
    # llama.cpp finds ends beyond two by their names.
    known = list(dict.fromkeys(end for end in (vocabulary.eos_id, *sorted(vocabulary.end_ids)) if end is not None))
    if known:
        writer.add_eos_token_id(known[0])
    if len(known) > 1:
        writer.add_eot_token_id(known[1])
    if PAD in ids:
        writer.add_pad_token_id(ids[PAD])
    if UNKNOWN in ids:
        writer.add_unk_token_id(ids[UNKNOWN])
    if chat_template:
        writer.add_chat_template(chat_template)


def _type(vocabulary: BytePairVocabulary, id: int) -> gguf.TokenType:
    if vocabulary.token(id).control:
        return gguf.TokenType.CONTROL
    return gguf.TokenType.USER_DEFINED if vocabulary.is_added(id) else gguf.TokenType.NORMAL

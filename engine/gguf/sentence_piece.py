"""A ``tokenizer.json`` in the way of SentencePiece (byte fallback, blanks as U+2581) as the keys of a GGUF file."""

from typing import Any

import gguf

from engine.tokenizer.bpe import BytePairVocabulary
from engine.tokenizer.sentence_piece import BLANK, SCORES, TOKENS, TYPES


def sentence_piece_metadata(vocabulary: BytePairVocabulary) -> dict[str, Any] | None:
    """None for a tokenizer that llama.cpp's way of SentencePiece would not follow.

    A GGUF file has a score for each entry instead of merges: the earlier the first merge that makes it, the higher.
    """
    prefix = vocabulary.blank_before_texts
    written = [vocabulary.written(id) for id in range(vocabulary.size)]
    if prefix is None or not {f"<0x{byte:02X}>" for byte in range(256)} <= set(written):
        return None
    ranks: dict[str, int] = {}
    for pair in vocabulary.merges:
        ranks.setdefault(pair.replace(" ", ""), len(ranks))
    tokens = [f"[PAD{id}]" if name is None else name for id, name in enumerate(written)]
    unknown = vocabulary.unknown_id
    metadata: dict[str, Any] = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        TOKENS: tokens,
        SCORES: [float(-ranks.get(name, len(ranks))) for name in tokens],
        TYPES: [int(_type(vocabulary, id, name, unknown)) for id, name in enumerate(written)],
        "tokenizer.ggml.add_bos_token": vocabulary.adds_bos,
        "tokenizer.ggml.add_eos_token": False,
        "tokenizer.ggml.add_space_prefix": prefix,
    }
    ends = [id for id in (vocabulary.eos_id, *sorted(vocabulary.end_ids)) if id is not None]
    named = {"bos": vocabulary.bos_id, "unknown": unknown}
    named |= dict(zip(("eos", "eot"), dict.fromkeys(ends), strict=False))
    return metadata | {f"tokenizer.ggml.{key}_token_id": id for key, id in named.items() if id is not None}


def _type(vocabulary: BytePairVocabulary, id: int, name: str | None, unknown: int | None) -> gguf.TokenType:
    if name is None:
        return gguf.TokenType.UNUSED
    if id == unknown:
        return gguf.TokenType.UNKNOWN
    if vocabulary.is_added(id):
        return gguf.TokenType.CONTROL if vocabulary.token(id).control else gguf.TokenType.USER_DEFINED
    is_byte = len(name) == 6 and name.startswith("<0x") and name.endswith(">")
    return gguf.TokenType.BYTE if is_byte and BLANK not in name else gguf.TokenType.NORMAL

"""The tokenizer of a GGUF file as one of ours, so that a model can be trained on from its file alone."""

from pathlib import Path
from typing import Any

import gguf
from tokenizers import AddedToken, models

from engine.errors import UserError
from engine.header.gguf import ArrayLength, read_gguf_header
from engine.tokenizer.bpe import BytePairVocabulary, byte_level
from engine.tokenizer.cuts import CUTS, WHOLE_PIECES
from engine.tokenizer.sentence_piece import SCORES, TOKENS, TYPES, SentencePieceVocabulary
from engine.tokenizer.special import END_NAMES
from engine.tokenizer.vocabulary import StoredVocabulary

_MERGES = "tokenizer.ggml.merges"


def vocabulary_from_gguf(path: Path) -> StoredVocabulary:
    """Byte-level BPE, or the way of SentencePiece. Raises UserError for a file that is damaged, or whose tokenizer is another."""
    metadata = read_gguf_header(path, whole=(TOKENS, SCORES, TYPES, _MERGES)).metadata
    kind, cut = metadata.get("tokenizer.ggml.model"), metadata.get("tokenizer.ggml.pre", "default")
    try:
        if kind == "llama":
            return SentencePieceVocabulary(
                {
                    key: value
                    for key, value in metadata.items()
                    if key.startswith("tokenizer.") and not isinstance(value, ArrayLength)
                }
            )
        if kind == "gpt2" and cut in CUTS:
            return _vocabulary(metadata, cut)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise UserError(
            "model-broken", f"The tokenizer in {path.name} is damaged.", "Fetch the file again.", repr(error)
        ) from error
    what = f"{kind}, with texts cut in the way of {cut}" if kind == "gpt2" else kind
    raise UserError(
        "tokenizer-kind",
        f"{path.name} has a tokenizer that cannot be trained with here ({what}).",
        "Choose a model with the tokenizer of Llama, Mistral or Qwen.",
    )


def _vocabulary(metadata: dict[str, Any], cut: str) -> BytePairVocabulary:
    tokens: list[str] = metadata[TOKENS]
    types = [gguf.TokenType(kind) for kind in metadata.get(TYPES, [gguf.TokenType.NORMAL] * len(tokens))]
    types = [gguf.TokenType.CONTROL if token in END_NAMES else kind for token, kind in zip(tokens, types, strict=True)]
    merges = [tuple(pair.split(" ")) for pair in metadata[_MERGES]]
    kept = {
        token: id for id, (token, kind) in enumerate(zip(tokens, types, strict=True)) if kind != gguf.TokenType.UNUSED
    }
    if any(len(pair) != 2 or not {*pair, "".join(pair)} <= kept.keys() for pair in merges):
        raise ValueError("a merge of entries that are not there")
    tokenizer = byte_level(models.BPE(kept, merges, ignore_merges=cut in WHOLE_PIECES), *CUTS[cut])
    # Added in the order of their ids, each keeps the one that it has in the vocabulary.
    for token, kind in zip(tokens, types, strict=True):
        if kind in (gguf.TokenType.CONTROL, gguf.TokenType.USER_DEFINED):
            special = kind == gguf.TokenType.CONTROL
            tokenizer.add_tokens([AddedToken(token, special=special, normalized=False)])
    names = [_named(metadata, tokens, key) for key in ("eos_token_id", "eot_token_id", "eom_token_id")]
    bos = _named(metadata, tokens, "bos_token_id") if metadata.get("tokenizer.ggml.add_bos_token", True) else None
    template = metadata.get("tokenizer.chat_template")
    ends = dict.fromkeys(name for name in (*names, *sorted(set(END_NAMES) & kept.keys())) if name is not None)
    return BytePairVocabulary(tokenizer, bos, tuple(ends), template if isinstance(template, str) else None)


def _named(metadata: dict[str, Any], tokens: list[str], key: str) -> str | None:
    id = metadata.get(f"tokenizer.ggml.{key}")
    return None if id is None else tokens[id]

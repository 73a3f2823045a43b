"""A folder whose tokenizer is a ``tokenizer.model`` of SentencePiece, with the tokens that were added beside it."""

from pathlib import Path
from typing import Any

import gguf

from engine.decoder.folder_texts import FolderTexts, read_json
from engine.errors import UserError
from engine.tokenizer.sentence_piece import SCORES, TOKENS, TYPES, SentencePieceVocabulary
from engine.tokenizer.sentence_piece_file import read_sentence_piece

SENTENCE_PIECE = "tokenizer.model"
_MOST_ADDED = 100_000


def load_sentence_piece(folder: Path, texts: FolderTexts) -> SentencePieceVocabulary:
    """Raises UserError for files that are damaged, or of another kind than BPE."""
    metadata = read_sentence_piece(folder / SENTENCE_PIECE)
    tokens: list[str] = metadata[TOKENS]
    for id, name, special in _added(folder):
        if not 0 <= id < len(tokens) + _MOST_ADDED:
            raise UserError("tokenizer-file", f"{folder.name} numbers its tokens absurdly.", "Fetch the folder again.")
        while len(tokens) <= id:
            tokens.append(f"[PAD{len(tokens)}]")
            metadata[SCORES].append(-1000.0)
            metadata[TYPES].append(int(gguf.TokenType.UNUSED))
        kind = gguf.TokenType.CONTROL if special else gguf.TokenType.USER_DEFINED
        if metadata[TYPES][id] != gguf.TokenType.UNKNOWN:
            tokens[id], metadata[TYPES][id] = name, int(kind)
    ids = {name: id for id, name in enumerate(tokens)}
    named = {"bos": texts.bos, **dict(zip(("eos", "eot"), texts.ends, strict=False))}
    metadata |= {f"tokenizer.ggml.{key}_token_id": ids[name] for key, name in named.items() if name in ids}
    metadata["tokenizer.ggml.add_bos_token"] = texts.bos is not None
    if texts.chat_template is not None:
        metadata["tokenizer.chat_template"] = texts.chat_template
    try:
        return SentencePieceVocabulary(metadata)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise UserError(
            "tokenizer-file", f"{folder.name} has a damaged tokenizer.", "Fetch the folder again.", repr(error)
        ) from error


def _added(folder: Path) -> list[tuple[int, str, bool]]:
    """Number, name, and whether it is a control token, from either of the two places where releases write them."""
    found: dict[int, tuple[str, bool]] = {}
    if (folder / "added_tokens.json").exists():
        names = read_json(folder / "added_tokens.json")
        found = {id: (name, True) for name, id in names.items() if isinstance(id, int)}
    if (folder / "tokenizer_config.json").exists():
        entries: Any = read_json(folder / "tokenizer_config.json").get("added_tokens_decoder")
        for number, entry in entries.items() if isinstance(entries, dict) else ():
            name = entry.get("content") if isinstance(entry, dict) else None
            if isinstance(name, str) and name and number.isascii() and number.isdecimal() and len(number) < 10:
                found[int(number)] = (name, bool(entry.get("special")))
    return [(id, *found[id]) for id in sorted(found)]

"""A vocabulary in a file: ``tokenizer.json`` of the ``tokenizers`` library, or the keys of the GGUF file that it came from."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import UserError
from engine.tokenizer.bpe import BytePairVocabulary
from engine.tokenizer.sentence_piece import SentencePieceVocabulary
from engine.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT, END_OF_TURN
from engine.tokenizer.vocabulary import StoredVocabulary

_BEGINNING = b'{"gguf":'


def read_vocabulary(
    path: Path,
    bos: str | None = END_OF_TEXT,
    ends: Sequence[str] = (END_OF_TEXT, END_OF_TURN),
    chat_template: str | None = CHAT_TEMPLATE,
) -> StoredVocabulary:
    """What a vocabulary saved. Names and template are those of a ``tokenizer.json``, which does not hold them itself.

    Raises UserError where it is missing, broken or of another kind.
    """
    try:
        with path.open("rb") as file:
            of_gguf = file.read(len(_BEGINNING)) == _BEGINNING
        if of_gguf:
            return SentencePieceVocabulary(msgspec.json.decode(path.read_bytes())["gguf"])
    except FileNotFoundError as error:
        raise UserError(
            "tokenizer-missing",
            f"The folder {path.parent.name} has no {path.name}, so texts cannot be read for its model.",
            "Fetch it with that file, or use the model as a GGUF file.",
        ) from error
    except (OSError, KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise UserError(
            "tokenizer-file", f"{path} cannot be read as a tokenizer.", "Fetch the file again.", repr(error)
        ) from error
    return BytePairVocabulary.load(path, bos, ends, chat_template)

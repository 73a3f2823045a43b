"""A tokenizer in a folder: ``tokenizer.json``, and what that file does not say of a model that came from elsewhere.

``chat.json`` holds how texts begin and end and the chat template, where they are not those of the models that are made here.
"""

from pathlib import Path

import msgspec

from engine.decoder.files import write_atomically
from engine.decoder.folder import CONFIG
from engine.decoder.folder_texts import FolderTexts, read_json, read_texts
from engine.decoder.sentence_piece_folder import SENTENCE_PIECE, load_sentence_piece
from engine.errors import UserError
from engine.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT, END_OF_TURN
from engine.tokenizer.stored import read_vocabulary
from engine.tokenizer.vocabulary import StoredVocabulary

TOKENIZER, CHAT = "tokenizer.json", "chat.json"
_OURS = FolderTexts(END_OF_TEXT, (END_OF_TEXT, END_OF_TURN), CHAT_TEMPLATE)


def save_tokenizer(vocabulary: StoredVocabulary, folder: Path) -> None:
    """Write both files; the second only where it says something."""
    folder.mkdir(parents=True, exist_ok=True)
    ends = sorted(vocabulary.end_ids, key=lambda id: (id != vocabulary.eos_id, id))
    bos = None if vocabulary.bos_id is None else _name(vocabulary, vocabulary.bos_id)
    texts = FolderTexts(bos, tuple(_name(vocabulary, id) for id in ends), vocabulary.chat_template)
    (folder / CHAT).unlink(missing_ok=True)
    if texts != _OURS:
        write_atomically(folder / CHAT, lambda path: _write_bytes(path, msgspec.json.encode(texts)))
    write_atomically(folder / TOKENIZER, vocabulary.save)


def load_tokenizer(folder: Path) -> StoredVocabulary:
    """The tokenizer of a run, a checkpoint or a Hugging Face-style folder. Raises UserError for what is missing or broken."""
    texts = _OURS
    if (folder / CHAT).exists():
        try:
            texts = msgspec.json.decode((folder / CHAT).read_bytes(), type=FolderTexts)
        except (OSError, msgspec.MsgspecError) as error:
            raise UserError(
                "tokenizer-file", f"{folder / CHAT} cannot be read.", "Train the model again.", str(error)
            ) from error
    elif not (folder / CONFIG).exists() and (folder / "config.json").exists():
        texts = read_texts(folder, read_json(folder / "config.json"))
    if not (folder / TOKENIZER).exists() and (folder / SENTENCE_PIECE).exists():
        return load_sentence_piece(folder, texts)
    return read_vocabulary(folder / TOKENIZER, texts.bos, texts.ends, texts.chat_template)


def has_tokenizer(folder: Path) -> bool:
    """Whether there is one to load."""
    return any((folder / name).exists() for name in (TOKENIZER, SENTENCE_PIECE))


def copy_tokenizer(source: Path, target: Path) -> None:
    """Both files into another folder."""
    for name in (CHAT, TOKENIZER):
        if (source / name).exists():
            data = (source / name).read_bytes()
            write_atomically(target / name, lambda path, data=data: _write_bytes(path, data))  # type: ignore[misc]


def _name(vocabulary: StoredVocabulary, id: int) -> str:
    return vocabulary.token(id).bytes.decode("utf-8", "replace")


def _write_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)

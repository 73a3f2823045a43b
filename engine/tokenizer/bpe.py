"""Byte-level BPE (Sennrich et al. 2016; Radford et al. 2019), trained and run by Hugging Face's ``tokenizers``."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from engine.errors import UserError
from engine.records import Token
from engine.tokenizer.special import END_OF_TEXT, END_OF_TURN, SPECIAL_TOKENS
from engine.tokenizer.text import clean

#: How text is cut before merges are applied; llama.cpp has the same cut under this name. Digits stand alone.
PRE_TOKENIZER = "qwen2"
CUT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def _byte_of_character() -> dict[str, int]:
    """The printable character under which byte-level BPE writes each byte, reversed (Radford et al. 2019)."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in kept]
    return {chr(byte): byte for byte in kept} | {chr(256 + place): byte for place, byte in enumerate(others)}


BYTE_OF_CHARACTER = _byte_of_character()
CHARACTER_OF_BYTE = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}


def train_bpe(texts: Iterable[str], vocabulary_size: int) -> "BytePairVocabulary":
    """Learn merges from texts until there are vocabulary_size entries, the special tokens among them."""
    if vocabulary_size < 256 + len(SPECIAL_TOKENS):
        raise UserError(
            "vocabulary-size",
            f"A vocabulary of {vocabulary_size} tokens cannot hold the 256 bytes and {len(SPECIAL_TOKENS)} control tokens.",
            f"Ask for at least {256 + len(SPECIAL_TOKENS)}.",
        )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(CUT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIAL_TOKENS],
        initial_alphabet=sorted(BYTE_OF_CHARACTER),
        show_progress=False,
    )
    tokenizer.train_from_iterator((clean(text) for text in texts), trainer)
    return BytePairVocabulary(tokenizer)


class BytePairVocabulary:
    """The Vocabulary interface over a byte-level BPE of ours, or over one of a Hugging Face-style folder."""

    def __init__(
        self, tokenizer: Tokenizer, bos: str | None = END_OF_TEXT, ends: Sequence[str] = (END_OF_TEXT, END_OF_TURN)
    ) -> None:
        self._with_special = tokenizer
        self._plain = Tokenizer.from_str(tokenizer.to_str())
        self._plain.encode_special_tokens = True
        self.bos_id: int | None = None if bos is None else tokenizer.token_to_id(bos)
        self.end_ids = frozenset(id for end in ends if (id := tokenizer.token_to_id(end)) is not None)
        self.adds_bos = self.bos_id is not None
        self._tokens = [self._make_token(id) for id in range(tokenizer.get_vocab_size())]

    @classmethod
    def load(
        cls, path: Path, bos: str | None = END_OF_TEXT, ends: Sequence[str] = (END_OF_TEXT, END_OF_TURN)
    ) -> "BytePairVocabulary":
        """Read a ``tokenizer.json``. Raises UserError where it is missing, broken or no byte-level BPE."""
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exceptions
            raise UserError(
                "tokenizer-file", f"{path} cannot be read as a tokenizer.", "Fetch the file again.", str(error)
            ) from error
        if not isinstance(tokenizer.model, models.BPE):
            raise UserError(
                "tokenizer-kind",
                f"{path} is not a byte-level BPE tokenizer.",
                "Use the model as a GGUF file instead.",
                str(tokenizer.model),
            )
        return cls(tokenizer, bos, ends)

    def save(self, path: Path) -> None:
        path.write_text(self._with_special.to_str(pretty=True), encoding="utf-8")

    @property
    def size(self) -> int:
        return len(self._tokens)

    @cached_property
    def hash(self) -> str:
        digest = hashlib.sha256()
        for token in self._tokens:
            digest.update(len(token.bytes).to_bytes(4, "little") + token.bytes + bytes([token.control]))
        return digest.hexdigest()

    def encode(self, text: str, special: bool = False) -> list[int]:
        tokenizer = self._with_special if special else self._plain
        ids: list[int] = tokenizer.encode(clean(text), add_special_tokens=False).ids
        return ids

    def encode_many(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Ids of many plain texts, on all cores."""
        for encoding in self._plain.encode_batch_fast([clean(text) for text in texts], add_special_tokens=False):
            yield encoding.ids

    def token(self, id: int) -> Token:
        if id >= len(self._tokens):  # embeddings are often padded beyond the vocabulary
            return Token(id, f"[{id}]".encode(), control=True)
        return self._tokens[id]

    def piece(self, id: int) -> bytes:
        token = self.token(id)
        return b"" if token.control else token.bytes

    def decode(self, ids: Sequence[int]) -> bytes:
        return b"".join(map(self.piece, ids))

    @property
    def merges(self) -> list[str]:
        """Pairs in the order in which they are applied, as GGUF stores them: both halves with a blank between."""
        stored = json.loads(self._with_special.to_str())["model"]["merges"]
        return [pair if isinstance(pair, str) else " ".join(pair) for pair in stored]

    def written(self, id: int) -> str:
        """The entry as it stands in the file, bytes as printable characters."""
        return str(self._with_special.id_to_token(id))

    def _make_token(self, id: int) -> Token:
        written: str | None = self._with_special.id_to_token(id)
        if written is None:  # a hole in somebody else's vocabulary
            return Token(id, f"[{id}]".encode(), control=True)
        added = self._with_special.get_added_tokens_decoder().get(id)
        if added is not None:
            return Token(id, added.content.encode(), control=added.special)
        return Token(id, bytes(BYTE_OF_CHARACTER[character] for character in written))

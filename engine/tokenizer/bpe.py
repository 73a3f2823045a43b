"""Byte-level BPE (Sennrich et al. 2016; Radford et al. 2019), trained and run by Hugging Face's ``tokenizers``."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from engine.errors import UserError
from engine.records import Token
from engine.tokenizer.cuts import CUT, name_of
from engine.tokenizer.listed import ListedTokens
from engine.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT, END_OF_TURN, SPECIAL_TOKENS
from engine.tokenizer.text import clean

_MAX_ENTRIES = 1 << 22
#: No vocabulary has a token with this character in it, so nothing merges across it.
_BORDER = "\U000f0000"


def _byte_of_character() -> dict[str, int]:
    """The printable character under which byte-level BPE writes each byte, reversed (Radford et al. 2019)."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in kept]
    return {chr(byte): byte for byte in kept} | {chr(256 + place): byte for place, byte in enumerate(others)}


BYTE_OF_CHARACTER = _byte_of_character()
CHARACTER_OF_BYTE = {byte: character for character, byte in BYTE_OF_CHARACTER.items()}


def train_bpe(texts: Iterable[str], vocabulary_size: int) -> "BytePairVocabulary":
    """Learn merges from texts until there are vocabulary_size entries, the special tokens among them, or nothing to merge."""
    if vocabulary_size < 256 + len(SPECIAL_TOKENS):
        raise UserError(
            "vocabulary-size",
            f"A vocabulary of {vocabulary_size} tokens cannot hold the 256 bytes and {len(SPECIAL_TOKENS)} control tokens.",
            f"Ask for at least {256 + len(SPECIAL_TOKENS)}.",
        )
    tokenizer = byte_level(models.BPE(), CUT)
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIAL_TOKENS],
        initial_alphabet=sorted(BYTE_OF_CHARACTER),
        show_progress=False,
    )
    tokenizer.train_from_iterator((clean(text) for text in texts), trainer)
    return BytePairVocabulary(tokenizer)


def byte_level(model: models.BPE, *cuts: str) -> Tokenizer:
    """A tokenizer that cuts text by regular expressions, one after the other, and merges bytes in the pieces."""
    tokenizer = Tokenizer(model)
    by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    splits = [pre_tokenizers.Split(Regex(cut), "isolated") for cut in cuts]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*splits, by_bytes])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _no_byte_level(path: Path, detail: str) -> UserError:
    return UserError(
        "tokenizer-kind",
        f"{path} is not a byte-level BPE tokenizer.",
        "Use the model as a GGUF file instead.",
        detail,
    )


class BytePairVocabulary(ListedTokens):
    """The Vocabulary interface over a byte-level BPE of ours, or over one of a Hugging Face-style folder."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        bos: str | None = END_OF_TEXT,
        ends: Sequence[str] = (END_OF_TEXT, END_OF_TURN),
        chat_template: str | None = CHAT_TEMPLATE,
    ) -> None:
        """ends: names of the tokens that end a reply, the one that templates call ``eos_token`` first."""
        self.chat_template: str | None = chat_template
        self._with_special = tokenizer
        self._plain = Tokenizer.from_str(tokenizer.to_str())
        self._plain.encode_special_tokens = True
        self.bos_id: int | None = None if bos is None else tokenizer.token_to_id(bos)
        found = [id for end in ends if (id := tokenizer.token_to_id(end)) is not None]
        self.eos_id: int | None = found[0] if found else None
        self.end_ids = frozenset(found)
        self.adds_bos = self.bos_id is not None
        self._added = tokenizer.get_added_tokens_decoder()
        self.added_ids = frozenset(id for id, token in self._added.items() if not token.special)
        self._stored = json.loads(tokenizer.to_str())
        self._fallback = bool(getattr(tokenizer.model, "byte_fallback", False))
        super().__init__(map(self._make_token, range(1 + max(tokenizer.get_vocab().values(), default=-1))))

    @classmethod
    def load(
        cls,
        path: Path,
        bos: str | None = END_OF_TEXT,
        ends: Sequence[str] = (END_OF_TEXT, END_OF_TURN),
        chat_template: str | None = CHAT_TEMPLATE,
    ) -> "BytePairVocabulary":
        """Read a ``tokenizer.json``. Raises UserError where it is missing, broken or no byte-level BPE."""
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exceptions
            raise UserError(
                "tokenizer-file", f"{path} cannot be read as a tokenizer.", "Fetch the file again.", str(error)
            ) from error
        if not isinstance(tokenizer.model, models.BPE):
            raise _no_byte_level(path, str(tokenizer.model))
        if max(tokenizer.get_vocab().values(), default=0) >= _MAX_ENTRIES:
            raise UserError("tokenizer-file", f"{path} numbers its tokens absurdly.", "Fetch the file again.")
        try:
            return cls(tokenizer, bos, ends, chat_template)
        except KeyError as error:
            raise _no_byte_level(path, f"the character {error} stands for no byte") from error

    def save(self, path: Path) -> None:
        path.write_text(self._with_special.to_str(pretty=True), encoding="utf-8")

    def encode(self, text: str, special: bool = False, continues: bool = False) -> list[int]:
        border = self._border if continues and text else []
        ids: list[int] = self._encode(_BORDER + text if border else text, special)
        return ids[len(border) :] if ids[: len(border)] == border else self._encode(text, special)

    @cached_property
    def _border(self) -> list[int]:
        """Ids of the border where a blank is put before texts (in the way of SentencePiece); [] where none is."""
        ids = self._encode(_BORDER, False)
        return ids if self.decode(ids).startswith(b" ") else []

    def _encode(self, text: str, special: bool) -> list[int]:
        tokenizer = self._with_special if special else self._plain
        ids: list[int] = tokenizer.encode(clean(text), add_special_tokens=False).ids
        return ids

    def encode_many(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Ids of many plain texts, on all cores."""
        for encoding in self._plain.encode_batch_fast([clean(text) for text in texts], add_special_tokens=False):
            yield encoding.ids

    @property
    def merges(self) -> list[str]:
        """Pairs in the order in which they are applied, as GGUF stores them: both halves with a blank between."""
        stored = self._stored["model"]["merges"]
        return [pair if isinstance(pair, str) else " ".join(pair) for pair in stored]

    @property
    def pre_tokenizer(self) -> str | None:
        """llama.cpp's name for the way in which text is cut before merges; None where it has none."""
        return name_of(self._stored["pre_tokenizer"] or {})

    @property
    def blank_before_texts(self) -> bool | None:
        """Of a tokenizer in the way of SentencePiece, whether a text starts with a blank; None where it is another kind."""
        norms, cut = self._stored["normalizer"] or {}, self._stored["pre_tokenizer"] or {}
        steps = {step["type"]: step for step in norms.get("normalizers", [norms] if norms else [])}
        if (
            not self._fallback
            or not steps.keys() <= {"Prepend", "Replace"}
            or cut.get("type", "Metaspace") != "Metaspace"
        ):
            return None
        blanks = steps.get("Replace", {"pattern": {"String": " "}, "content": "▁"})
        if (blanks["pattern"], blanks["content"]) != ({"String": " "}, "▁") or not ("Replace" in steps or cut):
            return None
        before = cut.get("prepend_scheme", "always" if cut.get("add_prefix_space") else "never") if cut else "never"
        return "Prepend" in steps or before != "never"

    @property
    def unknown_id(self) -> int | None:
        """The token that stands for what the vocabulary has not."""
        name = self._stored["model"].get("unk_token")
        return None if name is None else self._with_special.token_to_id(name)

    def written(self, id: int) -> str | None:
        """The entry as it stands in the file, bytes as printable characters; None where the vocabulary has a hole."""
        text: str | None = self._with_special.id_to_token(id)
        return text

    def is_added(self, id: int) -> bool:
        """Whether the entry stands for its whole text wherever that occurs, outside the merges."""
        return id in self._added

    def _make_token(self, id: int) -> Token:
        written = self.written(id)
        if written is None:
            return Token(id, f"[{id}]".encode(), control=True)
        if id in self._added:
            return Token(id, self._added[id].content.encode(), control=self._added[id].special)
        if self._fallback:  # in the way of SentencePiece: blanks as U+2581, single bytes as <0x0A>
            byte = re.fullmatch(r"<0x([0-9A-F]{2})>", written)
            return Token(id, bytes.fromhex(byte[1]) if byte else written.replace("▁", " ").encode())
        return Token(id, bytes(BYTE_OF_CHARACTER[character] for character in written))

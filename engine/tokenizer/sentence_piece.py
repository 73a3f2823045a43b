"""The vocabulary of a GGUF file in the way of SentencePiece's BPE (Llama 2, Mistral, Gemma): scores instead of merges.

The ids are those of llama.cpp (``llm_tokenizer_spm``), which a test holds. Words are kept once they were cut, so that a long text
costs little more than its different words.
"""

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import gguf
import msgspec

from engine.records import Token
from engine.tokenizer.listed import ListedTokens
from engine.tokenizer.special import END_NAMES
from engine.tokenizer.text import clean

TOKENS, SCORES, TYPES = (f"tokenizer.ggml.{name}" for name in ("tokens", "scores", "token_type"))
#: How blanks are written in the entries.
BLANK = "\u2581"
_KEPT_WORDS, _LONGEST_KEPT = 500_000, 64
_CONTROL, _UNKNOWN = gguf.TokenType.CONTROL, gguf.TokenType.UNKNOWN


class SentencePieceVocabulary(ListedTokens):
    """The Vocabulary interface over the keys ``tokenizer.*`` of a GGUF file, which an export writes back as they are."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        """metadata: with whole arrays. Raises KeyError, IndexError, TypeError or ValueError for what is damaged."""
        self.metadata = dict(metadata)
        names: list[str] = [name or f"[EMPTY_{id}]" for id, name in enumerate(metadata[TOKENS])]
        types = [gguf.TokenType(kind) for kind in metadata.get(TYPES) or [gguf.TokenType.NORMAL] * len(names)]
        self._scores = [float(score) for score in metadata.get(SCORES) or [0.0] * len(names)]
        self._ids = {name: id for id, name in enumerate(names)}
        if not names or not len(self._ids) == len(names) == len(types) == len(self._scores):
            raise ValueError("entries, scores and types of different number")
        ends = [self._named(f"{key}_token_id", default) for key, default in (("eos", 2), ("eot", None), ("eom", None))]
        named = [self._ids[name] for name in END_NAMES if name in self._ids]
        for id in named:
            types[id] = _CONTROL
        self.eos_id: int | None = ends[0]
        self.end_ids = frozenset(id for id in (*ends, *named) if id is not None)
        bos, adds_bos = self._named("bos_token_id", 1), bool(metadata.get("tokenizer.ggml.add_bos_token", True))
        self.bos_id: int | None = bos if bos is not None and (adds_bos or types[bos] == _CONTROL) else None
        self.adds_bos = adds_bos and self.bos_id is not None
        self._unknown = self._named("unknown_token_id", 0)
        template = metadata.get("tokenizer.chat_template")
        self.chat_template: str | None = template if isinstance(template, str) else None
        self.added_ids = frozenset(id for id, kind in enumerate(types) if kind == gguf.TokenType.USER_DEFINED)
        super().__init__(_token(id, name, types[id]) for id, name in enumerate(names))
        self._blank = BLANK if metadata.get("tokenizer.ggml.add_space_prefix", True) else ""
        whole = [name for id, name in enumerate(names) if types[id] in (_CONTROL, _UNKNOWN) or id in self.added_ids]
        #: Names that are looked for before anything is merged, the longest first; those of control tokens only where asked.
        self._special = sorted(whole, key=lambda name: -len(name.encode()))
        self._plain = [name for name in self._special if self._ids[name] in self.added_ids]
        self._words: dict[str, list[int]] = {}

    def save(self, path: Path) -> None:
        """Write what read_vocabulary() reads."""
        path.write_bytes(msgspec.json.encode({"gguf": self.metadata}))

    def encode(self, text: str, special: bool = False, continues: bool = False) -> list[int]:
        ids: list[int] = []
        blank = "" if continues else self._blank
        for part in self._parts(clean(text), special):
            if isinstance(part, int):
                ids.append(part)
                blank = self._blank
            else:
                for word in self._cut.findall(blank + part.replace(" ", BLANK)):
                    ids += self._word(word)
                blank = ""
        return ids

    def encode_many(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Ids of many plain texts."""
        return map(self.encode, texts)

    def _named(self, key: str, default: int | None) -> int | None:
        """A number that names no entry is passed over, as llama.cpp does."""
        for id in (self.metadata.get(f"tokenizer.ggml.{key}"), default):
            if isinstance(id, int) and 0 <= id < len(self._ids):
                return id
        return None

    def _parts(self, text: str, special: bool) -> list[str | int]:
        """Texts, and between them the ids of the names that stand for themselves."""
        parts: list[str | int] = [text] if text else []
        for name in self._special if special else self._plain:
            if name in text:
                parts = [piece for part in parts for piece in _split(part, name, self._ids[name])]
        return parts

    @cached_property
    def _cut(self) -> re.Pattern[str]:
        """Pieces of a text that nothing merges across: its words, where no entry has a blank within."""
        texts = [name for name in self._ids if len(name) > 1]
        if any(BLANK in name.lstrip(BLANK) for name in texts):
            return re.compile(r"[^\n]+|\n+", re.DOTALL)
        alone = "\n" if not any("\n" in name for name in texts) else ""
        return re.compile(f"{BLANK}*[^{BLANK}{alone}]+|{BLANK}+" + (f"|{alone}" if alone else ""))

    def _word(self, word: str) -> list[int]:
        known = self._words.get(word)
        if known is None:
            known = [id for piece in self._merged(word) for id in self._piece_ids(piece)]
            if len(word) <= _LONGEST_KEPT:
                if len(self._words) >= _KEPT_WORDS:
                    self._words.clear()
                self._words[word] = known
        return known

    def _merged(self, word: str) -> list[str]:
        """Of two neighbours that make an entry, those with the highest score are joined first, of equals the left ones."""
        symbols = list(word)
        before, after = list(range(-1, len(symbols) - 1)), [*range(1, len(symbols)), -1]
        waiting: list[tuple[float, int, int, int]] = []  # -score, left, right, length

        def offer(left: int, right: int) -> None:
            if left >= 0 and right >= 0:
                id = self._ids.get(both := symbols[left] + symbols[right])
                if id is not None:
                    heapq.heappush(waiting, (-self._scores[id], left, right, len(both)))

        for right in range(1, len(symbols)):
            offer(right - 1, right)
        while waiting:
            _, left, right, length = heapq.heappop(waiting)
            if not symbols[left] or not symbols[right] or len(symbols[left]) + len(symbols[right]) != length:
                continue  # one of them has been joined with another
            symbols[left] += symbols[right]
            symbols[right] = ""
            after[left] = after[right]
            if after[right] >= 0:
                before[after[right]] = left
            offer(before[left], left)
            offer(left, after[left])
        return [symbol for symbol in symbols if symbol]

    def _piece_ids(self, piece: str) -> list[int]:
        """Its id, or those of its bytes; where there are none llama.cpp would end the process, here it is an unknown."""
        if piece in self._ids:
            return [self._ids[piece]]
        ids = [self._ids.get(f"<0x{byte:02X}>", self._unknown) for byte in piece.encode()]
        return [id for id in ids if id is not None]


def _token(id: int, name: str, kind: gguf.TokenType) -> Token:
    if kind == gguf.TokenType.BYTE:
        return Token(id, bytes([int(name[3:5], 16)]))
    if kind == gguf.TokenType.NORMAL:
        return Token(id, name.replace(BLANK, " ").encode())
    shown = kind in (_CONTROL, _UNKNOWN, gguf.TokenType.USER_DEFINED)
    return Token(id, name.encode() if shown else b"", control=kind in (_CONTROL, _UNKNOWN))


def _split(part: str | int, name: str, id: int) -> Iterator[str | int]:
    if isinstance(part, int):
        yield part
        return
    for place, piece in enumerate(part.split(name)):
        if place:
            yield id
        if piece:
            yield piece

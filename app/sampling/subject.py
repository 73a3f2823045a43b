"""The token on which a chain is tried, with all that is known of it. No widgets; runs on any thread."""

from collections.abc import Mapping
from functools import cached_property, partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records import SamplingSettings, TokenRecord
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain, Draw
from engine.sampling.grammar import Allowed
from engine.sampling.preview import recorded_masks, stored_candidates


class AllowedTokens(msgspec.Struct, frozen=True):
    """The text of a grammar, and which tokens of the vocabulary (V,) it allows at a place."""

    text: str
    tokens: NDArray[np.bool_]


class Subject(msgspec.Struct, frozen=True, dict=True):
    """The token on which the chain is tried: its record, the ids before it, its seed, and every logit (V,) where they are known.

    history_is_whole: whether nothing stood before ``history``. named: the bytes of tokens of the history, by id. allowed: what the
    model has told of the reply's grammars at this place, by stage.
    """

    record: TokenRecord
    history: tuple[int, ...]
    seed: int
    history_is_whole: bool = False
    logits: NDArray[np.float32] | None = None
    named: Mapping[int, bytes] = {}
    allowed: Mapping[str, AllowedTokens] = {}

    def candidates(self) -> Candidates:
        """What the chain begins with."""
        if self.logits is not None:
            return Candidates(whole_vocabulary(len(self.logits)), self.logits)
        return stored_candidates(self.record)

    def states(self) -> dict[str, tuple[float, ...]]:
        """What the stages that learn knew at this token, where they were on."""
        return {trace.name: trace.state for trace in self.record.stages if trace.state}

    @cached_property
    def pieces(self) -> dict[int, bytes]:
        """The bytes of the tokens that are known, by id."""
        stored = self.record.candidates
        known = dict(zip(stored.id_array().tolist(), stored.pieces, strict=True))
        return {**self.named, **known} | {self.record.token.id: self.record.token.bytes}

    def piece(self, id: int) -> bytes | None:
        """The bytes of a token, where they are known."""
        return self.pieces.get(id)

    def draw(self, sampling: SamplingSettings, candidates: Candidates | None = None) -> Draw:
        """Run a chain here, with the dart of this place; on other candidates than all where some are given."""
        record, chain = self.record, Chain(sampling, self.piece)
        raw = self.candidates() if candidates is None else candidates
        masks, all_known = self._masks(chain.grammars)
        if not all_known:
            raw = raw.inexact()
        return chain.draw(raw, self.history, record.position, self.seed, self.states(), record.vocabulary_size, masks)

    def knows_grammar(self, name: str) -> bool:
        """Whether anything is known of what the grammar of a stage allows here."""
        return name in self.allowed or any(trace.name == name for trace in self.record.stages)

    def _masks(self, grammars: Mapping[str, str]) -> tuple[dict[str, Allowed], bool]:
        """What is known of grammars, by stage, and whether that is all: the model told it, or the record has what they removed."""
        if not grammars:
            return {}, True
        told = {
            name: partial(np.take, known.tokens)
            for name, text in grammars.items()
            if (known := self.allowed.get(name)) is not None and known.text == text
        }
        return {**recorded_masks(self.record), **told}, len(told) == len(grammars)

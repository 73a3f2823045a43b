"""Generation as a stream of values, for any LanguageModel."""

import secrets
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine import __version__
from engine.errors import Cancelled, UserError
from engine.inference.ahead import ahead
from engine.inference.fingerprint import ids_hash
from engine.inference.language_model import LanguageModel
from engine.inference.prompt import Prompt
from engine.inference.visible_text import VisibleText
from engine.records import FinishReason, GenerationSettings, ReplySummary, Timing, TokenRecord
from engine.sampling.chain import Chain
from engine.sampling.grammar import Grammar, NothingAllowedError
from engine.sampling.record import decide, observe, put
from engine.sampling.specification import State

_MAX_SEED = 2**53
_AHEAD = 2  # groups of tokens that may wait for their records


class Prefilling(msgspec.Struct, frozen=True):
    """The prompt is being evaluated: ``done`` of ``total`` tokens that were not in the cache."""

    done: int
    total: int


class Prefilled(msgspec.Struct, frozen=True):
    """The model has read the prompt. left_out is more than before when the oldest turns had to go in mid-reply."""

    prompt_tokens: int
    reused_tokens: int
    left_out: int
    seed: int
    notes: tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """One more token, and the text that may be shown with it."""

    record: TokenRecord
    text: str


class _Draft(msgspec.Struct, frozen=True):
    """A token that was decided on; its record is still to be made."""

    make: Callable[[], TokenRecord]
    text: str
    time_ms: float


def _finished(event: "GenerationEvent | _Draft") -> "GenerationEvent":
    if isinstance(event, _Draft):
        return Step(msgspec.structs.replace(event.make(), time_ms=event.time_ms), event.text)
    return event


GenerationEvent = Prefilling | Prefilled | Step | ReplySummary
#: Makes a prompt that leaves room for the given ids of the reply so far; raises UserError where it cannot be done.
Refit = Callable[[Sequence[int]], Prompt]


def generate(
    model: LanguageModel,
    prompt: Prompt,
    settings: GenerationSettings,
    *,
    reply_ids: Sequence[int] = (),
    forced_ids: Sequence[int] = (),
    refit: Refit | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    states: Mapping[str, State] | None = None,
) -> Iterator[GenerationEvent]:
    """Generate a reply to a prompt; the last event is the ReplySummary.

    reply_ids: what the reply consists of already (its ids are the end of the prompt; positions and darts go on after them).
    forced_ids are put next without being drawn, and recorded as forced, with what the chain would have done. refit is asked for a
    shorter prompt when the context fills up in mid-reply; without it the reply ends with finish "context". Cancelling ends it
    with finish "cancelled". states is what the stages that learn knew after reply_ids, by name (recorded_states() of the last
    record); without it they begin anew.
    """
    seed = settings.sampling.seed if settings.sampling.seed is not None else secrets.randbelow(_MAX_SEED)
    if seed < 0:
        raise UserError("seed-negative", f"The seed is {seed}.", "Give a seed of 0 or more.")
    run = _Run(model, prompt, settings, seed, list(reply_ids), refit, cancelled, states)
    yield from run.events(forced_ids)


class _Run:
    """One reply in the making."""

    def __init__(
        self,
        model: LanguageModel,
        prompt: Prompt,
        settings: GenerationSettings,
        seed: int,
        reply_ids: list[int],
        refit: Refit | None,
        cancelled: Callable[[], bool],
        states: Mapping[str, State] | None,
    ) -> None:
        self._model, self._prompt, self._settings, self._seed = model, prompt, settings, seed
        self._refit, self._cancelled = refit, cancelled
        self._chain = Chain(settings.sampling, lambda id: model.vocabulary.token(id).bytes)
        self._states = {**self._chain.start, **(states or {})}
        self._notes: tuple[str, ...] = ()
        self._grammars = _open_grammars(self._chain, model)
        self._allowed = {name: grammar.allowed for name, grammar in self._grammars.items()}
        if self._grammars:
            for id in reply_ids:
                self._accept(id)
        self._reply = reply_ids
        self._before = len(reply_ids)
        self._text: list[str] = []
        self._visible = VisibleText((*settings.stop, *prompt.stop))
        self._prompt_hash = ids_hash(prompt.ids[: len(prompt.ids) - len(reply_ids)])
        self._evaluated = self._reused = 0
        self._prompt_s = self._generation_s = 0.0
        self._row: NDArray[np.float32] | None = None
        self._finish: FinishReason = "stop"

    def events(self, forced_ids: Sequence[int]) -> Iterator[GenerationEvent]:
        try:
            yield from self._prefill(self._prompt)
            yield from self._steps(self._tokens(list(forced_ids)))
        except Cancelled:
            self._finish = "cancelled"
        self._text.append(self._visible.finish())
        yield ReplySummary(
            text="".join(self._text),
            finish=self._finish,
            seed=self._seed,
            timing=Timing(
                self._evaluated, self._reused, len(self._reply) - self._before, self._prompt_s, self._generation_s
            ),
            prompt_tokens=len(self._prompt.ids),
            context_used=len(self._model.ids),
            context_length=self._model.context_length,
            left_out=self._prompt.left_out,
            notes=(*self._prompt.notes, *self._notes),
            model_path=self._model.info.path,
            model_hash=self._model.info.file_hash,
            template_hash=self._model.info.template_hash,
            engine_version=__version__,
            prompt_hash=self._prompt_hash,
            adapters=tuple(adapter for adapter in self._model.info.adapters if adapter.scale),
        )

    def _prefill(self, prompt: Prompt) -> Iterator[GenerationEvent]:
        """Evaluate what of the prompt the cache does not hold; at least its last token, for the logits."""
        if not prompt.ids:
            raise UserError("prompt-empty", "There is nothing to go on from.", "Write something first.")
        start = time.perf_counter()
        model = self._model
        kept = model.rewind(min(_common_prefix(model.ids, prompt.ids), len(prompt.ids) - 1))
        missing = prompt.ids[kept:]
        done = 0
        for row in model.extend(missing, cancelled=self._cancelled):
            self._row = row[-1] if len(row) else None
            done = len(model.ids) - kept
            yield Prefilling(done, len(missing))
        self._prompt, self._reused = prompt, kept
        self._evaluated += len(missing)
        self._prompt_s += time.perf_counter() - start
        yield Prefilled(len(prompt.ids), kept, prompt.left_out, self._seed, prompt.notes)

    def _steps(self, drafts: Generator["GenerationEvent | _Draft", None, None]) -> Iterator[GenerationEvent]:
        """Make the records: while the model goes on, where it leaves cores free, else before it does."""
        if not self._model.leaves_cores_free:
            yield from map(_finished, drafts)
            return
        with closing(ahead(drafts, _AHEAD)) as ready:
            yield from map(_finished, ready)

    def _tokens(self, forced: list[int]) -> Generator["GenerationEvent | _Draft", None, None]:
        model, settings, vocabulary = self._model, self._settings, self._model.vocabulary
        history, ends = list(self._prompt.ids), vocabulary.end_ids
        wanted, token, names = settings.candidates, vocabulary.token, vocabulary.names
        limit = self._before + settings.max_tokens if settings.max_tokens else sys.maxsize
        row, last = self._row, time.perf_counter()
        copies = model.leaves_cores_free
        while True:
            if self._cancelled():
                raise Cancelled
            if row is None:
                raise RuntimeError("there are no logits to pick from")
            if copies:  # the model overwrites its row before the record is made
                row = row.copy()
            position = len(self._reply)
            id = forced.pop(0) if forced else None
            here = (self._chain, row, history, position, self._seed)
            try:
                if id is None:
                    picked = decide(*here, wanted, self._states, self._allowed)
                else:
                    picked = put(*here, id, wanted, self._states, self._allowed)
            except NothingAllowedError:
                if id is None:
                    self._finish = "stop"
                    return
                make = partial(observe, row, id, position, token, wanted, True, names)
            else:
                id, make = picked.id, partial(picked.record, token, names)
                self._states = picked.draw.states
            # An end token is recorded, but never shown, even where the file calls it a word.
            text = "" if id in ends else self._visible.feed(vocabulary.piece(id))
            self._text.append(text)
            self._reply.append(id)
            history.append(id)
            if self._grammars and id not in ends:
                self._accept(id)
            now = time.perf_counter()
            self._generation_s += now - last
            yield _Draft(make, text, 1000 * (now - last))
            last = now
            if id in ends or self._visible.stopped:
                self._finish = "stop"
                return
            if position + 1 >= limit:
                self._finish = "length"
                return
            if len(model.ids) < model.context_length:
                for rows in model.extend([id]):
                    row = rows[0]
                continue
            shorter = self._shorter()
            if shorter is None:
                self._finish = "context"
                return
            yield from self._prefill(shorter)
            history, row, last = list(shorter.ids), self._row, time.perf_counter()

    def _accept(self, id: int) -> None:
        """Tell the grammars of a token. One that a person put there may break the rules, which then hold no longer."""
        for name, grammar in list(self._grammars.items()):
            if grammar.allowed(np.array([id], dtype=np.int32))[0]:
                grammar.accept(id)
            else:
                self._grammars.pop(name)
                self._allowed[name] = _anything
                self._notes += ("grammar-left",)

    def _shorter(self) -> Prompt | None:
        """A prompt that leaves room again; None where there is none."""
        if self._refit is None:
            return None
        try:
            shorter = self._refit(self._reply)
        except UserError:
            return None
        return shorter if len(shorter.ids) < self._model.context_length else None


def _open_grammars(chain: Chain, model: LanguageModel) -> dict[str, Grammar]:
    """The engines of the chain's grammars, by stage. Raises UserError for rules that cannot be read."""
    if not chain.grammars:
        return {}
    from engine.inference.llama_grammar import open_grammar  # with the decoder llama.cpp is needed for nothing else

    return {name: open_grammar(model.vocabulary, name, text) for name, text in chain.grammars.items()}


def _anything(ids: NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.ones(len(ids), dtype=np.bool_)


def _common_prefix(left: Sequence[int], right: Sequence[int]) -> int:
    length = min(len(left), len(right))
    for place in range(length):
        if left[place] != right[place]:
            return place
    return length

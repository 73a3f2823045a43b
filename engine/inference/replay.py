"""Whether a saved reply still comes out the same, and where it does not."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import msgspec

from engine import __version__
from engine.errors import Cancelled, UserError
from engine.inference.fingerprint import ids_hash
from engine.inference.generate import Refit, Step, generate
from engine.inference.language_model import LanguageModel
from engine.inference.prompt import Prompt, PromptBuilder
from engine.inference.reply_prompt import reply_prompt
from engine.records import AdapterInfo, ReplySummary, SamplingSettings, SavedReply, TokenRecord
from engine.records.explore import Difference, Replayed
from engine.sampling.preview import recorded_states


def replay(
    model: LanguageModel,
    saved: SavedReply,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Replayed:
    """Generate the reply once more with its own seed, chain and prompt, and compare it token by token up to the first difference.

    Tokens that were put there by a person, or kept from another reply, are put there again. progress is told how many tokens of
    how many are compared. Raises UserError where there is nothing to compare, or where the ids mean other tokens now; Cancelled.
    """
    if not saved.records:
        raise UserError("replay-records", "This reply was saved without records.", "Choose a reply of a model.")
    if saved.vocabulary_hash and saved.vocabulary_hash != model.vocabulary.hash:
        raise UserError(
            "replay-vocabulary", "This reply was written with another vocabulary.", "Name the model that wrote it."
        )
    largest, count, total = 0.0, 0, len(saved.records)
    prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
    prompt, refit = reply_prompt(model, prompts, saved.messages, saved.settings)
    changed = _changed(model, saved, prompt)
    for old, new in zip(saved.records, _again(model, saved, prompt, refit, cancelled), strict=False):
        count += 1
        progress(count, total)
        if count > saved.kept:  # what those before tell is of the reply that drew them
            largest = max(largest, _largest_change(old, new))
        if old.token.id != new.token.id:
            return Replayed(count, total, _difference(old, new), largest, changed)
    return Replayed(count, total, None, largest, changed)


def _changed(model: LanguageModel, saved: SavedReply, prompt: Prompt) -> tuple[str, ...]:
    """What is not as it was then."""
    then, info = saved.summary, model.info
    pairs = {
        "model": (then.model_hash, info.file_hash),
        "template": (then.template_hash, info.template_hash),
        "engine": (then.engine_version, __version__),
        "context": (then.context_length, model.context_length),
    }
    changed = [name for name, (old, new) in pairs.items() if old and old != new]
    if _on(then.adapters) != _on(info.adapters):
        changed.append("adapters")
    if prompt.left_out == then.left_out and _other_prompt(then, prompt, len(saved.records)):
        changed.append("prompt")
    return tuple(changed)


def _on(adapters: Sequence[AdapterInfo]) -> set[tuple[str, float]]:
    """By what they hold, not where they lie."""
    return {(adapter.file_hash, adapter.scale) for adapter in adapters if adapter.scale}


def _other_prompt(then: ReplySummary, prompt: Prompt, reply_length: int) -> bool:
    """Whether the reply came after other ids than these."""
    if then.prompt_hash:
        return then.prompt_hash != ids_hash(prompt.ids)
    # Older ones kept the length alone; one that was continued or cut counts its own beginning to the prompt.
    return then.prompt_tokens not in range(len(prompt.ids), len(prompt.ids) + reply_length + 1)


def _again(
    model: LanguageModel, saved: SavedReply, prompt: Prompt, refit: Refit | None, cancelled: Callable[[], bool]
) -> Iterator[TokenRecord]:
    """The records as they come out now; they may end before those that were saved, where the context is full."""
    sampling = SamplingSettings(saved.settings.sampling.stages, saved.summary.seed)
    ids: list[int] = []
    states = None
    for forced, drawn in _runs(saved.records, saved.kept):
        settings = msgspec.structs.replace(
            saved.settings, sampling=sampling, max_tokens=len(forced) + len(drawn), candidates=64
        )
        put = [record.token.id for record in forced]
        run = Prompt([*prompt.ids, *ids], prompt.notes, prompt.stop, prompt.left_out)
        events = generate(
            model, run, settings, reply_ids=ids, forced_ids=put, refit=refit, cancelled=cancelled, states=states
        )
        for event in events:
            if isinstance(event, Step):
                yield event.record
            elif isinstance(event, ReplySummary) and event.finish == "cancelled":
                raise Cancelled
        ids += [record.token.id for record in (*forced, *drawn)]
        states = recorded_states((*forced, *drawn)[-1], after=True)


def _runs(records: Sequence[TokenRecord], kept: int) -> Iterator[tuple[list[TokenRecord], list[TokenRecord]]]:
    """The records as (put there, drawn after that), again and again; the first ``kept`` are put there."""
    put = [place < kept or record.forced or record.dart is None for place, record in enumerate(records)]
    forced: list[TokenRecord] = []
    for is_put, group in groupby(zip(put, records, strict=True), key=lambda pair: pair[0]):
        found = [record for _, record in group]
        if is_put:
            forced = found
        else:
            yield forced, found
            forced = []
    if forced:
        yield forced, []


def _largest_change(old: TokenRecord, new: TokenRecord) -> float:
    """Over the candidates that both list."""
    then = dict(zip(old.candidates.id_array().tolist(), old.candidates.logit_array().tolist(), strict=True))
    now = zip(new.candidates.id_array().tolist(), new.candidates.logit_array().tolist(), strict=True)
    return max(
        (abs((then[id] - old.log_sum_exp) - (logit - new.log_sum_exp)) for id, logit in now if id in then), default=0.0
    )


def _difference(old: TokenRecord, new: TokenRecord) -> Difference:
    places = {id: place for place, id in enumerate(new.candidates.id_array().tolist())}
    place = places.get(old.token.id)
    return Difference(
        position=old.position,
        saved=old.token,
        now=new.token,
        saved_probability=old.final_probability,
        probability_now=None if place is None else float(new.candidates.final_array()[place]),
        saved_logprob=old.logprob,
        logprob_now=None if place is None else float(new.candidates.logit_array()[place]) - new.log_sum_exp,
        now_logprob=new.logprob,
    )

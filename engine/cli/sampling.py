"""sample: the chain on given logits, stage by stage."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from engine.cli.common import Json, open_named, print_json, text_of
from engine.cli.stages import Preset, Stages, chain_settings
from engine.errors import UserError
from engine.records import StageTrace
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain, Step, tell
from engine.sampling.grammar import NothingAllowedError
from engine.tokenizer.vocabulary import Vocabulary

_SHOWN = 10


def register(application: typer.Typer) -> None:
    application.command()(sample)


def sample(
    logits: Annotated[Path, typer.Option(help="A .npy file, float (V,), or (T, V) of which a row is taken.")],
    stage: Stages = None,
    preset: Preset = "",
    row: Annotated[int, typer.Option(help="Which row of (T, V); -1 is the last.")] = -1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the dart.")] = 0,
    position: Annotated[int, typer.Option(min=0, help="The token's place in the reply; each has its own dart.")] = 0,
    history: Annotated[
        str, typer.Option(help="Ids of the tokens before, with commas between, for penalties and DRY.")
    ] = "",
    model: Annotated[str, typer.Option(help="A model whose words to show; grammars and DRY's breakers need one.")] = "",
    top: Annotated[
        int | None, typer.Option(min=0, help="Survivors shown of each stage; 0 shows all, as JSON does without this.")
    ] = None,
    json: Json = False,
) -> None:
    """Run the chain on given logits; each stage's survivors and their probabilities."""
    numbers = _read(logits, row)
    settings = chain_settings(stage or [], preset)
    vocabulary = open_named(model, context_length=64).vocabulary if model else None
    if vocabulary is not None and vocabulary.size != len(numbers):
        raise UserError(
            "logits",
            f"There are {len(numbers):,} logits, and the model's vocabulary has {vocabulary.size:,} tokens.",
            "Name the model that they come from.",
        )
    chain = Chain(settings, _pieces(vocabulary))
    try:
        draw = chain.draw(
            Candidates(whole_vocabulary(len(numbers)), numbers),
            _ids(history),
            position,
            seed,
            allowed=_masks(chain, vocabulary),
        )
    except NothingAllowedError:
        raise UserError("grammar", "The grammar allows no token here.", "Check its rule root.") from None
    traces = tell(draw, np.array([], dtype=np.int32)).stages
    if json:
        count = top or len(numbers)
        print_json(
            {
                "stages": [
                    {**_trace(trace), **_survivors(step, count)}
                    for step, trace in zip(draw.steps, (None, *traces), strict=True)
                ],
                "dart": draw.dart,
                "id": draw.id,
                "final_probability": draw.final_probability,
            }
        )
        return
    before = len(numbers)
    for step, trace in zip(draw.steps, (None, *traces), strict=True):
        _print_step(step, before, trace, vocabulary, _SHOWN if top is None else top)
        before = len(step.after)
    print(f"dart {draw.dart:.6f}: {_name(draw.id, vocabulary)} with {100 * draw.final_probability:.4f} %")


def _trace(trace: StageTrace | None) -> dict[str, Any]:
    """Without a trace: the model's own distribution, before any stage."""
    if trace is None:
        return {"name": "", "mass": 1.0, "divergence_bits": 0.0, "cutoff": None}
    return {"name": trace.name, "mass": trace.mass, "divergence_bits": trace.divergence_bits, "cutoff": trace.cutoff}


def _survivors(step: Step, count: int) -> dict[str, Any]:
    ids, _ = step.after.head(min(count, len(step.after)))
    probabilities = step.after.head_p(len(ids))
    return {
        "kept": len(step.after),
        "ids": ids[:count].tolist(),
        "probabilities": probabilities[:count].tolist(),
    }


def _print_step(step: Step, before: int, trace: StageTrace | None, vocabulary: Vocabulary | None, top: int) -> None:
    count = top or len(step.after)
    found = _survivors(step, count)
    line = f"{step.name or 'model'}: {found['kept']:,} token{'' if found['kept'] == 1 else 's'}"
    if trace is not None:
        if len(step.after) < before:
            line += f", mass {trace.mass:.4f}" if trace.mass >= 1e-4 else f", mass {trace.mass:.1e}"
        else:
            line += f", divergence {trace.divergence_bits:.4f} bits" if trace.divergence_bits else ", nothing changed"
        line += "" if trace.cutoff is None else f", cut-off {trace.cutoff:g}"
    print(line)
    for id, probability in zip(found["ids"], found["probabilities"], strict=True):
        print(f"{100 * probability:9.4f} %  {_name(id, vocabulary)}")


def _name(id: int, vocabulary: Vocabulary | None) -> str:
    return f"{id}" if vocabulary is None else f"{id} {text_of(vocabulary.token(id).bytes)!r}"


def _read(path: Path, row: int) -> NDArray[np.float32]:
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise UserError("logits", f"{path} cannot be read as numbers.", "Name a .npy file.", str(error)) from error
    if not isinstance(found, np.ndarray) or found.ndim not in (1, 2) or found.size == 0 or found.dtype.kind != "f":
        raise UserError("logits", f"{path} holds no logits.", "It must hold floats, (V,) or (T, V).")
    if found.ndim == 2:
        if not -len(found) <= row < len(found):
            raise UserError("logits", f"There is no row {row}: {path} has {len(found)}.", "Choose another row.")
        found = found[row]
    if np.isnan(found).any() or found.max() == np.inf:
        raise UserError(
            "logits", f"{path} holds what is no logit.", "Neither NaN nor infinity can be one; -infinity can."
        )
    return np.ascontiguousarray(found, dtype=np.float32)


def _ids(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")] if text else []
    except ValueError:
        raise UserError(
            "ids", f"{text!r} is no list of token ids.", "Write numbers with commas between, as in 1,2,3."
        ) from None


def _pieces(vocabulary: Vocabulary | None) -> Any:
    def piece(id: int) -> bytes | None:
        return vocabulary.token(id).bytes if vocabulary is not None and 0 <= id < vocabulary.size else None

    return piece


def _masks(chain: Chain, vocabulary: Vocabulary | None) -> dict[str, Any]:
    """The grammars at the beginning of a reply."""
    if not chain.grammars:
        return {}
    if vocabulary is None:
        raise UserError("grammar-model", "A grammar needs a model's vocabulary.", "Name the model with --model.")
    from engine.inference.llama_grammar import open_grammar

    return {name: open_grammar(vocabulary, name, text).allowed for name, text in chain.grammars.items()}

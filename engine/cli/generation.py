"""tokenize, next, complete, score, logits."""

import functools
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from engine.cli.common import (
    Adapters,
    Greedy,
    Json,
    MaxTokens,
    MinP,
    Model,
    Seed,
    Temperature,
    TopK,
    TopP,
    adapters_from,
    generation_settings,
    open_named,
    print_json,
    record_json,
    required,
    sampling_settings,
    text_of,
    token_json,
    write,
)
from engine.cli.loading import load_options
from engine.cli.stages import Preset, Stages, written
from engine.errors import UserError
from engine.inference.generate import Step, generate
from engine.inference.language_model import LanguageModel
from engine.inference.load import Backend
from engine.inference.prompt import Prompt, PromptBuilder
from engine.inference.score import score as score_text
from engine.inference.score import total
from engine.records import Message, ReplySummary
from engine.records.loading import AUTO, LoadSettings
from engine.sampling.record import observe
from engine.tokenizer.text import clean_bytes


def register(application: typer.Typer) -> None:
    for verb in (tokenize, load_options(complete), load_options(score), logits):
        application.command()(verb)
    application.command("next")(next_token)


def tokenize(model: Model, text: str, json: Json = False) -> None:
    """How a model cuts a text into tokens."""
    vocabulary = open_named(model, context_length=64).vocabulary
    tokens = [vocabulary.token(id) for id in vocabulary.encode(text)]
    if json:
        print_json([token_json(token) for token in tokens])
    else:
        for token in tokens:
            print(f"{token.id:8}  {text_of(token.bytes)!r}")


def next_token(
    model: Model, prompt: str, top: Annotated[int, typer.Option(min=1, max=1000)] = 10, json: Json = False
) -> None:
    """The most likely next tokens after a text, with the model's own probabilities."""
    opened = open_named(model)
    row = _last_row(opened, plain_prompt(opened, required(prompt, "prompt")).ids)
    record = observe(row, int(row.argmax()), 0, opened.vocabulary.token, top)
    listed = record_json(record, top)["top"]
    found = [{**item, "probability": float(np.exp(item["logprob"]))} for item in listed]
    if json:
        keys = ("id", "text", "logprob", "probability")
        print_json([{key: item[key] for key in keys} for item in found])
    else:
        for item in found:
            print(f"{100 * item['probability']:7.3f} %  {item['text']!r}")


def complete(
    model: Model,
    prompt: str,
    chat: Annotated[bool, typer.Option("--chat", help="Put the prompt into the model's chat template.")] = False,
    max_tokens: MaxTokens = 128,
    seed: Seed = None,
    greedy: Greedy = False,
    temperature: Temperature = None,
    top_k: TopK = None,
    top_p: TopP = None,
    min_p: MinP = None,
    stage: Stages = None,
    preset: Preset = "",
    top: Annotated[int, typer.Option(min=0, max=64, help="Candidates of each token in the JSON.")] = 10,
    adapter: Adapters = None,
    json: Json = False,
    loading: LoadSettings = AUTO,
) -> None:
    """Go on from a text, or reply to it."""
    required(prompt, "prompt")

    # Opened late: a sampler that is written wrong is said at once.
    @functools.cache
    def model_here() -> LanguageModel:
        return open_named(model, loading=loading, adapters=adapters_from(adapter or ()))

    sampling = sampling_settings(
        greedy, seed, temperature, top_k, top_p, min_p, stage, preset, lambda: model_here().info.recommended
    )
    opened = model_here()
    if chat:
        built = PromptBuilder(opened.vocabulary, opened.info.chat_template).build([Message("user", prompt)])
    else:
        built = plain_prompt(opened, prompt)
    settings = generation_settings(sampling, max_tokens, candidates=64 if json else 0)
    tokens: list[dict[str, Any]] = []
    shown = 0
    summary: ReplySummary | None = None
    for event in generate(opened, built, settings):
        if isinstance(event, Step):
            shown += len(event.text)
            if json:
                tokens.append(record_json(event.record, top))
            else:
                write(event.text)
        elif isinstance(event, ReplySummary):
            summary = event
    if summary is None:
        raise RuntimeError("generation ended without a summary")
    if not json:
        write(summary.text[shown:] + "\n")
        return
    timing = summary.timing
    print_json(
        {
            "text": summary.text,
            "finish": summary.finish,
            "seed": summary.seed,
            "chain": written(sampling),
            "tokens": tokens,
            "timing": {
                "prompt_tokens": timing.prompt_tokens,
                "prompt_s": timing.prompt_s,
                "generated_tokens": timing.generated_tokens,
                "generation_s": timing.generation_s,
                "tokens_per_s": timing.tokens_per_s,
            },
        }
    )


def score(
    model: Model,
    file: Annotated[Path, typer.Option(help="The text to score.")],
    json: Json = False,
    loading: LoadSettings = AUTO,
) -> None:
    """How well a model predicts a text: bits per byte and perplexity."""
    try:
        text = clean_bytes(file.read_bytes())
    except OSError as error:
        raise UserError("file-not-found", f"{file} cannot be read.", "Check the path.", str(error)) from error
    opened = open_named(model, loading=loading)
    sums = total(list(score_text(opened, required(text, "file"), candidates=0)))
    if json:
        print_json({"tokens": sums.tokens, "bits_per_byte": sums.bits_per_byte, "perplexity": sums.perplexity})
    else:
        print(f"{sums.tokens:,} tokens, {sums.bits_per_byte:.4f} bits per byte, perplexity {sums.perplexity:.3f}")


def logits(
    model: Model,
    ids: Annotated[str, typer.Option(help="Token ids with commas between.")],
    out: Annotated[Path, typer.Option(help="A .npy file, float32 (T, V).")],
    backend: Annotated[str, typer.Option(help="decoder or llama_cpp")] = "",
) -> None:
    """The logits after each of the given tokens, for comparing one program with another."""
    try:
        parsed = [int(part) for part in ids.split(",")]
    except ValueError:
        raise UserError(
            "ids", f"{ids!r} is no list of token ids.", "Write numbers with commas between, as in 1,2,3."
        ) from None
    backends: dict[str, Backend | None] = {"": None, "decoder": "decoder", "llama_cpp": "llama_cpp"}
    if backend not in backends:
        raise UserError("backend", f"There is no backend {backend!r}.", "Choose decoder or llama_cpp.")
    opened = open_named(model, backend=backends[backend], exact=True)
    wrong = [id for id in parsed if not 0 <= id < opened.info.vocabulary_size]
    if wrong:
        raise UserError(
            "ids", f"The model has no token {wrong[0]}.", f"Its ids go from 0 to {opened.info.vocabulary_size - 1}."
        )
    rows = np.concatenate([chunk.copy() for chunk in opened.extend(parsed, rows="all")])
    try:
        with out.open("wb") as file:
            np.save(file, rows)
    except OSError as error:
        raise UserError("file-write", f"{out} cannot be written.", "Choose another place.", str(error)) from error


def plain_prompt(model: LanguageModel, text: str) -> Prompt:
    """A text without a template, started as the model wants texts to be started."""
    vocabulary = model.vocabulary
    start = [vocabulary.bos_id] if vocabulary.adds_bos and vocabulary.bos_id is not None else []
    return Prompt([*start, *vocabulary.encode(text)])


def _last_row(model: LanguageModel, ids: list[int]) -> Any:
    row = None
    for chunk in model.extend(ids):
        row = chunk[-1] if len(chunk) else row
    return row

"""chat: a conversation in the terminal."""

import sys

import typer

from engine.cli.common import (
    Adapters,
    Greedy,
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
    sampling_settings,
    write,
)
from engine.cli.loading import load_options
from engine.cli.stages import Preset, Stages
from engine.errors import UserError
from engine.inference.generate import Step, generate
from engine.inference.language_model import LanguageModel
from engine.inference.prompt import Prompt, PromptBuilder
from engine.records import GenerationSettings, Message, ReplySummary
from engine.records.loading import AUTO, LoadSettings


def register(application: typer.Typer) -> None:
    application.command()(load_options(chat))


def chat(
    model: Model,
    max_tokens: MaxTokens = 512,
    seed: Seed = None,
    greedy: Greedy = False,
    temperature: Temperature = None,
    top_k: TopK = None,
    top_p: TopP = None,
    min_p: MinP = None,
    stage: Stages = None,
    preset: Preset = "",
    adapter: Adapters = None,
    loading: LoadSettings = AUTO,
) -> None:
    """Chat with a model in the terminal. An empty line or Ctrl+D ends it, Ctrl+C stops a reply."""
    opened = open_named(model, loading=loading, adapters=adapters_from(adapter or ()))
    prompts = PromptBuilder(opened.vocabulary, opened.info.chat_template)
    settings = generation_settings(
        sampling_settings(
            greedy, seed, temperature, top_k, top_p, min_p, stage, preset, lambda: opened.info.recommended
        ),
        max_tokens,
        candidates=0,
    )
    print(f"{opened.info.name}, {opened.info.parameters / 1e6:,.0f} M parameters.", file=sys.stderr)
    messages: list[Message] = []
    left_out = 0
    while True:
        try:
            text = input("> ")
        except EOFError:
            write("\n")
            return
        if not text.strip():
            return
        messages.append(Message("user", text))
        try:
            prompt = prompts.fit(messages, opened.context_length, min(max_tokens, opened.context_length // 4), True)
        except UserError as error:  # a message that is too long; what was said before is still there
            print(f"proxima: {error}", file=sys.stderr)
            messages.pop()
            continue
        if prompt.left_out > left_out:
            left_out = prompt.left_out
            print(f"(The context is full: the oldest {left_out} messages are left out.)", file=sys.stderr)
        messages.append(_reply(opened, prompt, settings))


def _reply(model: LanguageModel, prompt: Prompt, settings: GenerationSettings) -> Message:
    """Write a reply as it is generated; what there is of it where Ctrl+C stopped it."""
    ids: list[int] = []
    shown, reply = 0, ""
    try:
        for event in generate(model, prompt, settings):
            if isinstance(event, Step):
                ids.append(event.record.token.id)
                reply += event.text
                shown += len(event.text)
                write(event.text)
            elif isinstance(event, ReplySummary):
                write(event.text[shown:])
                reply = event.text
    except KeyboardInterrupt:
        pass
    write("\n")
    return Message("assistant", reply, tuple(ids), model.vocabulary.hash)

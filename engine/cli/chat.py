"""chat: a conversation in the terminal."""

import sys

import typer

from engine.cli.common import (
    Greedy,
    MaxTokens,
    MinP,
    Model,
    Seed,
    Temperature,
    TopK,
    TopP,
    generation_settings,
    open_named,
    sampling_settings,
    write,
)
from engine.cli.stages import Preset, Stages
from engine.inference.generate import Step, generate
from engine.inference.prompt import PromptBuilder
from engine.records import Message, ReplySummary


def register(application: typer.Typer) -> None:
    application.command()(chat)


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
) -> None:
    """Chat with a model in the terminal. An empty line or Ctrl+D ends it, Ctrl+C stops a reply."""
    opened = open_named(model)
    prompts = PromptBuilder(opened.vocabulary, opened.info.chat_template)
    settings = generation_settings(
        sampling_settings(greedy, seed, temperature, top_k, top_p, min_p, stage, preset), max_tokens, candidates=0
    )
    print(f"{opened.info.name}, {opened.info.parameters / 1e6:,.0f} M parameters.", file=sys.stderr)
    messages: list[Message] = []
    while True:
        try:
            text = input("> ")
        except EOFError:
            return
        if not text.strip():
            return
        messages.append(Message("user", text))
        prompt = prompts.fit(messages, opened.context_length, min(max_tokens, opened.context_length // 4), True)
        ids: list[int] = []
        shown, reply = 0, ""
        try:
            for event in generate(opened, prompt, settings):
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
        messages.append(Message("assistant", reply, tuple(ids), opened.vocabulary.hash))

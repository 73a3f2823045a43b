"""Writes what the built-in model answers into its card: the same questions each time, the answers as they come.

Sampling is what the file recommends, the seed is the number of the question; nothing is chosen or changed afterwards.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.inference.generate import Step, generate
from engine.inference.load import open_model
from engine.inference.prompt import PromptBuilder
from engine.records import GenerationSettings, Message, SamplingSettings
from engine.resources import bundled_model
from engine.sampling.registry import default_settings

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "resources" / "models" / "proxima-chat.md"
_SECTION = re.compile(r"(<!-- answers -->\n).*?(<!-- end of answers -->)", re.DOTALL)

#: Each a conversation; what stands after the first line is asked once the first is answered.
QUESTIONS = (
    ("Hello!",),
    ("Who are you?",),
    ("What can you do?",),
    ("Are you a person?",),
    ("Who made you?",),
    ("How are you today?",),
    ("Tell me a short story about a fox.",),
    ("Tell me a short story about a girl and the sea.",),
    ("Tell me a story about an old clock.",),
    ("Write a short story about a boy who lost his shoe.",),
    ("What colour is the sky?",),
    ("What do cows eat?",),
    ("What is the opposite of hot?",),
    ("How many legs does a dog have?",),
    ("Name three animals.",),
    ("What is a token?",),
    ("What does the temperature slider do?",),
    ("Why is the sun bright?",),
    ("Give me some advice for a rainy day.",),
    ("I am sad.",),
    ("My name is Anna.", "What is my name?"),
    ("I have a dog called Rex.", "What is my dog called?"),
    ("I like apples.", "What do I like?"),
    ("Tell me a joke.",),
    ("Thank you!",),
    ("Olá!",),
    ("Quem é você?",),
    ("Conte uma história curta sobre um gato.",),
    ("Qual é a cor do céu?",),
    ("Você fala português?",),
)


def answers() -> Iterator[str]:
    """A paragraph of Markdown for each conversation."""
    model = open_model(bundled_model())
    prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
    chain = model.info.recommended or default_settings()
    for seed, asked in enumerate(QUESTIONS, start=1):
        messages: list[Message] = []
        for question in asked:
            messages.append(Message("user", question))
            settings = GenerationSettings(SamplingSettings(chain.stages, seed), max_tokens=200, candidates=0)
            steps = generate(model, prompts.build(messages), settings)
            text = "".join(step.text for step in steps if isinstance(step, Step)).strip()
            messages.append(Message("assistant", text))
        yield "\n".join(f"- **{_name(message)}**: {' '.join(message.content.split())}" for message in messages)


def _name(message: Message) -> str:
    return "You" if message.role == "user" else "Próxima"


def main() -> int:
    text = "\n\n".join(answers())
    card = CARD.read_text(encoding="utf-8")
    CARD.write_text(_SECTION.sub(lambda found: f"{found[1]}{text}\n{found[2]}", card), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

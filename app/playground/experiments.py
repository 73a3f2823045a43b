"""Experiments that teach, each a real run on the loaded model. Definitions only; texts are translated where they are shown."""

from typing import Literal

import msgspec
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.records import GenerationSettings, SamplingSettings, StageSettings

FOX = "The quick brown fox jumps over the lazy"
PEAKED, FLAT = "Once upon a time", "He went to the"


class Panel(msgspec.Struct, frozen=True):
    """One small picture: what stands before it, and the chain. text "" means the text of the experiment."""

    title: str
    stages: tuple[StageSettings, ...]
    text: str = ""

    @property
    def settings(self) -> GenerationSettings:
        return GenerationSettings(SamplingSettings(self.stages))


class Experiment(msgspec.Struct, frozen=True):
    """kind "write": the text is put into a new document; "panels": distributions side by side; "cuts": the text in several
    vocabularies."""

    name: str
    title: str
    sentence: str
    kind: Literal["write", "panels", "cuts"]
    text: str
    panels: tuple[Panel, ...] = ()


def _temperature(value: float) -> StageSettings:
    return StageSettings("temperature", values={"temperature": value})


def _top_k(k: int) -> StageSettings:
    return StageSettings("top_k", values={"k": k})


def _top_p(p: float) -> StageSettings:
    return StageSettings("top_p", values={"p": p})


EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        "fox",
        str(QT_TRANSLATE_NOOP("playground", "The quick brown fox jumps over the lazy …")),
        str(QT_TRANSLATE_NOOP("playground", "A sentence that most models know by heart: how sure is this one?")),
        "write",
        FOX,
    ),
    Experiment(
        "recife",
        str(QT_TRANSLATE_NOOP("playground", "Recife é uma …")),
        str(
            QT_TRANSLATE_NOOP("playground", "A fact in Portuguese: does the model know the city, or only the language?")
        ),
        "write",
        "Recife é uma",
    ),
    Experiment(
        "temperature",
        str(QT_TRANSLATE_NOOP("playground", "Temperature from 0 to 2")),
        str(
            QT_TRANSLATE_NOOP(
                "playground",
                "The same logits divided by T. At 0 only the most likely is left, at 1 nothing changes, above 1 the bars flatten.",
            )
        ),
        "panels",
        "Once upon a time there was a",
        tuple(Panel(f"T = {value:g}", (_temperature(value),)) for value in (0.0, 0.3, 0.7, 1.0, 1.5, 2.0)),
    ),
    Experiment(
        "cutting",
        str(QT_TRANSLATE_NOOP("playground", "Top-k against top-p")),
        str(
            QT_TRANSLATE_NOOP(
                "playground",
                "First a place where the model is sure, then one where it is not. Top-k keeps as many in both; top-p keeps mass.",
            )
        ),
        "panels",
        "",
        (
            Panel("top-k 10", (_top_k(10),), PEAKED),
            Panel("top-p 0.9", (_top_p(0.9),), PEAKED),
            Panel("top-k 10", (_top_k(10),), FLAT),
            Panel("top-p 0.9", (_top_p(0.9),), FLAT),
        ),
    ),
    Experiment(
        "order",
        str(QT_TRANSLATE_NOOP("playground", "Temperature first against last")),
        str(
            QT_TRANSLATE_NOOP(
                "playground",
                "The same two stages in either order. A high temperature before top-p lets many more through; after it, none.",
            )
        ),
        "panels",
        "Once upon a time there was a",
        (
            Panel("T = 1.8 → top-p 0.8", (_temperature(1.8), _top_p(0.8))),
            Panel("top-p 0.8 → T = 1.8", (_top_p(0.8), _temperature(1.8))),
        ),
    ),
    Experiment(
        "vocabularies",
        str(QT_TRANSLATE_NOOP("playground", "One text, three vocabularies")),
        str(
            QT_TRANSLATE_NOOP(
                "playground",
                "What counts as one token: in the model's own vocabulary, in single characters, and in bytes.",
            )
        ),
        "cuts",
        "Recife é uma cidade. The quick brown fox 🦊 counts to 1984.",
    ),
)


def experiment_text(source: str) -> str:
    """A title or a sentence in the language of the window."""
    return QCoreApplication.translate("playground", source)

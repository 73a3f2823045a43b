"""The words of the samplers, for translation: the engine describes them in English, the window in the person's language."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

#: Listed so that the translation tool finds them; a test holds the list to the registry.
SOURCES = (
    QT_TRANSLATE_NOOP("sampling", "Penalties"),
    QT_TRANSLATE_NOOP("sampling", "Makes tokens that occurred lately less likely, in the prompt too."),
    QT_TRANSLATE_NOOP("sampling", "Repetition"),
    QT_TRANSLATE_NOOP("sampling", "Weakens each recent token by this factor."),
    QT_TRANSLATE_NOOP("sampling", "Frequency"),
    QT_TRANSLATE_NOOP("sampling", "Taken off once for each time it occurred."),
    QT_TRANSLATE_NOOP("sampling", "Presence"),
    QT_TRANSLATE_NOOP("sampling", "Taken off once if it occurred at all."),
    QT_TRANSLATE_NOOP("sampling", "Look back"),
    QT_TRANSLATE_NOOP("sampling", "How many tokens count as recent; -1 means all."),
    QT_TRANSLATE_NOOP("sampling", "Top-k"),
    QT_TRANSLATE_NOOP("sampling", "Keeps only the k most likely tokens."),
    QT_TRANSLATE_NOOP("sampling", "k"),
    QT_TRANSLATE_NOOP("sampling", "How many tokens stay; 0 keeps all."),
    QT_TRANSLATE_NOOP("sampling", "Top-p"),
    QT_TRANSLATE_NOOP("sampling", "Keeps the most likely tokens until together they reach the probability p."),
    QT_TRANSLATE_NOOP("sampling", "p"),
    QT_TRANSLATE_NOOP("sampling", "The mass that must be reached; 1 keeps all."),
    QT_TRANSLATE_NOOP("sampling", "Min-p"),
    QT_TRANSLATE_NOOP("sampling", "Drops tokens that are far less likely than the most likely one."),
    QT_TRANSLATE_NOOP("sampling", "The share of the best token's probability that is needed; 0 keeps all."),
    QT_TRANSLATE_NOOP("sampling", "Temperature"),
    QT_TRANSLATE_NOOP(
        "sampling",
        "Sharpens the distribution below 1 and flattens it above; at 0 the most likely token is always taken.",
    ),
    QT_TRANSLATE_NOOP("sampling", "Divides every logit."),
    QT_TRANSLATE_NOOP("sampling", "Neutral"),
    QT_TRANSLATE_NOOP("sampling", "Greedy"),
    QT_TRANSLATE_NOOP("sampling", "llama.cpp default"),
)


def sampling_text(source: str) -> str:
    """A sampler's word or sentence in the language of the window."""
    return QCoreApplication.translate("sampling", source)

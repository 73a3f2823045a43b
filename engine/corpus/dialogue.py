"""Plays as conversations: what one character says is asked, what the next one says is the answer."""

import re
from collections.abc import Iterator

from engine.records import Message

#: How editions write who speaks: ``NAME:`` on a line of its own, or ``NAME``, a tab and the words.
_COLON = re.compile(r"^(?P<name>[A-Z][\w '.&-]{0,40}):$")
_TAB = re.compile(r"^(?P<name>[A-Z][^\t]{0,40})\t(?P<words>.*)$")
_NEW_SCENE = re.compile(r"^\s*(?:ACT|SCENE|PROLOGUE|EPILOGUE)\b")
_FIRST_SCENE = re.compile(r"^\s*(?:ACT|SCENE) [I1]\b", re.MULTILINE)
_DIRECTION = re.compile(r"\[[^\]]*\]")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
#: Speeches of a conversation, which is cut there, and characters of a speech, which is cut at the end of a sentence.
LONGEST, LONGEST_SPEECH = 6, 400


def dialogues(play: str) -> Iterator[tuple[Message, ...]]:
    """Conversations out of the text of a play: its speeches in turn, no speech in two of them, none across a change of scene."""
    for scene in _scenes(play):
        for start in range(0, len(scene) - 1, LONGEST):
            speeches = scene[start : start + LONGEST]
            speeches = speeches[: len(speeches) // 2 * 2]
            yield tuple(Message("assistant" if place % 2 else "user", speech) for place, speech in enumerate(speeches))


def _scenes(play: str) -> Iterator[list[str]]:
    """The speeches of each scene. What stands before the first one is a list of who is who."""
    first = _FIRST_SCENE.search(play)
    speakers: list[str] = []
    held: list[list[str]] = []
    for line in play[first.start() if first else 0 :].splitlines():
        found = _COLON.match(line) or _TAB.match(line)
        if _NEW_SCENE.match(line):
            yield _speeches(held)
            speakers, held = [], []
        elif found:
            words = found.groupdict().get("words", "")
            if speakers[-1:] == [found["name"]]:
                held[-1].append(words)
            else:
                speakers.append(found["name"])
                held.append([words])
        elif held:
            held[-1].append(line)
    yield _speeches(held)


def _speeches(held: list[list[str]]) -> list[str]:
    """Without stage directions, not too long; empty ones are left out."""
    texts = (_DIRECTION.sub("", "\n".join(lines)) for lines in held)
    spoken = ("\n".join(line.strip() for line in text.splitlines() if line.strip()) for text in texts)
    return [_shortened(text) for text in spoken if text]


def _shortened(speech: str) -> str:
    if len(speech) <= LONGEST_SPEECH:
        return speech
    ends = [match.end() for match in _SENTENCE_END.finditer(speech, 0, LONGEST_SPEECH)]
    return speech[: ends[-1]] if ends else speech[:LONGEST_SPEECH].rsplit("\n", 1)[0]

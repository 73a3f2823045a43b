"""Stories as conversations: someone asks for a story about what its first sentence is about, and gets it."""

import random
import re
import zlib

from engine.records import Message

_SUBJECT = re.compile(
    r"\bthere (?:was|lived|were) (?P<subject>(?:an?|two|three|some) [a-z][a-z' -]{2,40}?)"
    r"(?: (?:named|called|who|that|in|with|on|and)\b|[.,:;])"
)
_FIRST_SENTENCE = 200  # characters
_LONGEST = 1800  # characters: what is longer does not fit into a row, and would teach to stop in the middle
_ASK = (
    "Tell me a story about {}.",
    "Tell me a short story about {}.",
    "Write a short story about {}.",
    "Write a story about {}.",
    "Can you tell me a story about {}?",
    "Please tell me a story about {}.",
    "I would like to hear a story about {}.",
    "A story about {}, please.",
)
_ASK_ANY = ("Tell me a story.", "Tell me a short story.", "Can you tell me a story?", "I want to hear a story.")


def story_request(story: str) -> tuple[Message, ...]:
    """A request and the story; empty where the story is too long or does not say early what it is about."""
    found = _SUBJECT.search(story[:_FIRST_SENTENCE])
    if len(story) > _LONGEST or found is None:
        return ()
    chance = random.Random(zlib.crc32(story.encode()))
    ask = chance.choice(_ASK_ANY) if chance.random() < 0.1 else chance.choice(_ASK).format(found["subject"])
    return Message("user", ask), Message("assistant", " ".join(story.split()))

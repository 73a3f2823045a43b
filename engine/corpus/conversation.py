"""Conversations as token ids, with a mark on what the assistant says."""

from collections.abc import Sequence
from typing import Protocol

from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.special import ASSISTANT, END_OF_TEXT, END_OF_TURN, SYSTEM, USER
from engine.tokenizer.vocabulary import Vocabulary

_ROLE = {"system": SYSTEM, "user": USER, "assistant": ASSISTANT}


class ChatFormat(Protocol):
    """How conversations are written for one model."""

    @property
    def border(self) -> list[int]:
        """Ids that stand before every document, a text or a conversation; the last of them starts it."""

    def encode(self, messages: Sequence[Message]) -> tuple[list[int], list[bool]]:
        """Ids of a conversation without the border, and for each whether it is to be learnt: what the assistant has to write."""

    def asked(self, messages: Sequence[Message]) -> list[int]:
        """What the model is shown before it answers, from the start of the text to the opening of the reply."""


class OwnChatFormat:
    """The chat format of engine.tokenizer.special."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @property
    def border(self) -> list[int]:
        return [control_id(self._vocabulary, END_OF_TEXT)]

    def encode(self, messages: Sequence[Message]) -> tuple[list[int], list[bool]]:
        return encode_conversation(self._vocabulary, messages)

    def asked(self, messages: Sequence[Message]) -> list[int]:
        ids, _ = encode_conversation(self._vocabulary, messages)
        return [*self.border, *ids, control_id(self._vocabulary, ASSISTANT)]


def encode_conversation(vocabulary: Vocabulary, messages: Sequence[Message]) -> tuple[list[int], list[bool]]:
    """Ids of a conversation in the chat format of engine.tokenizer.special, and for each whether it is to be learnt.

    To be learnt are the assistant's words and the end of its turn. What stands in a message is plain text always.
    """
    ids: list[int] = []
    learnt: list[bool] = []
    for message in messages:
        content = vocabulary.encode(message.content)
        ids += [control_id(vocabulary, _ROLE[message.role]), *content, control_id(vocabulary, END_OF_TURN)]
        learnt += [False, *[message.role == "assistant"] * (len(content) + 1)]
    return ids, learnt


def control_id(vocabulary: Vocabulary, name: str) -> int:
    """Id of a control token. Raises UserError for a vocabulary that has none of that name."""
    ids = vocabulary.encode(name, special=True)
    if len(ids) != 1 or not vocabulary.token(ids[0]).control:
        raise UserError(
            "no-chat-format", f"The vocabulary has no control token {name}.", "Train with a vocabulary made for chats."
        )
    return ids[0]

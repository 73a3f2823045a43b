"""Conversations as token ids, with a mark on what the assistant says."""

from collections.abc import Sequence

from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.special import ASSISTANT, END_OF_TURN, SYSTEM, USER
from engine.tokenizer.vocabulary import Vocabulary

_ROLE = {"system": SYSTEM, "user": USER, "assistant": ASSISTANT}


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

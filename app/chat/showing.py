"""The messages of the open conversation as the transcript is told about them."""

from collections.abc import Mapping
from typing import Protocol

from app.chat.model_link import ModelLink
from app.chat.reply_runner import ReplyRunner
from app.chat.shelf import Shelf
from app.chat.shown import Problem, ShownMessage, stays_full
from app.chat.token_choice import TokenChoice
from app.chat.tree import ConversationTree
from app.storage.rows import MessageRow
from engine.records import GenerationSettings


class Here(Protocol):
    """Where the open conversation is, and what is being done."""

    tree: ConversationTree
    runner: ReplyRunner
    link: ModelLink
    choice: TokenChoice
    shelf: Shelf

    @property
    def problems(self) -> Mapping[int, Problem]: ...
    @property
    def settings(self) -> GenerationSettings: ...
    @property
    def busy(self) -> bool: ...
    @property
    def left_out(self) -> int: ...


def shown_path(here: Here) -> list[ShownMessage]:
    """The branch that is shown, ready to be drawn."""
    path = here.tree.path()
    left_out, last = here.left_out, len(path) - 1
    hinted = not here.choice.was_used and len(here.shelf.rows) <= 1
    return [
        shown_message(here, message, left_out=place < left_out, last=place == last, hint=hinted and place == 1)
        for place, message in enumerate(path)
    ]


def shown_message(
    here: Here, message: MessageRow, *, left_out: bool = False, last: bool = True, hint: bool = False
) -> ShownMessage:
    """One message of it; by default the last."""
    siblings = here.tree.siblings(message.id)
    reply = here.runner.reply
    writing = reply is not None and reply.message_id == message.id
    return ShownMessage(
        message,
        place=siblings.index(message.id) + 1,
        places=len(siblings),
        writing=writing,
        waiting=last and here.link.waits and not writing,
        unanswered=last and message.role == "user" and not here.busy,
        problem=here.problems.get(message.id),
        left_out=left_out,
        last=last,
        full=stays_full(message, here.link.model, here.settings),
        hint=hint and message.role == "assistant" and bool(message.content),
    )

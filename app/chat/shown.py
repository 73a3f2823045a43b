"""What the transcript is told about a message, and what a person can ask of one."""

import enum

import msgspec

from app.storage.rows import MessageRow
from engine.records import GenerationSettings, ModelInfo


class Command(enum.Enum):
    """What can be done with a message."""

    COPY = "copy"
    EDIT = "edit"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    DELETE = "delete"
    PREVIOUS = "previous"
    NEXT = "next"
    STOP_WAITING = "stop_waiting"
    DETAILS = "details"
    THOUGHTS = "thoughts"
    COPY_CODE = "copy_code"
    EXPORT = "export"
    COMPARE = "compare"
    REPLAY = "replay"


class Problem(msgspec.Struct, frozen=True):
    """Why a reply ended early: a sentence, what to do, and technical text to copy. mending: nobody has to do anything."""

    text: str
    hint: str = ""
    detail: str = ""
    mending: bool = False


class ShownMessage(msgspec.Struct, frozen=True):
    """A message as it stands in the transcript. place counts from 1 among ``places`` siblings."""

    row: MessageRow
    place: int = 1
    places: int = 1
    writing: bool = False  # its text is arriving at this moment
    waiting: bool = False  # for the model, or for another reply to end
    unanswered: bool = False  # the last message is the user's, and nothing is on its way
    problem: Problem | None = None
    left_out: bool = False  # did not fit into the context: the model has not seen it for the newest reply
    last: bool = True  # nothing follows it in this branch
    full: bool = False  # it ended because the context is full, and nothing has changed that
    hint: bool = False  # the first reply of all carries one line on what can be done with it

    @property
    def id(self) -> int:
        return self.row.id


def stays_full(message: MessageRow, model: ModelInfo | None, settings: GenerationSettings) -> bool:
    """Whether a reply ended because the context is full, and would again with this model and these settings."""
    summary = message.summary
    if summary is None or summary.finish != "context":
        return False
    longer = model is not None and model.context_length > summary.context_length
    stopped = message.settings is not None and message.settings.when_full == "stop"
    return not longer and not (stopped and settings.when_full == "drop_oldest")

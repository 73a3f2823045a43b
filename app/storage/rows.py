"""What storage hands out and takes in: immutable values, one for each kind of row."""

import math
from collections.abc import Sequence
from typing import Literal

import msgspec

from engine.records import GenerationSettings, ReplySummary, Role, TokenRecord

MessageState = Literal["complete", "streaming", "interrupted", "failed"]


class ConversationRow(msgspec.Struct, frozen=True):
    """One conversation. leaf_id names the last message of the branch that was shown last; times are Unix seconds."""

    id: int
    title: str
    title_is_auto: bool
    created_at: float
    updated_at: float
    system_prompt: str
    settings: GenerationSettings
    leaf_id: int | None
    model_path: str
    draft: str


class Kept(msgspec.Struct, frozen=True):
    """Tokens that a reply has from the one that it left, up to the position ``end``: the settings and the seed that drew them."""

    end: int
    settings: GenerationSettings
    seed: int


class Fork(msgspec.Struct, frozen=True):
    """Where a reply left its sibling: the token put in place, its position in the reply, its raw probability.

    kept: how the tokens before it were drawn, in order, where their records were taken over; () where they were made anew.
    """

    position: int
    piece: bytes
    probability: float
    kept: tuple[Kept, ...] = ()

    @property
    def kept_tokens(self) -> int:
        """How many of the first tokens have the records of the other reply."""
        return self.kept[-1].end if self.kept else 0

    def as_it_came(self, records: Sequence[TokenRecord]) -> "Fork":
        """With the token that really stands there: what was to be drawn may come out otherwise when the model computes it."""
        record = records[self.position] if self.position < len(records) else None
        if record is None or record.forced or record.token.bytes == self.piece:
            return self
        return msgspec.structs.replace(self, piece=record.token.bytes, probability=min(1.0, math.exp(record.logprob)))


class MessageRow(msgspec.Struct, frozen=True):
    """One node of a conversation's tree. parent_id None is the root; several roots are branches of the first message."""

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    content: str
    created_at: float
    state: MessageState = "complete"
    summary: ReplySummary | None = None
    settings: GenerationSettings | None = None
    model_name: str = ""
    vocabulary_hash: str = ""
    token_ids: tuple[int, ...] | None = None
    fork: Fork | None = None


class SearchHit(msgspec.Struct, frozen=True):
    """A place where all words of a query stand; message_id None means the title. Found words stand between \\x02 and \\x03."""

    conversation_id: int
    message_id: int | None
    title: str
    snippet: str


class DocumentRow(msgspec.Struct, frozen=True):
    """One document of the playground; caret counts UTF-16 units. In a list the content is left out.

    special: names of control tokens in it are meant as such.
    """

    id: int
    title: str
    title_is_auto: bool
    content: str
    caret: int
    created_at: float
    updated_at: float
    special: bool = False


class DocumentHit(msgspec.Struct, frozen=True):
    """A document in which all words of a query stand; found words are between \\x02 and \\x03 in the snippet, "" for the title."""

    document_id: int
    title: str
    snippet: str


class ExportedMessage(msgspec.Struct, frozen=True):
    """A message outside the database; parent is an index into the exported list, None for a root."""

    parent: int | None
    role: Role
    content: str
    created_at: float
    state: MessageState = "complete"
    summary: ReplySummary | None = None
    settings: GenerationSettings | None = None
    model_name: str = ""
    vocabulary_hash: str = ""
    token_ids: tuple[int, ...] | None = None
    fork: Fork | None = None
    records: tuple[TokenRecord, ...] = ()


class ExportedConversation(msgspec.Struct, frozen=True):
    """A conversation as JSON: messages in an order in which every parent stands before its children."""

    format: Literal["proxima-conversation"]
    version: int
    title: str
    created_at: float
    system_prompt: str
    settings: GenerationSettings
    leaf: int | None
    messages: tuple[ExportedMessage, ...]

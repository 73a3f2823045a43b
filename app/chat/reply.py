"""One reply while it is being written: what has arrived, what is not saved yet, and how fast it comes."""

import time
from collections.abc import Sequence

from app.chat.kept import with_kept
from engine.records import Message, ReplySummary, TokenRecord
from engine.worker.protocol import PromptReady, Tokens


class Reply:
    """A job of the worker and the message that it fills. Pure values: the state object moves them to disk and screen.

    base_content and base_records are what the message held before this job (a reply that is continued). kept: what is known
    of the first of the forced ids, which a branch has from another reply.
    """

    def __init__(
        self,
        conversation_id: int,
        message_id: int,
        messages: tuple[Message, ...],
        *,
        base_content: str = "",
        base_records: Sequence[TokenRecord] = (),
        forced_ids: tuple[int, ...] = (),
        kept: Sequence[TokenRecord] = (),
    ) -> None:
        self.conversation_id = conversation_id
        self.message_id = message_id
        self.messages = messages
        self.forced_ids = forced_ids
        self._kept = kept
        self.job: int | None = None  # None while it waits for the model
        self.stopping = False
        self.prompt: PromptReady | None = None
        self.prompt_progress: tuple[int, int] | None = None
        self.records: list[TokenRecord] = list(base_records)
        self._text = [base_content]
        self._base_content = base_content
        self._unsaved_text: list[str] = []
        self._unsaved_records: list[TokenRecord] = []
        self._fresh_tokens = 0
        self._first_position = len(self.records)
        self._started_at = time.monotonic()
        self._first_token_at: float | None = None
        self._last_token_at = self._started_at

    @property
    def content(self) -> str:
        """The whole text of the message so far."""
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0]

    @property
    def is_empty(self) -> bool:
        return not self.content

    def begin(self, job: int) -> None:
        """The worker has been asked; the clock of the first token starts."""
        self.job = job
        self._started_at = time.monotonic()

    def receive(self, tokens: Tokens) -> tuple[TokenRecord, ...]:
        """Take in what arrived. Returns the records with their positions counted from the start of the message."""
        self._last_token_at = time.monotonic()
        if self._first_token_at is None and tokens.records:
            self._first_token_at = self._last_token_at
        records = with_kept(tokens.records, self._kept)
        self._fresh_tokens += len(records)
        self.records.extend(records)
        self._unsaved_records.extend(records)
        self._add_text(tokens.text)
        return records

    def remainder(self, summary: ReplySummary) -> str:
        """Text that the summary has and that no Tokens brought (it was held back until the end was known)."""
        received = self.content[len(self._base_content) :]
        for whole in (summary.text, summary.text.removeprefix(self._base_content)):
            if len(whole) > len(received) and whole.startswith(received):
                rest = whole[len(received) :]
                self._add_text(rest)
                return rest
        return ""

    def take_unsaved(self) -> tuple[str, tuple[TokenRecord, ...]] | None:
        """What storage does not have yet; None if it has everything."""
        if not self._unsaved_text and not self._unsaved_records:
            return None
        taken = "".join(self._unsaved_text), tuple(self._unsaved_records)
        self._unsaved_text.clear()
        self._unsaved_records.clear()
        return taken

    def put_back(self, text: str, records: tuple[TokenRecord, ...]) -> None:
        """A save failed: it is tried again with what comes next."""
        self._unsaved_text.insert(0, text)
        self._unsaved_records[:0] = records

    @property
    def first_token_s(self) -> float | None:
        """Seconds from the request to the first token; None before it."""
        return None if self._first_token_at is None else self._first_token_at - self._started_at

    @property
    def tokens_per_s(self) -> float | None:
        """Rate since the first token, None until there are two."""
        if self._first_token_at is None or self._fresh_tokens < 2 or self._last_token_at <= self._first_token_at:
            return None
        return (self._fresh_tokens - 1) / (self._last_token_at - self._first_token_at)

    @property
    def context_used(self) -> int | None:
        """Tokens of the context that are taken at this moment; None before the prompt was measured."""
        return None if self.prompt is None else self.prompt.prompt_tokens + self._fresh_tokens

    def _add_text(self, text: str) -> None:
        if text:
            self._text.append(text)
            self._unsaved_text.append(text)

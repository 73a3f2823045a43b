"""What a branch has from the reply that it leaves: its first tokens, with how they were drawn there."""

from collections.abc import Sequence

import msgspec

from app.chat.token_choice import Branch
from app.storage.rows import Kept, MessageRow
from engine.records import GenerationSettings, TokenRecord


def made_with(message: MessageRow, index: int) -> tuple[GenerationSettings | None, int | None]:
    """The settings and the seed that drew a token of a reply; None where they are not known."""
    for part in message.fork.kept if message.fork is not None else ():
        if index < part.end:
            return part.settings, part.seed
    return message.settings, message.summary.seed if message.summary is not None else None


def take_over(branch: Branch, left: MessageRow) -> Branch:
    """The branch with the records of the reply that it leaves; without them where nobody knows how that was drawn."""
    settings, summary, position = left.settings, left.summary, branch.fork.position
    if settings is None or summary is None or not position:
        return msgspec.structs.replace(branch, kept=())
    parts: list[Kept] = []
    for part in (*(left.fork.kept if left.fork is not None else ()), Kept(position, settings, summary.seed)):
        if not parts or parts[-1].end < position:
            parts.append(msgspec.structs.replace(part, end=min(part.end, position)))
    return msgspec.structs.replace(branch, fork=msgspec.structs.replace(branch.fork, kept=tuple(parts)))


def with_kept(arrived: Sequence[TokenRecord], kept: Sequence[TokenRecord]) -> tuple[TokenRecord, ...]:
    """The records of a branch as they arrive, those of the tokens that it kept as they were told when they were drawn."""
    return tuple(
        kept[record.position]
        if record.position < len(kept) and kept[record.position].token.id == record.token.id
        else record
        for record in arrived
    )

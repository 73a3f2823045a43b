"""The candidates of a place as they are offered: which may be taken over into a text, and under which figure."""

import math
from collections.abc import Sequence

import msgspec

from app.inspector.rows import Row
from app.widgets.formats import visible
from engine.records import KEPT, TokenRecord


class Offer(msgspec.Struct, frozen=True):
    """One candidate. text is what it would add, "" where it cannot be taken: a control token, or half a character.

    named: whether its bytes are known. removed_by: the stage that took it out, "" for a survivor; drawn: the dart falls on it.
    """

    id: int
    piece: bytes
    text: str
    raw: float
    final: float
    removed_by: str
    drawn: bool
    named: bool = True

    @property
    def label(self) -> str:
        """Its text with its blanks to be seen, or its number."""
        return visible(self.piece) if self.named else f"#{self.id}"


def stored_offers(record: TokenRecord, special: bool = False) -> list[Offer]:
    """All stored candidates, the most likely first; what the chain draws is among them, at the end if need be.

    special: a control token can be taken too, by its name.
    """
    stored = record.candidates
    stages = [stage.name for stage in record.stages]
    found = []
    listed = zip(
        stored.id_array().tolist(),
        stored.pieces,
        stored.logit_array().tolist(),
        stored.final_array().tolist(),
        stored.removed_by_array().tolist(),
        strict=True,
    )
    for id, piece, logit, final, remover in listed:
        control = (id == record.token.id and record.token.control) or looks_like_control(piece)
        found.append(
            Offer(
                id,
                piece,
                "" if control and not special else text_of(piece),
                math.exp(logit - record.log_sum_exp),
                final,
                "" if remover == KEPT or remover >= len(stages) else stages[remover],
                id == record.token.id,
            )
        )
    if not any(offer.drawn for offer in found):
        token = record.token
        text = "" if token.control and not special else text_of(token.bytes)
        final = record.final_probability or 0.0
        found.append(Offer(token.id, token.bytes, text, math.exp(record.logprob), final, "", True))
    return found


def further_offers(rows: Sequence[Row], special: bool = False) -> list[Offer]:
    """Candidates beyond those that are stored."""
    return [
        Offer(
            row.id,
            row.piece,
            "" if looks_like_control(row.piece) and not special else text_of(row.piece),
            row.raw,
            row.final,
            row.removed_by,
            False,
            row.named,
        )
        for row in rows
    ]


def text_of(piece: bytes) -> str:
    """What a token adds to a text; "" for half a character."""
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return ""


def looks_like_control(piece: bytes) -> bool:
    """Whether a stored piece is the name of a control token: candidates are stored by their bytes alone."""
    return piece.startswith((b"<|", b"</s>", b"<s>", b"<unk>", b"<pad>")) and piece.endswith(b">")

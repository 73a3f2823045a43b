"""What the inspector shows of a record, as values: no widgets, no drawing."""

import math
from collections.abc import Sequence

import msgspec

from engine.records import KEPT, StageTrace, TokenRecord
from engine.sampling.chain import Outcome


class Row(msgspec.Struct, frozen=True):
    """One candidate. removed_by is the stage's name, "" for a survivor; raw over the full vocabulary, final after the chain.

    named: whether its bytes are known.
    """

    id: int
    piece: bytes
    logit: float
    raw: float
    final: float
    removed_by: str
    chosen: bool
    named: bool = True


class Table(msgspec.Struct, frozen=True):
    """The candidates of one position, the rest of the vocabulary as sums, and the draw.

    number_left: tokens of the vocabulary that are not listed. drawn is false where nothing was drawn (forced, scored).
    """

    rows: tuple[Row, ...]
    number_left: int
    raw_left: float
    final_left: float
    drawn: bool
    dart: float | None
    exact: bool

    @property
    def chosen(self) -> Row | None:
        return next((row for row in self.rows if row.chosen), None)


class StageRow(msgspec.Struct, frozen=True):
    """What one stage did. before and kept count tokens, None where only the stored ones are known; mass is the share of the
    probability that stayed; divergence in bits for a stage that removes nothing."""

    name: str
    before: int | None
    kept: int | None
    mass: float
    divergence_bits: float

    @property
    def removes(self) -> bool:
        return self.before != self.kept

    @property
    def idle(self) -> bool:
        """Whether nothing changed at this position."""
        return not self.removes and self.divergence_bits < 1e-9


def stage_rows(stages: Sequence[StageTrace], vocabulary_size: int, listed: int | None = None) -> tuple[StageRow, ...]:
    """The funnel from the vocabulary down. listed: how many candidates a preview had, None for what really happened."""
    rows: list[StageRow] = []
    before: int | None = vocabulary_size
    for trace in stages:
        # A preview that still has every stored candidate may have tokens that are not stored as well.
        kept = None if listed is not None and listed < vocabulary_size and trace.kept >= listed else trace.kept
        if kept is None and not rows:
            before = None
        rows.append(StageRow(trace.name, before, kept, trace.mass, trace.divergence_bits))
        before = kept
    return tuple(rows)


def table_of(record: TokenRecord, outcome: Outcome | None = None, further: Sequence[Row] = ()) -> Table:
    """The table of a record as it was, or as it would be after another chain (outcome of engine.sampling.preview).

    further: rows of tokens that the record does not list.
    """
    stored = record.candidates
    names = [stage.name for stage in (record.stages if outcome is None else outcome.stages)]
    final = stored.final_array() if outcome is None else outcome.final
    removed = stored.removed_by_array() if outcome is None else outcome.removed_by
    chosen = record.token.id if outcome is None else outcome.id
    drawn = record.dart is not None or outcome is not None
    rows = []
    listed = zip(
        stored.id_array().tolist(),
        stored.pieces,
        stored.logit_array().tolist(),
        final.tolist(),
        removed.tolist(),
        strict=True,
    )
    for id, piece, logit, probability, remover in listed:
        rows.append(
            Row(
                id=id,
                piece=piece,
                logit=logit,
                raw=math.exp(logit - record.log_sum_exp),
                final=probability if drawn else 0.0,
                removed_by="" if remover == KEPT or remover >= len(names) else names[remover],
                chosen=id == chosen,
            )
        )
    if not any(row.chosen for row in rows) and outcome is None and not math.isnan(record.logprob):
        # A token from outside the stored candidates still has its own row.
        rows.append(
            Row(
                record.token.id,
                record.token.bytes,
                record.logprob + record.log_sum_exp,
                math.exp(record.logprob),
                record.final_probability or 0.0,
                "",
                True,
            )
        )
    if further:
        rows = sorted((*rows, *further), key=lambda row: (-row.logit, row.id))
    raw_left = max(0.0, 1.0 - sum(row.raw for row in rows))
    final_left = max(0.0, 1.0 - sum(row.final for row in rows)) if drawn else 0.0
    return Table(
        rows=tuple(rows),
        number_left=max(0, record.vocabulary_size - len(rows)),
        raw_left=raw_left,
        final_left=0.0 if final_left < 1e-6 else final_left,
        drawn=drawn,
        dart=record.dart if outcome is None else outcome.dart,
        exact=True if outcome is None else outcome.exact,
    )


def hit(table: Table) -> Row | None:
    """The candidate that the dart fell on; None where that is none of those listed."""
    dart = table.dart
    return next((row for row, start, end in cumulative(table) if dart is not None and start <= dart < end), None)


def cumulative(table: Table) -> list[tuple[Row, float, float]]:
    """The survivors with where each begins and ends on the bar from 0 to 1, in the order of the draw."""
    parts, start = [], 0.0
    for row in sorted((row for row in table.rows if row.final > 0), key=lambda row: (-row.logit, row.id)):
        parts.append((row, start, start + row.final))
        start += row.final
    return parts

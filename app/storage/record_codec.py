"""Token records as bytes for the database: msgpack arrays (no field names), deflated."""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.records import Candidates, StageTrace, Token, TokenRecord

_encoder = msgspec.msgpack.Encoder()


def encode_records(records: Sequence[TokenRecord], level: int = 1) -> bytes:
    """Bytes of a chunk of records; a higher level is for a reply that has ended."""
    rows = [
        (
            msgspec.structs.astuple(record.token),
            msgspec.structs.astuple(record.candidates),
            [_stage_row(stage) for stage in record.stages],
            (record.position, record.logprob, record.rank, record.entropy_bits, record.log_sum_exp),
            (record.tail_mass, record.tail_square_mass, record.vocabulary_size),
            (record.dart, record.final_probability, record.time_ms, record.forced),
        )
        for record in records
    ]
    return zlib.compress(_encoder.encode(rows), level)


def decode_records(data: bytes) -> list[TokenRecord]:
    """The records of a chunk."""
    rows: list[Any] = msgspec.msgpack.decode(zlib.decompress(data))
    return [_record(row) for row in rows]


def _stage_row(stage: StageTrace) -> tuple[Any, ...]:
    """Most stages learn nothing: what they know takes no room."""
    row = msgspec.structs.astuple(stage)
    return row if stage.state else row[:5]


def _record(row: Any) -> TokenRecord:
    token, candidates, stages, raw, tail, drawn = row
    ids, logits, final, removed_by, pieces = candidates
    position, logprob, rank, entropy_bits, log_sum_exp = raw
    tail_mass, tail_square_mass, vocabulary_size = tail
    dart, final_probability, time_ms, forced = drawn
    return TokenRecord(
        token=Token(*token),
        position=position,
        logprob=logprob,
        rank=rank,
        entropy_bits=entropy_bits,
        log_sum_exp=log_sum_exp,
        candidates=Candidates(ids, logits, final, removed_by, tuple(pieces)),
        tail_mass=tail_mass,
        tail_square_mass=tail_square_mass,
        vocabulary_size=vocabulary_size,
        stages=tuple(StageTrace(*stage[:5], *map(tuple, stage[5:])) for stage in stages),
        dart=dart,
        final_probability=final_probability,
        time_ms=time_ms,
        forced=forced,
    )

"""Token records as bytes for the database: columns in msgpack, deflated while a reply is written, in LZMA once it has ended.

Chunks of older releases, rows of msgpack, are still read.
"""

import lzma
import math
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.storage.record_columns import CandidateColumns, from_columns, from_planes, is_regular, planes, to_columns
from engine.records import Candidates, StageTrace, Token, TokenRecord

_COLUMNS, _ENDED = b"\x02", b"\x03"  # before columns, deflated or in LZMA; deflated rows begin with 0x78
#: Without a container. No byte tells of the one before it, so no context is spent on that; 9 % smaller than deflated at its best.
_LZMA = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 0, "lp": 0, "pb": 0}]
_NUMBERS = ("entropy_bits", "log_sum_exp", "tail_mass", "tail_square_mass", "time_ms")
_encoder = msgspec.msgpack.Encoder()


class _Chunk(msgspec.Struct, frozen=True, array_like=True):
    """Columns of n records. numbers: float64 as planes; logprob, and divergence of a stage, are the bits in which they differ from
    what candidates and mass say; drawn: of those that were drawn, dart and final probability; learnt: a stage's number and states.
    """

    tokens: list[int | tuple[int, bytes, bool]]  # the place among its candidates, else what it is
    whole: list[tuple[int, int, int, bool, bool]]  # position, rank, vocabulary size, forced, drawn
    candidates: CandidateColumns
    numbers: list[bytes]
    logprob: bytes
    drawn: list[bytes]
    chains: list[list[str]]
    chain_of: list[int]
    kept: list[int]
    masses: bytes
    divergences: bytes
    cutoffs: list[float | None]
    learnt: list[tuple[int, list[float], list[float]]]


_decoder = msgspec.msgpack.Decoder(_Chunk)


def encode_records(records: Sequence[TokenRecord], ended: bool = False) -> bytes:
    """Bytes of a chunk of records. ended: of a whole reply, as few as can be; else as quickly as can be."""
    if not is_regular([record.candidates for record in records]):
        return zlib.compress(_encoder.encode([_row(record) for record in records]), 6 if ended else 1)
    columns = _encoder.encode(_chunk(records))
    if ended:
        return _ENDED + lzma.compress(columns, lzma.FORMAT_RAW, filters=_LZMA)
    return _COLUMNS + zlib.compress(columns, 1)


def decode_records(data: bytes) -> list[TokenRecord]:
    """The records of a chunk."""
    if data[:1] == _ENDED:
        return _records(_decoder.decode(lzma.decompress(memoryview(data)[1:], lzma.FORMAT_RAW, filters=_LZMA)))
    if data[:1] == _COLUMNS:
        return _records(_decoder.decode(zlib.decompress(memoryview(data)[1:])))
    rows: list[Any] = msgspec.msgpack.decode(zlib.decompress(data))
    return [_record(row) for row in rows]


# --- columns ----------------------------------------------------------------------------------------------------------


def _chunk(records: Sequence[TokenRecord]) -> _Chunk:
    stages = [stage for record in records for stage in record.stages]
    chains = list(dict.fromkeys(tuple(stage.name for stage in record.stages) for record in records))
    drawn = [record for record in records if record.dart is not None and record.final_probability is not None]
    masses = _column(stage.mass for stage in stages)
    return _Chunk(
        [_place(record) for record in records],
        [(r.position, r.rank, r.vocabulary_size, r.forced, r.dart is not None) for r in records],
        to_columns([record.candidates for record in records]),
        [planes(_column(getattr(record, name) for record in records)) for name in _NUMBERS],
        planes(_differing(_column(r.logprob for r in records), _column(map(_logprob, records)))),
        [planes(_column(r.dart for r in drawn)), planes(_column(r.final_probability for r in drawn))],
        [list(chain) for chain in chains],
        [chains.index(tuple(stage.name for stage in record.stages)) for record in records],
        [stage.kept for stage in stages],
        planes(masses),
        planes(_differing(_column(stage.divergence_bits for stage in stages), _divergences(masses))),
        [stage.cutoff for stage in stages],
        [(n, list(stage.state), list(stage.next_state)) for n, stage in enumerate(stages) if stage.state],
    )


def _records(chunk: _Chunk) -> list[TokenRecord]:
    candidates, traces = from_columns(chunk.candidates), _traces(chunk)
    numbers = [from_planes(column, "<f8").tolist() for column in chunk.numbers]
    lengths = [len(chunk.chains[chain]) for chain in chunk.chain_of]
    borders = np.cumsum([0, *lengths]).tolist()
    darts = zip(*(from_planes(column, "<f8").tolist() for column in chunk.drawn), strict=True)
    records = []
    for place, (position, rank, size, forced, drawn) in enumerate(chunk.whole):
        entropy, total, tail, tail_squares, time_ms = (column[place] for column in numbers)
        dart, probability = next(darts) if drawn else (None, None)
        records.append(
            TokenRecord(
                token=_token(chunk.tokens[place], candidates[place]),
                position=position,
                logprob=math.nan,
                rank=rank,
                entropy_bits=entropy,
                log_sum_exp=total,
                candidates=candidates[place],
                tail_mass=tail,
                tail_square_mass=tail_squares,
                vocabulary_size=size,
                stages=tuple(traces[borders[place] : borders[place + 1]]),
                dart=dart,
                final_probability=probability,
                time_ms=time_ms,
                forced=forced,
            )
        )
    logprobs = _differing(from_planes(chunk.logprob, "<f8"), _column(map(_logprob, records))).tolist()
    return [msgspec.structs.replace(record, logprob=logprob) for record, logprob in zip(records, logprobs, strict=True)]


def _traces(chunk: _Chunk) -> list[StageTrace]:
    """Of all records, one after the other."""
    masses = from_planes(chunk.masses, "<f8")
    divergences = _differing(from_planes(chunk.divergences, "<f8"), _divergences(masses)).tolist()
    names = [name for chain in chunk.chain_of for name in chunk.chains[chain]]
    learnt = {number: (tuple(before), tuple(after)) for number, before, after in chunk.learnt}
    columns = zip(names, chunk.kept, masses.tolist(), divergences, chunk.cutoffs, strict=True)
    return [StageTrace(*column, *learnt.get(number, ((), ()))) for number, column in enumerate(columns)]


def _place(record: TokenRecord) -> int | tuple[int, bytes, bool]:
    """Where the token stands among its candidates; for one that is not there as it is, the token."""
    token, candidates = record.token, record.candidates
    found = (candidates.id_array() == token.id).nonzero()[0]
    if not token.control and len(found) and candidates.pieces[found[0]] == token.bytes:
        return int(found[0])
    return token.id, token.bytes, token.control


def _token(place: int | tuple[int, bytes, bool], candidates: Candidates) -> Token:
    if isinstance(place, int):
        return Token(int(candidates.id_array()[place]), candidates.pieces[place])
    return Token(*place)


def _column(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array(list(values), dtype="<f8")


def _differing(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The bits in which numbers differ; done twice it gives the numbers back."""
    bits: NDArray[np.float64] = (left.view("<u8") ^ right.view("<u8")).view("<f8")
    return bits


def _logprob(record: TokenRecord) -> float:
    """What its candidates say of a token; 0 where it is not among them."""
    ids = record.candidates.id_array()
    found = (ids == record.token.id).nonzero()[0]
    return float(record.candidates.logit_array()[found[0]]) - record.log_sum_exp if len(found) else 0.0


def _divergences(masses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of stages that only cut; 0 for those that keep everything."""
    return _column(-math.log2(mass) if 0 < mass < 1 else 0.0 for mass in masses.tolist())


# --- rows, as older releases wrote them -------------------------------------------------------------------------------


def _row(record: TokenRecord) -> tuple[Any, ...]:
    return (
        msgspec.structs.astuple(record.token),
        msgspec.structs.astuple(record.candidates),
        [_stage_row(stage) for stage in record.stages],
        (record.position, record.logprob, record.rank, record.entropy_bits, record.log_sum_exp),
        (record.tail_mass, record.tail_square_mass, record.vocabulary_size),
        (record.dart, record.final_probability, record.time_ms, record.forced),
    )


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

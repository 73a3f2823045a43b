"""Records come back from their bytes to the last bit, whatever stands in them, and those of older releases are read."""

import struct
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.record_codec import _row, decode_records, encode_records
from engine.records import KEPT, Candidates, StageTrace, Token, TokenRecord
from engine.sampling.chain import Chain
from engine.sampling.record import observe, pick
from engine.sampling.registry import default_settings, neutral_settings, with_values
from tests.helpers.records import make_record

NUMBERS = st.floats() | st.sampled_from([0.0, -0.0, 1.0, float("inf"), -float("inf")])
NARROW = st.floats(width=32)


def as_bytes(records):
    """Two records are the same if these are: nan is equal to itself here, and 0 is not -0."""
    return msgspec.msgpack.encode(records), [
        struct.pack("<6d", r.logprob, r.entropy_bits, r.log_sum_exp, r.tail_mass, r.tail_square_mass, r.time_ms)
        for r in records
    ]


def array(kind, values):
    return np.array(values, dtype=kind).tobytes()


@st.composite
def any_record(draw):
    count = draw(st.integers(0, 6))
    each = lambda strategy: draw(st.lists(strategy, min_size=count, max_size=count))  # noqa: E731
    ids, pieces = each(st.integers(-1, 2**31 - 1)), each(st.binary(max_size=4))
    removed_by = each(st.sampled_from([KEPT, KEPT, 0, 1]))
    final = [p if by == KEPT or draw(st.booleans()) else 0.0 for p, by in zip(each(NARROW), removed_by, strict=True)]
    candidates = Candidates(
        array("<i4", ids), array("<f4", each(NARROW)), array("<f4", final), bytes(removed_by), tuple(pieces)
    )
    state = st.lists(NUMBERS, max_size=2).map(tuple)
    traces = st.builds(StageTrace, st.text(max_size=3), st.integers(0, 9), NUMBERS, NUMBERS, st.none() | NUMBERS)
    stages = [
        msgspec.structs.replace(trace, state=known, next_state=draw(state)) if (known := draw(state)) else trace
        for trace in draw(st.lists(traces, max_size=3))
    ]
    inside = st.sampled_from(list(zip(ids, pieces, strict=True))) if count else st.nothing()
    id, piece = draw(inside | st.tuples(st.integers(0, 2**31 - 1), st.binary(max_size=4)))
    drawn = draw(st.booleans())
    return TokenRecord(
        token=Token(id, piece, draw(st.booleans())),
        position=draw(st.integers(0, 2**40)),
        logprob=draw(NUMBERS),
        rank=draw(st.integers(0, 2**31)),
        entropy_bits=draw(NUMBERS),
        log_sum_exp=draw(NUMBERS),
        candidates=candidates,
        tail_mass=draw(NUMBERS),
        tail_square_mass=draw(NUMBERS),
        vocabulary_size=draw(st.integers(0, 2**31)),
        stages=tuple(stages),
        dart=draw(NUMBERS) if drawn else None,
        final_probability=draw(NUMBERS) if drawn else None,
        time_ms=draw(NUMBERS),
        forced=draw(st.booleans()),
    )


@given(st.lists(any_record(), max_size=5), st.booleans())
def test_whatever_is_in_a_record_comes_back(records, ended):
    assert as_bytes(decode_records(encode_records(records, ended))) == as_bytes(records)


def replies(chain, count=60, size=8192):
    random, history, records = np.random.default_rng(3), [], []
    for position in range(count):
        logits = random.normal(0, 2, size).astype(np.float32)
        logits[random.integers(0, size, 30)] += np.linspace(8, 1, 30, dtype=np.float32)
        records.append(pick(chain, logits, history, position, 5, lambda id: Token(id, b" %d" % id)))
        history.append(records[-1].token.id)
    return records


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({}, 560),
        ({("temperature", "temperature"): 0.8, ("top_k", "k"): 40, ("min_p", "p"): 0.05}, 560),
        ({("penalties", "repeat"): 1.2, ("temperature", "temperature"): 1.3}, 600),
        ({("mirostat_2", "tau"): 5.0}, 580),
    ],
)
def test_real_records_come_back_and_take_little_room(changes, limit):
    records = replies(Chain(with_values(neutral_settings(), changes)))
    data = encode_records(records, ended=True)
    assert decode_records(data) == records
    # Sixty tokens of random logits have a list of pieces of their own each: those of a text take a quarter less.
    assert len(data) / len(records) < limit


def test_scored_records_and_those_of_several_chains_stand_in_one_chunk():
    logits = np.random.default_rng(1).normal(0, 2, 300).astype(np.float32)
    name = lambda id: Token(id, b"%d" % id)  # noqa: E731
    records = [
        pick(Chain(default_settings()), logits, [], 0, 1, name),
        observe(logits, 299, 1, name, forced=True),
        pick(Chain(neutral_settings()), logits, [], 2, 1, name, candidates=4),
        make_record(3),
        observe(logits, 7, 4, name, candidates=0),
    ]
    assert decode_records(encode_records(records)) == records


def test_chunks_of_older_releases_are_read():
    records = [make_record(0), make_record(1, b"\xf0\x9f")]
    rows = zlib.compress(msgspec.msgpack.encode([_row(record) for record in records]), 1)
    assert decode_records(rows) == records

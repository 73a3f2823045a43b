"""Frames: any cut of the stream gives the same messages; garbage is an error of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.records import GenerationSettings, Message
from engine.worker.protocol import (
    Cancel,
    Failed,
    FrameReader,
    Generate,
    Hello,
    Progress,
    ProtocolError,
    Tokens,
    decode_event,
    decode_request,
    encode_frame,
)
from tests.helpers.records import make_record

EVENTS = [
    Hello(),
    Progress(3, "prompt", 5, 10),
    Tokens(3, (make_record(0), make_record(1, b"\xff")), "text é"),
    Failed(3, "x", "y"),
]


@given(st.lists(st.integers(1, 50), max_size=80))
def test_frames_survive_any_cut(sizes):
    data, reader, found, place = b"".join(map(encode_frame, EVENTS)), FrameReader(), [], 0
    for size in [*sizes, len(data)]:
        found += [decode_event(body) for body in reader.feed(data[place : place + size])]
        place += size
    assert found == EVENTS


def test_requests_come_back_as_they_were():
    request = Generate(1, (Message("user", "hi", (1, 2), "h"),), GenerationSettings(max_tokens=4), (7,))
    for message in (request, Cancel(4)):
        (body,) = FrameReader().feed(encode_frame(message))
        assert decode_request(body) == message


@given(st.binary(min_size=1, max_size=60))
def test_garbage_is_refused(data):
    with pytest.raises(ProtocolError):
        decode_request(b"\xc1" + data)


def test_an_absurd_length_is_refused_at_once():
    with pytest.raises(ProtocolError):
        list(FrameReader().feed(b"\xff\xff\xff\xff"))

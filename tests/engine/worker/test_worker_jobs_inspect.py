"""The jobs of the chat that only look, over a small real model in this process."""

import msgspec
import pytest

from engine.errors import Cancelled
from engine.inference.load import open_model
from engine.records import GenerationSettings, Message, SamplingSettings, SavedReply, StageSettings
from engine.worker.jobs import run
from engine.worker.protocol import (
    Done,
    FrameReader,
    Generate,
    LoadModel,
    Progress,
    Replay,
    ReplayFound,
    Tokens,
    decode_event,
    decode_request,
    encode_frame,
)
from engine.worker.reporter import Reporter
from engine.worker.session import Session
from tests.helpers.small_models import small_llama_gguf

MESSAGES = (Message("system", "Be brief."), Message("user", "Where is the fox?"))
WARM = GenerationSettings(
    SamplingSettings((StageSettings("temperature", True, {"temperature": 1.2}),), 5), max_tokens=16
)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    path = small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")
    session = Session()
    session.take(open_model(path, 256, threads=1, exact=True), LoadModel(0, str(path)))
    yield session
    session.unload()


def ask(session, request, cancelled=lambda: False):
    """What a job says and its end, each through the wire."""
    (body,) = FrameReader().feed(encode_frame(request))
    said = []
    done = run(session, decode_request(body), Reporter(request.job, said.append, cancelled))
    return [decode_event(next(iter(FrameReader().feed(encode_frame(event))))) for event in said], done


def reply_to(session, messages=MESSAGES, settings=WARM):
    said, done = ask(session, Generate(1, messages, settings))
    records = tuple(record for event in said if isinstance(event, Tokens) for record in event.records)
    return SavedReply(messages, settings, done.reply, records, session.model.vocabulary.hash)


def test_a_saved_reply_is_played_again_with_progress(session):
    saved = reply_to(session)
    said, done = ask(session, Replay(2, saved))
    assert done == Done(2)
    (found,) = (event.found for event in said if isinstance(event, ReplayFound))
    assert found.same and found.largest_change < 1e-4 and found.total == len(saved.records)
    last = [event for event in said if isinstance(event, Progress)][-1]
    assert last == Progress(2, "replay", found.total, found.total)
    other = msgspec.structs.replace(saved, summary=msgspec.structs.replace(saved.summary, seed=6))
    said, _ = ask(session, Replay(3, other))
    assert not said[-1].found.same
    with pytest.raises(Cancelled):
        ask(session, Replay(4, saved), cancelled=lambda: True)

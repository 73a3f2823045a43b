"""The jobs of the chat that only look, over a small real model in this process."""

import math

import msgspec
import numpy as np
import pytest

from engine.errors import Cancelled
from engine.inference.load import open_model
from engine.records import GenerationSettings, Message, SamplingSettings, SavedReply, StageSettings
from engine.worker.jobs import run
from engine.worker.protocol import (
    Done,
    FrameReader,
    FullLogits,
    Generate,
    LoadModel,
    NameTokens,
    Progress,
    PromptLayout,
    Replay,
    ReplayFound,
    ScorePrompt,
    TokenList,
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


def scores_of(session, messages, left_out=0):
    said, done = ask(session, ScorePrompt(7, messages, left_out))
    assert done == Done(7)
    (layout,) = (event for event in said if isinstance(event, PromptLayout))
    return layout.owners, [record for event in said if isinstance(event, Tokens) for record in event.records], said


def test_a_prompt_is_scored_as_the_model_will_read_it(session):
    model = session.model
    ids = session.prompts.build(MESSAGES).ids
    owners, records, said = scores_of(session, MESSAGES)
    assert [record.token.id for record in records] == ids and len(owners) == len(ids)
    assert [record.position for record in records] == list(range(len(ids)))
    assert math.isnan(records[0].logprob) and not len(records[0].candidates), "nothing stands before the first"
    model.rewind(0)
    rows = np.concatenate(list(map(np.copy, model.extend(ids, rows="all")))).astype(np.float64)
    logs = rows - np.logaddexp.reduce(rows, axis=1, keepdims=True)
    expected = logs[np.arange(len(ids) - 1), ids[1:]]
    np.testing.assert_allclose([record.logprob for record in records[1:]], expected, atol=1e-4)
    assert said[-1] == Progress(7, "score", len(ids), len(ids)) or isinstance(said[-1], Tokens)
    text = b"".join(r.token.bytes for r, owner in zip(records, owners, strict=True) if owner == 1)
    assert text.decode().strip() == "Where is the fox?"


def test_a_reply_that_was_recorded_is_read_but_not_recorded_again_and_the_prompt_is_ready_after(session):
    saved = reply_to(session)
    own = tuple(record.token.id for record in saved.records)
    said = Message("assistant", saved.summary.text, own, session.model.vocabulary.hash)
    talk = (*MESSAGES, said, Message("user", "Why?"))
    owners, records, _ = scores_of(session, talk)
    assert 2 in owners and not any(owners[record.position] == 2 for record in records)
    imported = (*MESSAGES, Message("assistant", "In the wood."), Message("user", "Why?"))
    owners, records, _ = scores_of(session, imported)
    assert any(owners[record.position] == 2 for record in records)
    _, done = ask(session, Generate(8, imported, WARM))
    assert done.reply.timing.prompt_tokens == 1, "all but its last token was evaluated"


def test_messages_that_the_model_was_not_shown_are_not_scored(session):
    talk = (*MESSAGES, Message("assistant", "In the wood."), Message("user", "Why?"))
    owners, _, _ = scores_of(session, talk, left_out=2)
    assert set(owners) == {-1, 0, 3}


def test_the_whole_row_of_a_token_of_the_prompt(session):
    _, records, _ = scores_of(session, MESSAGES)
    record = records[5]
    said, _ = ask(session, FullLogits(9, MESSAGES, (), 0, 5))
    (event,) = said
    row = np.frombuffer(event.logits, "<f4")
    assert event.pieces == {r.token.id: r.token.bytes for r in records[:5]}
    assert len(event.history) == 5 and event.history == tuple(r.token.id for r in records[:5])
    np.testing.assert_allclose(row[record.candidates.id_array()], record.candidates.logit_array(), atol=1e-4)


def test_the_row_comes_with_what_the_grammars_allow_there(session):
    vocabulary = session.model.vocabulary
    pieces = [vocabulary.token(id).bytes for id in range(vocabulary.size)]
    yes, no = vocabulary.encode("yes"), vocabulary.encode("no")

    def allowed(ids, **grammars):
        said, _ = ask(session, FullLogits(11, MESSAGES, tuple(ids), 0, 0, grammars))
        masks = said[0].allowed
        return {name: np.unpackbits(np.frombuffer(bits, np.uint8), count=len(pieces)) for name, bits in masks.items()}

    found = allowed([], grammar='root ::= "yes" | "no"', json_schema="no JSON")
    assert list(found) == ["grammar"], "one that cannot be read has no mask"
    wanted = [bool(piece) and (b"yes".startswith(piece) or b"no".startswith(piece)) for piece in pieces]
    assert found["grammar"].tolist() == wanted and any(wanted)
    rest = b"yes".removeprefix(pieces[yes[0]])
    later = allowed(yes[:1], grammar='root ::= "yes" | "no"')["grammar"]
    if rest:
        assert later.tolist() == [bool(piece) and rest.startswith(piece) for piece in pieces]
    assert allowed(no, grammar='root ::= "yes"') == {}, "what is not allowed is not put to the engine"


def test_ids_are_named_and_those_that_there_are_not_left_out(session):
    vocabulary = session.model.vocabulary
    said, _ = ask(session, NameTokens(10, (3, 40, vocabulary.size, -1)))
    assert said == [TokenList(10, (vocabulary.token(3), vocabulary.token(40)))]

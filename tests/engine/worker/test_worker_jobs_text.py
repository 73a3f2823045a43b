"""The jobs of the playground over a small real model, in this process."""

import msgspec
import numpy as np
import pytest

from engine.decoder.lora_config import LoraConfig
from engine.errors import Cancelled, UserError
from engine.gguf.adapter import export_adapter
from engine.inference.load import open_model
from engine.records import AdapterInfo, GenerationSettings, Message, SamplingSettings, StageSettings
from engine.records.explore import Bounds, Side
from engine.worker.jobs import run
from engine.worker.protocol import (
    CompareNext,
    CompareText,
    Complete,
    Done,
    ExplainToken,
    FrameReader,
    GrowTree,
    LayOut,
    LoadModel,
    NextToken,
    Progress,
    ReadText,
    Spans,
    TextScores,
    Tokenize,
    TokenList,
    Tokens,
    TreeNodes,
    decode_event,
    decode_request,
    encode_frame,
)
from engine.worker.reporter import Reporter
from engine.worker.session import Session
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import TEXT, small_decoder, small_llama_gguf

GREEDY = GenerationSettings(SamplingSettings((StageSettings("top_k", values={"k": 1}),)))
PLAIN = GenerationSettings()


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return [small_llama_gguf(folder / f"{seed}.gguf", seed=seed) for seed in (0, 5)]


@pytest.fixture(scope="module")
def session(paths):
    session = Session()
    session.take(open_model(paths[0], threads=1, exact=True), LoadModel(0, str(paths[0])))
    yield session
    session.unload()
    session.keep_beside(set())


def ask(session, request, cancelled=lambda: False, reply=False):
    """What a job says, each event through the wire."""
    (body,) = FrameReader().feed(encode_frame(request))
    said = []
    done = run(session, decode_request(body), Reporter(request.job, said.append, cancelled))
    assert done == Done(request.job) or reply
    return [decode_event(next(iter(FrameReader().feed(encode_frame(event))))) for event in said]


def records(events):
    return [record for event in events if isinstance(event, Tokens) for record in event.records]


def column(events, name, dtype):
    return np.concatenate([np.frombuffer(getattr(event, name), dtype) for event in events if event.ids])


def scores(session, text, known=b""):
    return [event for event in ask(session, ReadText(1, text, known)) if isinstance(event, TextScores)]


def test_the_next_token_for_several_chains_comes_from_one_row(session):
    plain, greedy = records(ask(session, NextToken(1, "The fox", (PLAIN, GREEDY), 5)))
    assert plain.log_sum_exp == greedy.log_sum_exp and plain.candidates.ids == greedy.candidates.ids
    assert greedy.token.id == greedy.candidates.id_array()[0] and greedy.final_probability == 1
    assert plain.dart == greedy.dart and plain.position == 0


def test_an_empty_text_has_a_next_token_too(session):
    row, event = ask(session, NextToken(1, "", (PLAIN,)))
    assert len(event.records) == 1 and len(row.logits) == 4 * event.records[0].vocabulary_size


def test_the_next_token_comes_with_its_whole_row_and_what_stands_before_it(session):
    vocabulary = session.model.vocabulary
    row, event = ask(session, NextToken(1, "The fox, the fox", (PLAIN,)))
    (record,) = event.records
    ids = vocabulary.encode("The fox, the fox")
    assert list(row.history)[-len(ids) :] == ids and len(row.history) - len(ids) == vocabulary.adds_bos
    assert row.pieces == {id: vocabulary.token(id).bytes for id in row.history}
    logits = np.frombuffer(row.logits, "<f4")
    assert len(logits) == vocabulary.size
    np.testing.assert_array_equal(logits[record.candidates.id_array()], record.candidates.logit_array())


def test_a_sequence_breaker_ends_a_repetition_in_a_plain_text_too(session):
    def dry(breakers):
        values = {"multiplier": 5.0, "base": 2.0, "allowed": 1}
        stage = StageSettings("dry", values=values, texts={"breakers": breakers})
        return GenerationSettings(SamplingSettings((stage,)))

    text = "one two three, one two three, one two three,"
    never, at_comma = records(ask(session, NextToken(1, text, (dry("@"), dry(",")))))
    shift = [stage.divergence_bits for stage in (never.stages[0], at_comma.stages[0])]
    assert shift[0] > 0 and shift[1] == 0, "the match would reach over the comma"


def test_names_of_control_tokens_count_where_that_is_asked_for(session):
    vocabulary = session.model.vocabulary
    end = next(id for id in sorted(vocabulary.end_ids) if vocabulary.token(id).bytes)
    name = vocabulary.token(end).bytes.decode()
    text = f"The fox{name}The owl"
    assert end not in vocabulary.encode(text) and end in vocabulary.encode(text, True)

    def ids_of(special):
        parts = [e for e in ask(session, ReadText(1, text, b"", special)) if isinstance(e, TextScores)][1:]
        ids, ends = column(parts, "ids", "<i4"), column(parts, "ends", "<i4")
        assert ends[-1] == len(text)
        return ids.tolist(), ends.tolist()

    assert ids_of(False)[0] == vocabulary.encode(text)
    ids, ends = ids_of(True)
    assert ids == vocabulary.encode(text, True)
    assert ends[ids.index(end)] == len("The fox" + name)
    row, _ = ask(session, NextToken(1, text, (PLAIN,), 0, True))
    assert end in row.history
    row, event = ask(session, ExplainToken(1, text, ids.index(end), True))
    assert event.records[0].token == vocabulary.token(end)
    sides = Side(session.model.info.path), Side(session.model.info.path, GREEDY.sampling)
    compared = [
        span
        for e in ask(session, CompareText(1, text, *sides, special=True))
        if isinstance(e, Spans)
        for span in e.spans
    ]
    assert [span.end for span in compared][-len(ids) + 1 :] == ends[1:]


def test_a_text_is_laid_out_as_the_template_has_it(session):
    (event,) = ask(session, LayOut(1, "Where is the fox?"))
    ids = [token.id for token in event.tokens]
    built = session.prompts.build([Message("user", "Where is the fox?")]).ids
    assert built[-len(ids) :] == ids and len(built) - len(ids) == session.model.vocabulary.adds_bos
    text = b"".join(token.bytes for token in event.tokens).decode()
    assert "Where is the fox?" in text and session.model.vocabulary.encode(text, True) == ids


def test_reading_gives_every_token_with_its_place(session):
    begin, *parts = scores(session, TEXT)
    ids = session.model.vocabulary.encode(TEXT)
    assert (begin.first, begin.total, begin.ids) == (0, len(ids), b"")
    assert column(parts, "ids", "<i4").tolist() == ids
    ends = column(parts, "ends", "<i4")
    assert ends[-1] == len(TEXT.encode("utf-16-le")) // 2 and (np.diff(ends) >= 0).all()
    assert np.isfinite(column(parts, "surprisal_bits", "<f4")).all()
    assert (column(parts, "rank", "<i4") >= 1).all()


def test_only_what_is_not_known_is_read(session):
    text = "The fox liked to count. The owl did not."
    whole = scores(session, text)
    ids = column(whole[1:], "ids", "<i4")
    changed = text.replace("did not", "did too")
    begin, *rest = scores(session, changed, ids.tobytes())
    new = session.model.vocabulary.encode(changed)
    same = sum(a == b for a, b in zip(new, ids.tolist(), strict=False))
    assert 0 < begin.first < len(new) and begin.first <= same
    assert rest[0].first == begin.first and column(rest, "ids", "<i4").tolist() == new[begin.first :]
    assert [event.first for event in scores(session, text, ids.tobytes())] == [len(ids)]


def test_reading_tells_how_far_it_is(session):
    progress = [event for event in ask(session, ReadText(1, TEXT)) if isinstance(event, Progress)]
    assert progress[-1].done == progress[-1].total == len(session.model.vocabulary.encode(TEXT))


def test_reading_can_be_cancelled(session):
    with pytest.raises(Cancelled):
        ask(session, ReadText(1, TEXT), lambda: True)


def test_a_token_is_explained_as_it_was_scored(session):
    parts = scores(session, TEXT)[1:]
    bits = column(parts, "surprisal_bits", "<f4")
    row, event = ask(session, ExplainToken(1, TEXT, 9))
    record = event.records[0]
    assert row.history[-9:] == tuple(session.model.vocabulary.encode(TEXT)[:9])
    assert np.frombuffer(row.logits, "<f4")[record.token.id] - record.log_sum_exp == pytest.approx(
        record.logprob, abs=1e-5
    )
    assert record.token.id == session.model.vocabulary.encode(TEXT)[9] and record.position == 9
    assert record.surprisal_bits == pytest.approx(bits[9], abs=1e-3) and len(record.candidates) == 64
    with pytest.raises(UserError):
        ask(session, ExplainToken(1, "short", 99))


def test_a_tree_comes_in_parts(session):
    events = ask(session, GrowTree(1, "The fox", Bounds(2, 2, 1.0, 50), GREEDY.sampling, 3))
    assert all(isinstance(event, TreeNodes) for event in events) and len(events) > 1
    assert [node.id for event in events for node in event.nodes] == list(range(6))


def test_two_models_are_compared_and_stay_loaded(session, paths):
    left, right = Side(str(paths[0])), Side(str(paths[1]))
    events = ask(session, CompareText(1, TEXT, left, right, 0, 0, 1))
    spans = [span for event in events if isinstance(event, Spans) for span in event.spans]
    assert any(isinstance(event, Progress) and event.phase == "load" for event in events)
    assert len(spans) == len(session.model.vocabulary.encode(TEXT)) and max(span.js_bits for span in spans) > 0.01
    again = ask(session, CompareNext(2, "The fox", left, right, 0, 0, 1))
    assert not any(isinstance(event, Progress) for event in again)
    first, second = records(again)
    assert first.candidates.logits != second.candidates.logits


def test_a_model_with_and_without_an_adapter_in_the_context_of_a_chat(session, paths, tmp_path):
    config = LoraConfig(rank=4)
    export_adapter(with_values(small_decoder(), config), config, tmp_path / "pirate.gguf")
    pirate = AdapterInfo("Pirate", str(tmp_path / "pirate.gguf"))
    without, beside = Side(str(paths[0])), Side(str(paths[0]), None, (pirate,))
    chat = (Message("user", "Where is the fox?"),)
    events = ask(session, CompareText(1, "The fox", beside, without, 0, 0, 1, messages=chat))
    spans = [span for event in events if isinstance(event, Spans) for span in event.spans]
    assert spans and all(span.js_bits > 1e-4 for span in spans)
    on, off = records(ask(session, CompareNext(2, "", beside, without, 0, 0, 1, messages=chat)))
    assert on.candidates.logits != off.candidates.logits
    switched_off = Side(str(paths[0]), None, (msgspec.structs.replace(pirate, scale=0.0),))
    events = ask(session, CompareText(3, "The fox", switched_off, without, 0, 0, 1, messages=chat))
    assert not any(isinstance(event, Progress) and event.phase == "load" for event in events)
    assert all(span.js_bits == 0 for event in events if isinstance(event, Spans) for span in event.spans)


def test_two_chains_of_the_loaded_model_need_no_other(session, paths):
    side = Side(str(paths[0]))
    events = ask(session, CompareText(1, "The fox", side, Side(str(paths[0]), GREEDY.sampling)))
    (spans,) = [event.spans for event in events if isinstance(event, Spans)]
    assert not any(isinstance(event, Progress) and event.phase == "load" for event in events)
    assert all(span.js_bits > 0 for span in spans)


@pytest.mark.parametrize(
    ("vocabulary", "pieces"),
    [("characters", ["n", "ã", "o"]), ("bytes", [b"n", b"\xc3", b"\xa3", b"o"])],
)
def test_a_text_in_other_vocabularies(session, vocabulary, pieces):
    (event,) = ask(session, Tokenize(1, "não", vocabulary))
    assert isinstance(event, TokenList)
    assert [token.bytes for token in event.tokens] == [p.encode() if isinstance(p, str) else p for p in pieces]


def test_a_text_in_the_vocabulary_of_a_file(session, paths, tmp_path):
    own = ask(session, Tokenize(1, TEXT))
    assert ask(session, Tokenize(1, TEXT, "file", str(paths[1]))) == own
    with pytest.raises(UserError):
        ask(session, Tokenize(1, TEXT, "file", str(tmp_path)))


def test_without_a_model_it_is_said(tmp_path):
    with pytest.raises(UserError) as told:
        ask(Session(), NextToken(1, "a", (PLAIN,)))
    assert told.value.code == "no-model"


def test_a_grammar_holds_at_the_caret_and_in_the_tree_as_in_what_is_written(session):
    stages = (StageSettings("grammar", texts={"grammar": 'root ::= "x" [0-9] [0-9] [0-9]'}),)
    settings = GenerationSettings(SamplingSettings(stages, 5), max_tokens=4)
    written = records(ask(session, Complete(1, "The fox", settings), reply=True))
    assert b"".join(record.token.bytes for record in written).startswith(b"x")
    row, event = ask(session, NextToken(1, "The fox", (settings,), 5))
    assert event.records[0].token == written[0].token
    mask = np.unpackbits(np.frombuffer(row.allowed["grammar"], np.uint8), count=event.records[0].vocabulary_size)
    assert mask[written[0].token.id] and 0 < mask.sum() < len(mask)
    grown = ask(session, GrowTree(1, "The fox", Bounds(3, 2, 1.0, 40), settings.sampling, 5))
    nodes = [node for e in grown if isinstance(e, TreeNodes) for node in e.nodes if node.sampled]
    assert [node.token_id for node in nodes] == [record.token.id for record in written[:3]]


def test_a_stage_that_learns_goes_on_along_the_path_that_is_drawn(session):
    stages = (StageSettings("mirostat_2", values={"tau": 2.0, "eta": 1.0}),)
    settings = GenerationSettings(SamplingSettings(stages, 5), max_tokens=12)
    written = records(ask(session, Complete(1, "The fox", settings), reply=True))
    states = [next(iter(stage.state for stage in record.stages)) for record in written]
    assert len(written) > 6 and len(set(states)) > 3, "it learns"
    grown = ask(session, GrowTree(1, "The fox", Bounds(len(written), 1, 0.1, 100), settings.sampling, 5))
    nodes = [node for e in grown if isinstance(e, TreeNodes) for node in e.nodes if node.sampled]
    assert [node.token_id for node in nodes] == [record.token.id for record in written]


def test_before_the_first_token_of_a_text_nothing_stands_where_the_vocabulary_puts_nothing_there(session, monkeypatch):
    monkeypatch.setattr("engine.worker.jobs.text.start_ids", lambda vocabulary: [])
    (event,) = ask(session, ExplainToken(1, TEXT, 0))
    (record,) = event.records
    assert record.token.id == session.model.vocabulary.encode(TEXT)[0] and np.isnan(record.logprob)

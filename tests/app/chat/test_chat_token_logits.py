"""The whole row of logits of the selected token: asked once, when nothing else is to be done, and checked against the record."""

import numpy as np
import pytest

from app.chat.token_logits import Question, Why
from app.chat.token_text import TokenText
from engine.records import Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import neutral_settings
from engine.worker.protocol import Failed, LogitsRow
from tests.helpers.records import make_record

LOGITS = np.linspace(3, -3, 40, dtype="<f4")


@pytest.fixture
def chosen(desk):
    desk.send("hello")
    message = desk.state.tree.path()[-1]
    desk.saved()
    chain = Chain(neutral_settings())
    records = [pick(chain, LOGITS, (), place, 7, lambda id: Token(id, b"%d " % id), 8) for place in range(3)]
    desk.state.texts.put(message.id, TokenText(records))
    desk.worker.row, desk.worker.row_history = LOGITS.tobytes(), (1, 2, 3)
    desk.state.choice.choose(message.id, 1)
    desk.state.logits.want(desk.state.question_of_choice())
    return desk


def asked(desk):
    return [request for request in desk.worker.requests if request[0] == "full_logits"]


def test_they_are_asked_for_once_with_what_stood_before(chosen):
    chosen.until(lambda: chosen.state.logits.row is not None)
    (request,) = asked(chosen)
    _, messages, before, left_out = request
    assert [message.role for message in messages] == ["user"] and left_out == 0
    assert before == chosen.state.token_text(chosen.state.choice.selected[0]).ids_before(1)
    chosen.state.logits.want(chosen.state.question_of_choice())
    chosen.saved()
    assert len(asked(chosen)) == 1


def test_a_row_of_another_vocabulary_is_refused(desk):
    record = make_record(0, id=1)
    logits = desk.state.logits
    logits.want(Question((1, 0), (), (4,), 0, "", record))
    desk.until(lambda: bool(asked(desk)))
    desk.until(lambda: logits.why is not Why.COMING)
    # The pretended model has two tokens, the record names id 9: that is another model.
    assert logits.row is None and logits.why is Why.OTHER_MODEL


def test_a_row_of_another_context_is_refused_and_one_of_another_path_is_told(chosen, monkeypatch):
    logits = chosen.state.logits
    chosen.until(lambda: logits.row is not None)
    question = logits._question
    recorded = question.record.candidates.logit_array()
    ids = question.record.candidates.id_array()
    row = np.zeros(question.record.vocabulary_size, dtype="<f4")
    row[ids] = recorded + 0.25
    logits.row, logits._job = None, 77
    logits._on_logits(LogitsRow(77, row.tobytes(), (1, 2, 3)))
    assert logits.row.difference == pytest.approx(0.25) and logits.row.history == (1, 2, 3)
    assert (logits.row.logits[ids] == recorded).all()
    row[ids] = recorded + 5
    logits.row = None
    logits._on_logits(LogitsRow(77, row.tobytes()))
    assert logits.row is None and logits.why is Why.OTHER_CONTEXT


def test_a_message_goes_first_and_they_are_asked_for_again(chosen):
    logits = chosen.state.logits
    chosen.until(lambda: logits.row is not None)
    chosen.state.choice.choose(chosen.state.choice.selected[0], 0)
    logits.want(chosen.state.question_of_choice())
    logits._later.stop()
    logits._ask()
    job = logits._job
    assert job is not None
    logits.give_way()
    assert ("cancel", job) in chosen.worker.requests
    chosen.until(lambda: logits.row is not None)
    assert len(asked(chosen)) == 3


def test_why_there_are_none_is_told(chosen):
    logits = chosen.state.logits
    chosen.until(lambda: logits.row is not None)
    logits.row, logits._job = None, 99
    logits._on_failed(Failed(99, "internal", "no"))
    assert logits.why is Why.FAILED
    chosen.saved()
    assert logits._job is None, "what failed is not tried again and again"
    logits.want(None)
    assert logits.why is Why.NOTHING


def test_a_candidate_that_no_record_lists_is_named_and_begins_a_branch(chosen):
    state = chosen.state
    chosen.until(lambda: state.logits.row is not None)
    state.branch(30)
    assert len(state.tree) == 2, "nothing is known of it"
    named = []
    state.names.named.connect(named.append)
    state.names.ask((30, 31))
    chosen.until(lambda: bool(named))
    assert named == [{30: b"n30", 31: b"n31"}]
    state.names.ask((31,))
    assert named[-1] == {31: b"n31"} and sum(request[0] == "name_tokens" for request in chosen.worker.requests) == 1
    record = state.token_text(state.choice.selected[0]).runs[1].record
    state.branch(30)
    chosen.idle()
    fork = state.tree.path()[-1].fork
    assert fork.piece == b"n30" and fork.position == 1
    assert fork.probability == pytest.approx(np.exp(LOGITS[30] - record.log_sum_exp), rel=1e-5)
    generate = [request for request in chosen.worker.requests if request[0] == "generate"][-1]
    assert generate[3][-1] == 30 and len(generate[3]) == 2

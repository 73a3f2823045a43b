"""Jobs that look without generating: scores, full logits, tokens."""

import numpy as np

from engine.inference.score import score
from engine.records import Message
from engine.worker.protocol import Done, FullLogits, LogitsRow, Score, Tokenize, TokenList
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run_score(session: Session, request: Score, reporter: Reporter) -> Done:
    """Records of every token of a text."""
    model = session.model
    total = len(model.vocabulary.encode(request.text))
    for done, record in enumerate(score(model, request.text, cancelled=reporter.cancelled), start=1):
        reporter.token(record, "")
        reporter.progress("score", done, total)
    reporter.flush()
    return Done(request.job)


def run_logits(session: Session, request: FullLogits, reporter: Reporter) -> Done:
    """The whole row of logits with which the token after the given ids of a reply was picked."""
    model = session.model
    head = 1 if request.messages and request.messages[0].role == "system" else 0
    messages = [*request.messages[:head], *request.messages[head + request.left_out :]]
    if request.reply_ids:
        content = model.vocabulary.decode(request.reply_ids).decode("utf-8", "replace")
        messages.append(Message("assistant", content, request.reply_ids, model.vocabulary.hash))
    ids = session.prompts.build(messages).ids
    common = next(
        (i for i, (a, b) in enumerate(zip(model.ids, ids, strict=False)) if a != b), min(len(model.ids), len(ids))
    )
    kept = model.rewind(min(common, len(ids) - 1))
    for row in model.extend(ids[kept:], cancelled=reporter.cancelled):
        if len(row):
            reporter.send(LogitsRow(request.job, np.ascontiguousarray(row[-1], dtype="<f4").tobytes()))
    return Done(request.job)


def run_tokenize(session: Session, request: Tokenize, reporter: Reporter) -> Done:
    """The tokens of a text."""
    vocabulary = session.model.vocabulary
    reporter.send(TokenList(request.job, tuple(vocabulary.token(id) for id in vocabulary.encode(request.text))))
    return Done(request.job)

"""Jobs that hold two models, or two chains, against each other."""

import time

from engine.inference.comparing import chain_of, compare, ids_before
from engine.inference.language_model import LanguageModel
from engine.inference.reading import row_before, start_ids
from engine.records import SamplingSettings
from engine.records.explore import Side, Span
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.worker.protocol import CompareNext, CompareText, Done, Spans
from engine.worker.reporter import Reporter
from engine.worker.session import Session

_COALESCE_S = 0.05
Request = CompareText | CompareNext


def run_text(session: Session, request: CompareText, reporter: Reporter) -> Done:
    """The spans of a text, a few at a time."""
    left, right = _models(session, request, reporter)
    total = max(1, len(request.text.encode("utf-16-le", "surrogatepass")) // 2)
    exact = left.vocabulary.hash == right.vocabulary.hash
    waiting: list[Span] = []
    last = time.monotonic()
    pair = (left, request.left.sampling), (right, request.right.sampling)
    for span in compare(*pair, request.text, request.seed, reporter.cancelled, request.messages, request.special):
        waiting.append(span)
        if time.monotonic() - last >= _COALESCE_S:
            reporter.send(Spans(request.job, tuple(waiting), exact))
            reporter.progress("score", span.end, total)
            waiting, last = [], time.monotonic()
    reporter.send(Spans(request.job, tuple(waiting), exact))
    return Done(request.job)


def run_next(session: Session, request: CompareNext, reporter: Reporter) -> Done:
    """Two records of what comes after a text, left and right."""
    for model, side in zip(_models(session, request, reporter), (request.left, request.right), strict=True):
        vocabulary = model.vocabulary
        before, ids = ids_before(model, request.messages), vocabulary.encode(request.text, request.special)
        row = row_before(model, [*before, *ids], len(before) + len(ids), reporter.cancelled)
        chain = chain_of(model, side.sampling) or Chain(SamplingSettings())
        history = [*start_ids(vocabulary), *before, *ids]
        reporter.token(pick(chain, row, history, len(ids), request.seed, vocabulary.token), "")
    reporter.flush()
    return Done(request.job)


def _models(session: Session, request: Request, reporter: Reporter) -> tuple[LanguageModel, LanguageModel]:
    """Both models; those of earlier comparisons that are not wanted any more are freed first."""
    session.keep_beside({(side.path, side.adapters) for side in (request.left, request.right)})
    left, right = (_model(session, request, side, reporter) for side in (request.left, request.right))
    return left, right


def _model(session: Session, request: Request, side: Side, reporter: Reporter) -> LanguageModel:
    return session.beside(
        side.path,
        side.adapters,
        request.context_length,
        request.threads,
        request.gpu_layers,
        progress=lambda part: reporter.progress("load", int(1000 * part), 1000),
        cancelled=reporter.cancelled,
    )

"""Jobs that look into a plain text: what comes next, how surprising each token is, what might have come."""

import numpy as np

from engine.errors import UserError
from engine.inference.branches import grow
from engine.inference.grammar_mask import masks_after
from engine.inference.reading import common_prefix, read, row_before, start_ids, utf16_ends
from engine.inference.score import unpredicted
from engine.sampling.chain import Chain
from engine.sampling.record import observe, pick
from engine.worker.jobs.inspect import logits_row
from engine.worker.protocol import Done, ExplainToken, GrowTree, NextToken, ReadText, TextScores, TreeNodes
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run_next(session: Session, request: NextToken, reporter: Reporter) -> Done:
    """One record for each chain, all from the same row of logits."""
    model = session.model
    vocabulary = model.vocabulary
    ids = vocabulary.encode(request.text, request.special)
    row = row_before(model, ids, len(ids), reporter.cancelled)
    history = [*start_ids(vocabulary), *ids]
    chains = [Chain(settings.sampling, lambda id: vocabulary.token(id).bytes) for settings in request.settings]
    masks = [dict(masks_after(vocabulary, chain.grammars, ())) for chain in chains]
    reporter.send(logits_row(request.job, row, history, vocabulary, masks[0] if masks else None))
    for settings, chain, mask in zip(request.settings, chains, masks, strict=True):
        allowed = {name: tokens.__getitem__ for name, tokens in mask.items()}
        drawn = pick(chain, row, history, 0, request.seed, vocabulary.token, settings.candidates, allowed=allowed)
        reporter.token(drawn, "")
    reporter.flush()
    return Done(request.job)


def run_read(session: Session, request: ReadText, reporter: Reporter) -> Done:
    """Scores from the first token on that the window does not know."""
    model = session.model
    ids = model.vocabulary.encode(request.text, request.special)
    known = np.frombuffer(request.known, dtype="<i4").tolist()
    first = common_prefix(known, ids)
    reporter.send(TextScores(request.job, first, len(ids)))
    if first == len(ids):
        return Done(request.job)
    pieces = model.vocabulary.names(ids)
    ends, numbers = utf16_ends(request.text, pieces).astype("<i4"), np.asarray(ids, dtype="<i4")

    def send(start: int, stop: int, bits: bytes, rank: bytes, entropy: bytes) -> None:
        cut = slice(start, stop)
        reporter.send(
            TextScores(request.job, start, len(ids), numbers[cut].tobytes(), ends[cut].tobytes(), bits, rank, entropy)
        )

    if first == 0 and not start_ids(model.vocabulary):
        nothing = np.array([np.nan], dtype="<f4").tobytes()
        send(0, 1, nothing, np.zeros(1, dtype="<i4").tobytes(), nothing)
    for part in read(model, ids, first, reporter.cancelled):
        send(
            part.first,
            part.first + len(part.rank),
            part.surprisal_bits.astype("<f4").tobytes(),
            part.rank.astype("<i4").tobytes(),
            part.entropy_bits.astype("<f4").tobytes(),
        )
        reporter.progress("score", part.first + len(part.rank) - first, len(ids) - first)
    return Done(request.job)


def run_explain(session: Session, request: ExplainToken, reporter: Reporter) -> Done:
    """The record of one token of a text."""
    model = session.model
    vocabulary = model.vocabulary
    ids = vocabulary.encode(request.text, request.special)
    if not 0 <= request.index < len(ids):
        raise UserError("token-gone", "The text has changed meanwhile.", "Choose the token again.")
    history = [*start_ids(vocabulary), *ids[: request.index]]
    if not history:
        reporter.token(unpredicted(vocabulary.token(ids[0]), vocabulary.size), "")
        reporter.flush()
        return Done(request.job)
    row = row_before(model, ids, request.index, reporter.cancelled)
    reporter.send(logits_row(request.job, row, history, vocabulary))
    record = observe(row, ids[request.index], request.index, vocabulary.token, names=vocabulary.names)
    reporter.token(record, "")
    reporter.flush()
    return Done(request.job)


def run_tree(session: Session, request: GrowTree, reporter: Reporter) -> Done:
    """The nodes of a tree, the children of one node at a time."""
    model = session.model
    ids = model.vocabulary.encode(request.text, request.special)
    for nodes in grow(model, ids, request.bounds, request.sampling, request.seed, reporter.cancelled):
        reporter.send(TreeNodes(request.job, tuple(nodes)))
    return Done(request.job)

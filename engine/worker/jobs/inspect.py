"""Jobs that look without generating: scores, full logits, tokens."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.inference.grammar_mask import masks_after
from engine.inference.prompt_owners import TEMPLATE
from engine.inference.reading import start_ids
from engine.inference.replay import replay
from engine.inference.score import score, score_prompt
from engine.inference.vocabularies import vocabulary_of
from engine.records import Message, Token
from engine.tokenizer.text import clean
from engine.tokenizer.vocabulary import Vocabulary
from engine.worker.protocol import (
    Done,
    FullLogits,
    LayOut,
    LogitsRow,
    NameTokens,
    PromptLayout,
    Replay,
    ReplayFound,
    Score,
    ScorePrompt,
    Tokenize,
    TokenList,
)
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
    messages = _shown(request)
    if request.reply_ids:
        content = model.vocabulary.decode(request.reply_ids).decode("utf-8", "replace")
        messages.append(Message("assistant", content, request.reply_ids, model.vocabulary.hash))
    ids = session.prompts.build(messages).ids
    if request.place:
        ids = ids[: request.place]
    common = next(
        (i for i, (a, b) in enumerate(zip(model.ids, ids, strict=False)) if a != b), min(len(model.ids), len(ids))
    )
    kept = model.rewind(min(common, len(ids) - 1))
    for row in model.extend(ids[kept:], cancelled=reporter.cancelled):
        if len(row):
            allowed = dict(masks_after(model.vocabulary, request.grammars, request.reply_ids))
            reporter.send(logits_row(request.job, row[-1], ids, model.vocabulary, allowed))
    return Done(request.job)


def run_prompt(session: Session, request: ScorePrompt, reporter: Reporter) -> Done:
    """Records of the tokens of a prompt, and whose they are."""
    messages = _shown(request)
    ids, owners = session.prompts.owners(messages)
    head = 1 if messages and messages[0].role == "system" else 0
    numbers = {place: place if place < head else place + request.left_out for place in range(len(messages))}
    vocabulary = session.model.vocabulary.hash
    known = {place for place, m in enumerate(messages) if m.token_ids and m.vocabulary_hash == vocabulary}
    reporter.send(PromptLayout(request.job, tuple(numbers.get(owner, TEMPLATE) for owner in owners)))
    scored = score_prompt(session.model, ids, lambda place: owners[place] not in known, reporter.cancelled)
    for place, record in scored:
        if record is not None:
            reporter.token(record, "")
        reporter.progress("score", place + 1, len(ids))
    reporter.flush()
    return Done(request.job)


def run_replay(session: Session, request: Replay, reporter: Reporter) -> Done:
    """A saved reply once more, compared with what was saved."""

    def progress(done: int, total: int) -> None:
        reporter.progress("replay", done, total)

    found = replay(session.model, request.saved, reporter.cancelled, progress)
    reporter.send(ReplayFound(request.job, found))
    return Done(request.job)


def run_tokenize(session: Session, request: Tokenize, reporter: Reporter) -> Done:
    """The tokens of a text in the vocabulary that is asked for."""
    reporter.send(TokenList(request.job, tuple(_tokens(session, request))))
    return Done(request.job)


def logits_row(
    job: int,
    row: NDArray[np.float32],
    history: Sequence[int],
    vocabulary: Vocabulary,
    allowed: Mapping[str, NDArray[np.bool_]] | None = None,
) -> LogitsRow:
    """A row of logits (V,) with what stood before it. allowed: the masks (V,) of grammars, by stage."""
    ids = sorted(set(history))
    pieces = dict(zip(ids, vocabulary.names(ids), strict=True))
    packed = {name: np.packbits(mask).tobytes() for name, mask in (allowed or {}).items()}
    return LogitsRow(job, np.ascontiguousarray(row, dtype="<f4").tobytes(), tuple(history), pieces, packed)


def _shown(request: FullLogits | ScorePrompt) -> list[Message]:
    """The messages without those that were left out; the system prompt stays."""
    head = 1 if request.messages and request.messages[0].role == "system" else 0
    return [*request.messages[:head], *request.messages[head + request.left_out :]]


def run_names(session: Session, request: NameTokens, reporter: Reporter) -> Done:
    """Ids that the vocabulary does not have are left out."""
    vocabulary = session.model.vocabulary
    ids = [id for id in request.ids if 0 <= id < vocabulary.size]
    reporter.send(TokenList(request.job, tuple(map(vocabulary.token, ids))))
    return Done(request.job)


def run_lay_out(session: Session, request: LayOut, reporter: Reporter) -> Done:
    """What the template makes of a message of the user, without the token that every text begins with."""
    vocabulary = session.model.vocabulary
    ids = session.prompts.build([Message("user", request.text)]).ids
    start = start_ids(vocabulary)
    ids = ids[len(start) :] if ids[: len(start)] == start else ids
    reporter.send(TokenList(request.job, tuple(map(vocabulary.token, ids))))
    return Done(request.job)


def _tokens(session: Session, request: Tokenize) -> list[Token]:
    text = clean(request.text)
    match request.vocabulary:
        case "characters":
            return [Token(ord(character), character.encode()) for character in text]
        case "bytes":
            return [Token(byte, bytes([byte])) for byte in text.encode()]
        case "file":
            vocabulary: Vocabulary = vocabulary_of(Path(request.path))
        case _:
            vocabulary = session.model.vocabulary
    return [vocabulary.token(id) for id in vocabulary.encode(text)]

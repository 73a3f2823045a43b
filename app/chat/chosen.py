"""What is known about the selected token of the open conversation, beyond its record."""

import math
from typing import Protocol

from app.chat.kept import made_with
from app.chat.prompt_scores import PromptScores
from app.chat.prompts import prompt_to
from app.chat.reply_runner import ReplyRunner
from app.chat.retro import Retro
from app.chat.token_choice import Origin, TokenChoice
from app.chat.token_logits import Question, TokenLogits
from app.chat.token_text import TokenText
from app.chat.tree import ConversationTree
from app.workers.token_names import TokenNames
from engine.sampling.chain import Chain


class Here(Protocol):
    """Where the open conversation is."""

    choice: TokenChoice
    runner: ReplyRunner
    scores: PromptScores
    logits: TokenLogits
    retro: Retro
    names: TokenNames
    tree: ConversationTree

    @property
    def system_prompt(self) -> str: ...

    def token_text(self, message_id: int) -> TokenText | None: ...


def origin_of_choice(here: Here) -> Origin:
    """How the selected token came about."""
    if here.choice.selected is None:
        return Origin()
    message_id, index = here.choice.selected
    message, texts, reply = here.tree.get(message_id), here.token_text(message_id), here.runner.reply
    if message is None or texts is None:
        return Origin()
    if texts is here.scores.text_of(message_id):
        given = 0 <= index < len(texts) and texts.runs[index].template
        return Origin(given="template" if given else "text")
    settings, seed = made_with(message, index)
    if seed is None and reply is not None and reply.message_id == message_id and reply.prompt is not None:
        seed = reply.prompt.seed
    kept = message.fork is not None and index < message.fork.position
    return Origin(settings, seed, texts.ids_before(index), kept=kept)


def question_of_choice(here: Here) -> Question | None:
    """What the model would have to be asked for the logits of the selected token."""
    if here.choice.selected is None:
        return None
    message_id, index = here.choice.selected
    message, texts = here.tree.get(message_id), here.token_text(message_id)
    if message is None or texts is None or not 0 <= index < len(texts):
        return None
    scored = here.scores.scored
    if scored is not None and texts is here.scores.text_of(message_id):
        record = texts.runs[index].record
        if not record.position:  # nothing stands before it
            return None
        return Question(
            (message_id, index), scored.messages, (), scored.left_out, scored.model[1], record, place=record.position
        )
    settings, _ = made_with(message, index)
    return Question(
        (message_id, index),
        prompt_to(here.tree, message.parent_id, here.system_prompt),
        texts.ids_before(index),
        message.summary.left_out if message.summary is not None else 0,
        message.vocabulary_hash,
        texts.runs[index].record,
        message.summary.adapters if message.summary is not None else None,
        grammars={} if settings is None else Chain(settings.sampling).grammars,
    )


def candidate_beyond(here: Here, id: int) -> tuple[bytes, float] | None:
    """Bytes and raw probability of a candidate of the selected token that its record does not list, where the model told them."""
    found = here.retro.found
    if found is not None and found.computed and (first := found.result.first) is not None and first.id == id:
        return first.piece, first.probability
    row, question, piece = here.logits.row, question_of_choice(here), here.names.get(id)
    if row is None or question is None or piece is None or not 0 <= id < len(row.logits):
        return None
    return piece, math.exp(float(row.logits[id]) - question.record.log_sum_exp)

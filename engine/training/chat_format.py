"""Conversations for a model whose chat template is another than ours: as its own template writes them.

What is learnt are the words that the model will have to write by itself: from where the template opens a reply to the token that
ends its turn. They are tokenised as a reply is that was written after its prompt, everything else as the prompt of a chat is.
"""

import itertools
import re
from collections.abc import Sequence

import msgspec

from engine.corpus.conversation import ChatFormat, OwnChatFormat
from engine.errors import UserError
from engine.inference.prompt_owners import content_places
from engine.inference.rendered import Encoder, Span
from engine.inference.turns import variants
from engine.records import Message
from engine.tokenizer.chat_template import ChatTemplate, TemplateRefused
from engine.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT
from engine.tokenizer.text import clean
from engine.tokenizer.vocabulary import StoredVocabulary, Vocabulary

#: Around the number of a message, to see where the template puts it; no clean text has this character.
_MARK = "\ud800"


def chat_format(vocabulary: StoredVocabulary) -> ChatFormat:
    """The format in which the model of a vocabulary reads conversations."""
    if vocabulary.chat_template == CHAT_TEMPLATE:
        return OwnChatFormat(vocabulary)
    return TemplateChatFormat(vocabulary, vocabulary.chat_template)


def sample_format(vocabulary: StoredVocabulary) -> ChatFormat | None:
    """The same, None for a model that cannot be asked anything."""
    form = chat_format(vocabulary)
    return None if isinstance(form, TemplateChatFormat) and not form.usable else form


class _Reply(msgspec.Struct, frozen=True):
    """What is learnt of a text: text[start:end], of which text[said:end] came from the message as it stands in content."""

    start: int
    said: int
    end: int
    content: str


class TemplateChatFormat:
    """A ChatFormat over the chat template of a model; without one that works, only texts can be learnt from."""

    def __init__(self, vocabulary: Vocabulary, chat_template: str | None) -> None:
        self._vocabulary = vocabulary
        self._template: ChatTemplate | None = None
        self._opening = sample = ""
        self._broken = False
        if chat_template is not None and chat_template.strip():
            bos, eos = (_name(vocabulary, id) for id in (vocabulary.bos_id, vocabulary.eos_id))
            try:
                self._template = ChatTemplate(chat_template, bos_token=bos, eos_token=eos)
                sample = self._rendered([Message("user", "other")], ["other"], opens_reply=True)
                closed = self._rendered([Message("user", "other")], ["other"], opens_reply=False)
                shared = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(sample, closed, strict=False))
                self._opening = sample[sum(1 for _ in shared) :]
            except (TemplateRefused, UserError):
                self._template, self._broken = None, True
        self._encoder = Encoder(vocabulary, sample)

    @property
    def usable(self) -> bool:
        """Whether conversations can be written at all."""
        return self._template is not None

    @property
    def border(self) -> list[int]:
        """The end of the text before, and the beginning of the next where that is another token."""
        own = self._vocabulary.encode(END_OF_TEXT, special=True)
        end = own[0] if len(own) == 1 else self._vocabulary.eos_id
        bos = self._vocabulary.bos_id if self._vocabulary.adds_bos else None
        found = list(dict.fromkeys(id for id in (end, bos) if id is not None))
        if not found:
            raise UserError(
                "no-end-of-text",
                "The model's vocabulary has no token that ends a text.",
                "Choose another model to train on.",
            )
        return found

    def asked(self, messages: Sequence[Message]) -> list[int]:
        _, _, text = self._written(messages, opens_reply=True)
        return self._with_bos(self._encoder.encode(text, []))

    def encode(self, messages: Sequence[Message]) -> tuple[list[int], list[bool]]:
        while messages and messages[-1].role != "assistant":  # nothing is learnt after the last answer
            messages = messages[:-1]
        if not messages:
            return [], []
        turns, contents, text = self._written(messages, opens_reply=False)
        replies = self._replies(text, turns, contents)
        # Ids below zero hold the place of the replies, until those are tokenised as what follows a prompt.
        spans = [Span(reply.start, reply.end, [-1 - place]) for place, reply in enumerate(replies)]
        ids: list[int] = []
        learnt: list[bool] = []
        ends = False  # whether what comes next may be the end of a reply
        for id in self._encoder.encode(text, spans):
            if id < 0:
                own = self._reply_ids(text, replies[-1 - id])
                ids, learnt, ends = ids + own, learnt + [True] * len(own), True
                continue
            token = self._vocabulary.token(id)
            ids.append(id)
            learnt.append(ends and token.control)
            if ends and token.control:
                learnt = _filled(learnt)
            ends = ends and not token.control and not token.bytes.strip()
        ids, learnt = self._ended(ids, learnt)
        bos = self._vocabulary.bos_id
        while ids and ids[0] == bos and self.border[-1] == bos:
            del ids[0], learnt[0]
        return ids, learnt

    def _ended(self, ids: list[int], learnt: list[bool]) -> tuple[list[int], list[bool]]:
        """With the end of the text as the end of the last reply, where the template writes none."""
        last = max((place for place, mark in enumerate(learnt) if mark), default=None)
        if last is None or self._vocabulary.token(ids[last]).control:
            return ids, learnt
        return [*ids, self.border[0]], [*learnt[: last + 1], *[True] * (len(ids) - last)]

    def _replies(self, text: str, turns: Sequence[Message], contents: Sequence[str]) -> list[_Reply]:
        """The assistant's messages in the text; those that the template changed are not among them, nor are empty ones."""
        marks = [f"{_MARK}{place}{_MARK}" for place in range(len(turns))]
        pieces = re.split(f"{_MARK}(\\d+){_MARK}", self._rendered(turns, marks, opens_reply=False))
        found: list[_Reply] = []
        places = [place for place in content_places(text, pieces, contents) if turns[place.owner].role == "assistant"]
        for place in places:
            start = self._start(text, found[-1].end if found else 0, place.start, turns, contents, place.owner)
            content = clean(turns[place.owner].content)
            whole = contents[place.owner] == text[place.start : place.end]
            if place.start < place.end:
                found.append(_Reply(start, place.start, place.end, content if whole else content.strip()))
        if len(turns) - 1 not in (place.owner for place in places):
            # Rewritten by the template, as thoughts are: then all is learnt between the opening and what follows every reply.
            end = len(text) - len(pieces[-1])
            start = self._start(text, found[-1].end if found else 0, end, turns, contents, len(turns) - 1)
            if start < end and text.endswith(pieces[-1]):
                found.append(_Reply(start, end, end, ""))
        return found

    def _start(
        self, text: str, after: int, said: int, turns: Sequence[Message], contents: Sequence[str], number: int
    ) -> int:
        """Where the model's own words of a message begin: where the prompt of a chat ends, at the message at the latest."""
        if self._opening:
            opened = text.rfind(self._opening, after, said)
            return said if opened < 0 else opened + len(self._opening)
        try:
            prompt = self._rendered(turns[:number], contents[:number], opens_reply=True)
        except TemplateRefused:
            return said
        return len(prompt) if after <= len(prompt) <= said and text.startswith(prompt) else said

    def _reply_ids(self, text: str, reply: _Reply) -> list[int]:
        before, lead = text[: reply.start], text[reply.start : reply.said]
        if not lead.strip():
            return self._encoder.encode_reply(lead + reply.content, before)
        return [*self._encoder.encode(lead, []), *self._encoder.encode_reply(reply.content, text[: reply.said])]

    def _written(self, messages: Sequence[Message], opens_reply: bool) -> tuple[Sequence[Message], list[str], str]:
        """The messages as the template takes them, their contents with the names of control tokens hidden, and the text."""
        for turns, _ in (*variants(messages, False), *variants(messages, True)):
            contents = [self._encoder.hide(turn.role, clean(turn.content)) for turn in turns]
            try:
                text = self._rendered(turns, contents, opens_reply)
            except TemplateRefused:
                continue
            if turns[0].role != "system" or contents[0].strip() in text:
                return turns, contents, text
        raise UserError(
            "template-refuses",
            "The model's chat template does not take a conversation of these texts.",
            "Give conversations in which user and assistant take turns.",
        )

    def _rendered(self, turns: Sequence[Message], contents: Sequence[str], opens_reply: bool) -> str:
        if self._template is None:
            raise UserError(
                "no-chat-format",
                "The model's chat template is broken, so there is no way to write a conversation for it."
                if self._broken
                else "The model has no chat template, so there is no way to write a conversation for it.",
                "Train it on with texts, or choose a model made for chats.",
            )
        messages = [{"role": turn.role, "content": content} for turn, content in zip(turns, contents, strict=True)]
        return self._template.render(messages, add_generation_prompt=opens_reply)

    def _with_bos(self, ids: list[int]) -> list[int]:
        bos = self._vocabulary.bos_id
        if bos is not None and self._vocabulary.adds_bos and ids[:1] != [bos]:
            return [bos, *ids]
        while bos is not None and ids[:2] == [bos, bos]:
            del ids[0]
        return ids


def _filled(learnt: list[bool]) -> list[bool]:
    """The blanks between the last learnt word and the end of the turn, which is the last one, learnt as well."""
    place = len(learnt) - 2
    while place >= 0 and not learnt[place]:
        learnt[place] = True
        place -= 1
    return learnt


def _name(vocabulary: Vocabulary, id: int | None) -> str:
    return "" if id is None else vocabulary.token(id).bytes.decode("utf-8", "replace")

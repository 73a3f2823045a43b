"""From a conversation to the ids that the model reads.

The ids are those of the whole rendered text, tokenised in one piece - except that where a message contains the name of a control
token, that occurrence is tokenised as plain text, and that earlier replies keep the ids that they were generated as.
"""

import re
from collections.abc import Sequence

import msgspec

from engine.errors import UserError
from engine.inference.prompt_owners import content_places, original_places, owners
from engine.inference.rendered import Encoder, Span
from engine.inference.turns import variants
from engine.records import Message
from engine.tokenizer.chat_template import ChatTemplate, TemplateRefused
from engine.tokenizer.text import clean
from engine.tokenizer.vocabulary import Vocabulary

#: A conversation in words, for models without a template.
_PLAIN_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] + '\n\n' }}"
    "{% else %}{{ ('User: ' if message['role'] == 'user' else 'Assistant: ') + message['content'] + '\n' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
#: Ends a reply in that format.
PLAIN_STOP = "\nUser:"

#: Around the number of a reply, to see where the template puts it; no clean text has this character.
_MARK = "\ud800"

NOTE_NO_TEMPLATE = "no-template"
NOTE_TEMPLATE_BROKEN = "template-broken"

#: A conversation that shows what a template puts around messages.
_SAMPLE = (
    Message("system", "sample"),
    Message("user", "other"),
    Message("assistant", "other"),
    Message("user", "other"),
)


class Prompt(msgspec.Struct, frozen=True):
    """What the model reads. notes say what was done differently than asked; stop: texts that end the reply beside the end tokens.

    left_out: oldest messages that did not fit and are not in it; reply_ids: the end of ids that belongs to a reply to be continued.
    """

    ids: list[int]
    notes: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    left_out: int = 0
    reply_ids: tuple[int, ...] = ()


class _Rendered(msgspec.Struct, frozen=True):
    """A conversation as a template wrote it: ids, text, the turns that it was shown, notes on what was changed, stop texts."""

    ids: list[int]
    text: str
    template: ChatTemplate
    turns: Sequence[Message]
    notes: tuple[str, ...]
    stop: tuple[str, ...] = ()


class PromptBuilder:
    """Turns conversations into prompts for one model."""

    def __init__(self, vocabulary: Vocabulary, chat_template: str | None) -> None:
        self._vocabulary = vocabulary
        self._plain = ChatTemplate(_PLAIN_TEMPLATE)
        self._template: ChatTemplate | None = None
        self._drops_system = False
        self._note = NOTE_NO_TEMPLATE
        #: Why the template cannot be used at all, said when a prompt is asked for.
        self._hostile: UserError | None = None
        sample = ""
        if chat_template is not None and chat_template.strip():
            names = {
                "bos_token": _name(vocabulary, vocabulary.bos_id),
                "eos_token": _name(vocabulary, vocabulary.eos_id),
            }
            try:
                self._template = ChatTemplate(chat_template, **names)
                sample = self._look_at(self._template)
            except UserError as error:
                self._note = NOTE_TEMPLATE_BROKEN
                if error.code != "template-broken":
                    self._hostile = error
        self._encoder = Encoder(vocabulary, sample)

    def build(self, messages: Sequence[Message]) -> Prompt:
        """The prompt of a whole conversation; where the last message is the assistant's, it is to be continued.

        Raises UserError for a template that is not to be trusted.
        """
        if self._hostile is not None:
            raise self._hostile
        started = messages[-1] if messages and messages[-1].role == "assistant" else None
        turns = messages[:-1] if started is not None else messages
        done = self._render(turns)
        reply_ids: tuple[int, ...] = ()
        if started is not None and started.content:
            reply_ids = tuple(self._own_ids(started) or self._encoder.encode_reply(started.content, done.text))
        return Prompt([*done.ids, *reply_ids], done.notes, done.stop, reply_ids=reply_ids)

    def owners(self, messages: Sequence[Message]) -> tuple[list[int], tuple[int, ...]]:
        """The ids of the prompt of a conversation, and for each the number of the message that it belongs to.

        -1 (TEMPLATE) is what the template put there, and what of a message the template changed beyond recognition.
        """
        if self._hostile is not None:
            raise self._hostile
        done = self._render(messages)
        contents = [self._encoder.hide(turn.role, clean(turn.content)) for turn in done.turns]
        marked = [f"{_MARK}{place}{_MARK}" for place in range(len(contents))]
        try:
            pieces = re.split(f"{_MARK}(\\d+){_MARK}", self._rendered(done.template, done.turns, marked))
        except (TemplateRefused, UserError):  # it looks into what is written, and does not like the marks
            pieces = [done.text]
        places = original_places(content_places(done.text, pieces, contents), done.turns, messages)
        return done.ids, owners(done.text, self._vocabulary.names(done.ids), places)

    def fit(self, messages: Sequence[Message], context_length: int, reserve: int, drop_oldest: bool) -> Prompt:
        """The prompt, leaving out as few of the oldest turns as needed for ``reserve`` tokens of room.

        The system prompt and the last exchange always stay. Raises UserError("context-full") where that is not enough, or where
        turns would have to go and drop_oldest is false.
        """
        room = context_length - reserve
        prompt = self.build(messages)
        if len(prompt.ids) <= room:
            return prompt
        head = 1 if messages and messages[0].role == "system" else 0
        # A conversation may be cut before any of the user's turns.
        cuts = [place for place in range(head + 1, len(messages)) if messages[place].role == "user"]
        if drop_oldest and cuts:
            low, high = 0, len(cuts) - 1
            while low < high:
                middle = (low + high) // 2
                if len(self._cut(messages, head, cuts[middle]).ids) <= room:
                    high = middle
                else:
                    low = middle + 1
            prompt = self._cut(messages, head, cuts[low])
            if len(prompt.ids) <= room:
                return prompt
        if not drop_oldest and cuts:
            raise UserError(
                "context-full",
                f"The conversation needs {len(prompt.ids):,} tokens; the model's context holds {context_length:,}.",
                "Start a new conversation, allow the oldest turns to be left out, or load the model with a longer context.",
            )
        raise UserError(
            "context-full",
            f"The message needs {len(prompt.ids):,} tokens with a reply to come; the model's context holds {context_length:,}.",
            "Shorten the message, or load the model with a longer context.",
        )

    def _cut(self, messages: Sequence[Message], head: int, place: int) -> Prompt:
        prompt = self.build([*messages[:head], *messages[place:]])
        return msgspec.structs.replace(prompt, left_out=place - head)

    def _look_at(self, template: ChatTemplate) -> str:
        """A sample as the template writes it; also learns what it does with a system prompt."""
        for sample in (_SAMPLE, _SAMPLE[1:]):
            try:
                text = self._rendered(template, sample, [turn.content for turn in sample])
            except TemplateRefused:
                continue
            except UserError as error:
                if error.code != "template-broken":
                    raise
                continue
            self._drops_system = sample is _SAMPLE and "sample" not in text
            return text
        return ""

    def _render(self, turns: Sequence[Message]) -> _Rendered:
        if self._template is not None:
            for attempt, notes in variants(turns, self._drops_system):
                try:
                    return _Rendered(*self._encode(self._template, attempt), self._template, attempt, notes)
                except TemplateRefused:
                    continue
                except UserError as error:
                    if error.code != "template-broken":
                        raise
        note = self._note if self._template is None else NOTE_TEMPLATE_BROKEN
        return _Rendered(*self._encode(self._plain, turns), self._plain, turns, (note,), (PLAIN_STOP,))

    def _encode(self, template: ChatTemplate, turns: Sequence[Message]) -> tuple[list[int], str]:
        contents = [self._encoder.hide(turn.role, clean(turn.content)) for turn in turns]
        text = self._rendered(template, turns, contents)
        marks = [f"{_MARK}{place}{_MARK}" for place in range(len(turns))]
        replies = {
            mark: (content, ids)
            for mark, content, turn in zip(marks, contents, turns, strict=True)
            if (ids := self._own_ids(turn))
        }
        spans: list[Span] = []
        if replies:
            marked = [mark if mark in replies else content for mark, content in zip(marks, contents, strict=True)]
            pieces = re.split(f"({_MARK}\\d+{_MARK})", self._rendered(template, turns, marked))
            spans = _find_replies(text, pieces, replies)
        return self._with_bos(self._encoder.encode(text, spans)), text

    @staticmethod
    def _rendered(template: ChatTemplate, turns: Sequence[Message], contents: Sequence[str]) -> str:
        messages = [{"role": turn.role, "content": content} for turn, content in zip(turns, contents, strict=True)]
        return template.render(messages, add_generation_prompt=True)

    def _own_ids(self, turn: Message) -> list[int]:
        """The ids that a reply was generated as, without the token that ended it; [] where they do not fit this model or text."""
        if turn.role != "assistant" or not turn.token_ids or turn.vocabulary_hash != self._vocabulary.hash:
            return []
        ends, ids = self._vocabulary.end_ids, list(turn.token_ids)
        while ids and ids[-1] in ends:
            ids.pop()
        # Conversations are imported from files too: no id may be unknown, or end the turn within the reply.
        if not all(0 <= id < self._vocabulary.size and id not in ends for id in ids):
            return []
        return ids if self._vocabulary.decode(ids).decode("utf-8", "replace") == turn.content else []

    def _with_bos(self, ids: list[int]) -> list[int]:
        """With the beginning-of-sequence token once, whether the template writes it, the tokenizer is to add it, or both."""
        bos = self._vocabulary.bos_id
        if bos is not None and self._vocabulary.adds_bos and ids[:1] != [bos]:
            return [bos, *ids]
        while bos is not None and ids[:2] == [bos, bos]:
            del ids[0]
        return ids


def _find_replies(text: str, pieces: list[str], replies: dict[str, tuple[str, list[int]]]) -> list[Span]:
    """Where in a rendered text the replies stand that came through unchanged, but for blanks at their ends.

    pieces: the same conversation rendered with marks in the place of the replies: text, mark, text, ..., text.
    replies: content and ids by mark.
    """
    spans: list[Span] = []
    place = len(pieces[0])
    if not text.startswith(pieces[0]) or not replies.keys() >= set(pieces[1::2]):
        return []
    for mark, before, after in zip(pieces[1::2], pieces[0::2], pieces[2::2], strict=False):
        content, ids = replies[mark]
        body = content.strip()
        found = next((form for form in (content, body) if text.startswith(form + after, place)), None)
        if found is None:  # changed by the template: its ids are made anew
            place = text.find(after, place) + len(after)
            if place < len(after):
                return []
            continue
        start, end = place, place + len(found)
        place = end + len(after)
        if found != content:
            # The template's own blanks may stand where the reply had some.
            lead = content[: len(content) - len(content.lstrip())]
            trail = content[len(lead) + len(body) :]
            if not before.endswith(lead) or not after.startswith(trail):
                continue
            start, end = start - len(lead), end + len(trail)
        spans.append(Span(start, end, ids))
    return spans if place == len(text) else []


def _name(vocabulary: Vocabulary, id: int | None) -> str:
    return "" if id is None else vocabulary.token(id).bytes.decode("utf-8", "replace")

"""From a conversation to the ids that the model reads.

The ids are those of the whole rendered text, tokenised in one piece - except that where a message contains the name of a control
token, that occurrence is tokenised as plain text, and that earlier replies keep the ids that they were generated as.
"""

import re
from collections.abc import Sequence

import msgspec

from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.chat_template import ChatTemplate, TemplateRefused
from engine.tokenizer.vocabulary import Vocabulary

#: Stands in for what must not be tokenised with the rest: private-use characters around a number.
_MARK = "\ue0f0{}\ue0f1"
_MARKED = re.compile("\ue0f0(\\d+)\ue0f1")
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

NOTE_NO_TEMPLATE = "no-template"
NOTE_TEMPLATE_BROKEN = "template-broken"
NOTE_SYSTEM_FOLDED = "system-folded"
NOTE_TURNS_MERGED = "turns-merged"


class Prompt(msgspec.Struct, frozen=True):
    """What the model reads. notes say what was done differently than asked; stop: texts that end the reply beside the end tokens.

    left_out: oldest messages that did not fit and are not in it; reply_ids: the end of ids that belongs to a reply to be continued.
    """

    ids: list[int]
    notes: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    left_out: int = 0
    reply_ids: tuple[int, ...] = ()


class PromptBuilder:
    """Turns conversations into prompts for one model."""

    def __init__(self, vocabulary: Vocabulary, chat_template: str | None) -> None:
        self._vocabulary = vocabulary
        self._control = _control_pattern(vocabulary)
        self._notes: tuple[str, ...] = ()
        names = {
            "bos_token": _name(vocabulary, vocabulary.bos_id),
            "eos_token": _name(vocabulary, min(vocabulary.end_ids, default=None)),
        }
        self._template = ChatTemplate(_PLAIN_TEMPLATE)
        self._stop: tuple[str, ...] = (PLAIN_STOP,)
        if chat_template is None:
            self._notes = (NOTE_NO_TEMPLATE,)
            return
        try:
            self._template = ChatTemplate(chat_template, **names)
            self._stop = ()
        except UserError:
            self._notes = (NOTE_TEMPLATE_BROKEN,)

    def build(self, messages: Sequence[Message]) -> Prompt:
        """The prompt of a whole conversation; where the last message is the assistant's, it is to be continued."""
        started = messages[-1] if messages and messages[-1].role == "assistant" else None
        turns = messages[:-1] if started is not None else messages
        ids, notes = self._render(turns)
        reply_ids = () if started is None else tuple(self._reply_ids(started))
        return Prompt([*ids, *reply_ids], self._notes + notes, self._stop, reply_ids=reply_ids)

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

    def _render(self, turns: Sequence[Message]) -> tuple[list[int], tuple[str, ...]]:
        for attempt, notes in (
            (turns, ()),
            (_fold_system(turns), (NOTE_SYSTEM_FOLDED,)),
            (_merge(_fold_system(turns)), (NOTE_SYSTEM_FOLDED, NOTE_TURNS_MERGED)),
        ):
            try:
                return self._encode(attempt), notes
            except TemplateRefused:
                continue
            except UserError as error:
                if error.code != "template-broken":
                    raise
        self._template, self._stop = ChatTemplate(_PLAIN_TEMPLATE), (PLAIN_STOP,)
        return self._encode(turns), (NOTE_TEMPLATE_BROKEN,)

    def _encode(self, turns: Sequence[Message]) -> list[int]:
        plain = [{"role": turn.role, "content": _without_marks(turn.content)} for turn in turns]
        kept: list[list[int]] = []
        marked = []
        for turn, message in zip(turns, plain, strict=True):
            content = self._mark_control(message["content"], kept)
            own_ids = self._own_ids(turn)
            if own_ids and self._passes_unchanged(plain, message, _MARK.format(len(kept))):
                content = _MARK.format(len(kept))
                kept.append(own_ids)
            marked.append({"role": turn.role, "content": content})
        return self._join(self._template.render(marked, add_generation_prompt=True), kept)

    def _mark_control(self, content: str, kept: list[list[int]]) -> str:
        """The content with every name of a control token in it replaced by a mark; their plain ids go to ``kept``."""
        if self._control is None:
            return content

        def mark(match: re.Match[str]) -> str:
            kept.append(self._vocabulary.encode(match.group(), special=False))
            return _MARK.format(len(kept) - 1)

        return self._control.sub(mark, content)

    def _own_ids(self, turn: Message) -> list[int]:
        """The ids that a reply was generated as, without the token that ended it; [] where they do not fit this model or text."""
        if turn.role != "assistant" or not turn.token_ids or turn.vocabulary_hash != self._vocabulary.hash:
            return []
        ids = list(turn.token_ids)
        while ids and ids[-1] in self._vocabulary.end_ids:
            ids.pop()
        return ids if self._vocabulary.decode(ids).decode("utf-8", "replace") == turn.content else []

    def _passes_unchanged(self, plain: list[dict[str, str]], message: dict[str, str], mark: str) -> bool:
        """Whether the template puts the content into the text as it is, once."""
        replaced = [{**other, "content": mark} if other is message else other for other in plain]
        text = self._template.render(replaced, add_generation_prompt=True)
        if text.count(mark) != 1:
            return False
        return text.replace(mark, message["content"]) == self._template.render(plain, add_generation_prompt=True)

    def _join(self, text: str, kept: list[list[int]]) -> list[int]:
        pieces = _MARKED.split(text)  # text, number, text, number, ..., text
        ids = self._vocabulary.encode(pieces[0], special=True)
        for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
            ids += kept[int(number)]
            if after:
                ids += self._vocabulary.encode(after, special=True)
        bos = self._vocabulary.bos_id
        if bos is not None and self._vocabulary.adds_bos and ids[:1] != [bos]:
            ids.insert(0, bos)
        while bos is not None and ids[:2] == [bos, bos]:
            del ids[0]
        return ids

    def _reply_ids(self, message: Message) -> list[int]:
        return self._own_ids(message) or self._vocabulary.encode(_without_marks(message.content), special=False)


def _fold_system(turns: Sequence[Message]) -> Sequence[Message]:
    """The system prompt at the head of the user's first message."""
    if not turns or turns[0].role != "system" or len(turns) < 2:
        return turns
    first = msgspec.structs.replace(turns[1], content=f"{turns[0].content}\n\n{turns[1].content}")
    return [first, *turns[2:]]


def _merge(turns: Sequence[Message]) -> Sequence[Message]:
    """Neighbours of the same role as one message, for templates that demand alternation."""
    merged: list[Message] = []
    for turn in turns:
        if merged and merged[-1].role == turn.role:
            merged[-1] = Message(turn.role, f"{merged[-1].content}\n\n{turn.content}")
        else:
            merged.append(turn)
    return merged


def _without_marks(text: str) -> str:
    return text.replace("\ue0f0", "\ufffd").replace("\ue0f1", "\ufffd")


def _name(vocabulary: Vocabulary, id: int | None) -> str:
    return "" if id is None else vocabulary.token(id).bytes.decode("utf-8", "replace")


def _control_pattern(vocabulary: Vocabulary) -> re.Pattern[str] | None:
    names = {_name(vocabulary, id) for id in range(vocabulary.size) if vocabulary.token(id).control} - {""}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

"""Whose each token of a prompt is, in every family of templates."""

import pytest

from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.inference.prompt_owners import TEMPLATE, Place, original_places, owners
from engine.inference.turns import fold_system, merge
from engine.records import Message
from tests.helpers.chat_models import chat_gguf
from tests.helpers.chat_templates import FAMILIES

TALK = [
    Message("system", "user"),  # a word that templates write themselves
    Message("user", "Where are you going?"),
    Message("assistant", "To São Paulo."),
    Message("user", "assistant, why?"),
]


@pytest.fixture(scope="module", params=FAMILIES)
def prompts(request, tmp_path_factory):
    model = LlamaCppModel(chat_gguf(tmp_path_factory.mktemp("chat") / "model.gguf", request.param), 64, threads=1)
    yield PromptBuilder(model.vocabulary, model.info.chat_template), model.vocabulary
    model.close()


def text_of(vocabulary, ids, whose, owner):
    mine = [id for id, of in zip(ids, whose, strict=True) if of == owner]
    return b"".join(vocabulary.names(mine)).decode("utf-8", "replace").replace("▁", " ")


def test_every_message_gets_its_tokens_and_the_template_the_rest(prompts):
    builder, vocabulary = prompts
    ids, whose = builder.owners(TALK)
    assert ids == builder.build(TALK).ids and len(whose) == len(ids)
    for owner, message in enumerate(TALK):
        shown = text_of(vocabulary, ids, whose, owner)
        assert shown.strip() == message.content, "no more and no less than what was said"
    for id, owner in zip(ids, whose, strict=True):
        assert owner == TEMPLATE or not vocabulary.token(id).control


def test_the_name_of_a_control_token_in_a_message_is_the_messages(prompts):
    builder, vocabulary = prompts
    name = next(vocabulary.token(id).bytes.decode() for id in range(vocabulary.size) if vocabulary.token(id).control)
    said = f"What is {name} here?"
    ids, whose = builder.owners([Message("user", said)])
    # SentencePiece may write a blank more beside what was hidden.
    blanks = str.maketrans("", "", " ▁")
    assert text_of(vocabulary, ids, whose, 0).translate(blanks) == said.translate(blanks)


def test_a_reply_with_ids_of_its_own_keeps_them(prompts):
    builder, vocabulary = prompts
    own = tuple(vocabulary.encode("To São Paulo.", continues=True))
    reply = Message("assistant", "To São Paulo.", own, vocabulary.hash)
    talk = [TALK[1], reply, TALK[3]]
    ids, whose = builder.owners(talk)
    assert ids == builder.build(talk).ids
    if vocabulary.decode(own).decode() == reply.content:
        assert tuple(id for id, of in zip(ids, whose, strict=True) if of == 1) == own


def test_turns_that_were_put_together_are_told_apart_again():
    messages = [Message("system", "Be brief."), Message("user", "Hi"), Message("user", "There")]
    folded = merge(fold_system(messages))
    assert [turn.content for turn in folded] == ["Be brief.\n\nHi\n\nThere"]
    text = "<u>" + folded[0].content + "</u>"
    places = original_places([Place(0, 3, 3 + len(folded[0].content))], folded, messages)
    assert [text[place.start : place.end] for place in places] == ["Be brief.", "Hi", "There"]
    assert [place.owner for place in places] == [0, 1, 2]


def test_a_token_belongs_where_its_middle_stands():
    # "ab" + "cd": the second token takes one byte of the template and two of the message.
    assert owners("abcdef", [b"a", b"bcd", b"e", b"f"], [Place(0, 2, 5)]) == (TEMPLATE, 0, 0, TEMPLATE)
    assert owners("é<x>", ["é".encode(), b"<x>"], [Place(3, 0, 1)]) == (3, TEMPLATE)

"""Prompts of every family: a harmless conversation gets the ids of the whole text, and no text of a person is a control token."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.records import Message
from tests.helpers.chat_models import chat_gguf
from tests.helpers.chat_reference import rendered, whole_ids
from tests.helpers.chat_templates import FAMILIES

#: Families whose templates have no place for a system prompt.
WITHOUT_SYSTEM = ("mistral-1", "gemma", "phi-3-first")
HYPOTHESIS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=FAMILIES)
def chat(request, tmp_path_factory):
    """A family, its vocabulary in llama.cpp, and what builds its prompts."""
    name = request.param
    model = LlamaCppModel(chat_gguf(tmp_path_factory.mktemp("chat") / "model.gguf", name), context_length=64, threads=1)
    yield name, model.vocabulary, PromptBuilder(model.vocabulary, model.info.chat_template)
    model.close()


def conversation(name, texts, system=""):
    """The texts as turns of user and assistant, the user first and last."""
    head = [Message("system", system)] if system and name not in WITHOUT_SYSTEM else []
    return head + [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(texts)]


def with_names(vocabulary, ids):
    """Everything that the ids stand for, control tokens by their names."""
    return b"".join(vocabulary.token(id).bytes for id in ids).decode("utf-8", "replace")


def control_tokens(vocabulary, ids):
    return [id for id in ids if vocabulary.token(id).control]


def reads_as(chat, ids, text):
    """Whether ids read as the text. The way of SentencePiece puts a blank before texts, so there blanks do not count."""
    name, vocabulary, _ = chat
    family = FAMILIES[name]
    if vocabulary.adds_bos and "bos_token" not in family.template:
        text = family.bos + text
    ours = with_names(vocabulary, ids)
    return ours == text if family.kind == "bpe" else no_blanks(ours) == no_blanks(text)


def no_blanks(text):
    """Without blanks; SentencePiece cannot tell its sign for them from a blank."""
    return "".join(text.replace("▁", " ").split())


HARMLESS = [
    (["Hi"], ""),
    (["Where are you going?", "To São Paulo.", "Why?"], "You are a fox.\nYou count: 1, 2, 3."),
    (["  blanks around  ", "\n\nlines around\n\n", "\ttabs\t"], "  blanks "),
    (["def f(a):\n    return a < 3 | a > 2\n", "```python\nx = [1]\n```", "1984 😀 é"], ""),
    (["<b>bold</b> [link](x) | a || b", "a <- b -> c", "<", ">", "|", "[", "]"], "<|> [] </>"),
    (["Is it?", "<think>\nyes\n</think>\n\nIt is.", "And </think>?", "<think>no</think>No.", "Ah"], ""),
    (["x" * 300, "line\n" * 30, " " * 20 + "y"], ""),
]


@pytest.mark.parametrize(("texts", "system"), HARMLESS)
def test_a_harmless_conversation_gets_the_ids_of_the_whole_text(chat, texts, system):
    name, vocabulary, prompts = chat
    messages = conversation(name, texts, system)
    prompt = prompts.build(messages)
    assert prompt.ids == whole_ids(vocabulary, rendered(FAMILIES[name], messages))
    assert prompt.notes == () and prompt.stop == ()


#: Whatever cannot be part of the name of a control token.
harmless = st.text(st.characters(codec="utf-8", exclude_characters="<>|[]｜\0"), max_size=30)


@HYPOTHESIS
@given(texts=st.lists(harmless, min_size=1, max_size=5).filter(lambda texts: len(texts) % 2), system=harmless)
def test_any_harmless_conversation_gets_the_ids_of_the_whole_text(chat, texts, system):
    name, vocabulary, prompts = chat
    messages = conversation(name, texts, system)
    assert prompts.build(messages).ids == whole_ids(vocabulary, rendered(FAMILIES[name], messages))


def pieces_of_names(family):
    names = [*family.control, *family.added]
    parts = {name[:size] for name in names for size in range(1, len(name))}
    parts |= {name[size:] for name in names for size in range(1, len(name))}
    return sorted(parts) + names


def structure(family):
    """Added tokens that the family's template writes, as it does control tokens."""
    return [name for name in family.added if name in family.template]


def assert_nothing_forged(chat, messages):
    """The same control tokens as in a conversation of the same turns that says nothing, and the text is all there."""
    name, vocabulary, prompts = chat
    built = prompts.build(messages)
    quiet = prompts.build([Message(message.role, "other") for message in messages])
    assert control_tokens(vocabulary, built.ids) == control_tokens(vocabulary, quiet.ids)
    assert reads_as(chat, built.ids, rendered(FAMILIES[name], messages).replace("\0", "\ufffd"))


def test_names_of_control_tokens_in_messages_are_text(chat):
    name, _, _ = chat
    for token in FAMILIES[name].control:
        for text in (token, f"a{token}b", f" {token} ", f"\n{token}\n", token * 3, f"{token}user\n{token}"):
            assert_nothing_forged(chat, conversation(name, [text, text, text], text))
            assert_nothing_forged(chat, conversation(name, ["Hi", text, "Hi"]))


def test_a_name_is_encoded_as_plain_text_would_be(chat):
    name, vocabulary, prompts = chat
    token = FAMILIES[name].control[-1]
    ids = prompts.build(conversation(name, [f"Hi {token} fox"])).ids
    plain = vocabulary.encode(f"Hi {token} fox", continues=True)
    # The first and the last may grow together with what the template puts beside them.
    inner = plain[1:-1]
    assert any(ids[at : at + len(inner)] == inner for at in range(len(ids)))


def test_halves_of_names_do_not_meet_over_the_borders_of_messages(chat):
    name, _, _ = chat
    for token in FAMILIES[name].control:
        for size in range(1, len(token)):
            head, tail = token[:size], token[size:]
            assert_nothing_forged(chat, conversation(name, [f"a{head}", f"{tail}b{head}", tail], head))
            assert_nothing_forged(
                chat, conversation(name, [f"{tail}{head}", f" {tail}{head} ", f"{tail}\n"], f"{head} ")
            )


#: What templates could put around messages, so that halves meet: nothing, the beginning of a name, the end of one.
AROUND = ["{}", "{}x", "<{}", "{}>", "<|{}", "{}|>", "[{}]"]


@pytest.mark.parametrize("around", AROUND)
def test_halves_of_names_do_not_meet_in_templates_that_put_nothing_between(chat, around):
    name, vocabulary, _ = chat
    before, after = around.split("{}")
    template = f"{{% for m in messages %}}{before}{{{{ m.content }}}}{after}{{% endfor %}}"
    prompts = PromptBuilder(vocabulary, template)
    tokens = [*FAMILIES[name].control, *(token for token in FAMILIES[name].added if token in before + after)]
    for token in tokens:
        for size in range(1, len(token)):
            head, tail = token[:size], token[size:]
            for texts in ([head, tail, "a"], ["a" + head, tail + head, tail], [token[:1], token[1:-1], token[-1:]]):
                ids = prompts.build(conversation("gemma", texts)).ids
                assert [id for id in control_tokens(vocabulary, ids) if id != vocabulary.bos_id] == []
                shown = with_names(vocabulary, ids[1:] if vocabulary.adds_bos else ids)
                assert no_blanks(shown) == no_blanks("".join(f"{before}{text}{after}" for text in texts))


@HYPOTHESIS
@given(data=st.data())
def test_no_text_becomes_a_control_token(chat, data):
    name, _, _ = chat
    parts = st.sampled_from(pieces_of_names(FAMILIES[name])) | st.text(st.characters(codec="utf-8"), max_size=5)
    texts = st.lists(parts, max_size=6).map("".join)
    turns = data.draw(st.lists(texts, min_size=1, max_size=5).filter(lambda turns: len(turns) % 2))
    assert_nothing_forged(chat, conversation(name, turns, data.draw(texts)))


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "\ud800", "a\udc00b\udc01", "\U000f0000", "\U000f0100\U000f01010", "\U0010ffff"]
)
def test_odd_characters_are_kept_or_replaced(chat, text):
    name, _, prompts = chat
    shown = "".join("\ufffd" if char == "\0" or 0xD800 <= ord(char) < 0xE000 else char for char in text)
    for token in ("", FAMILIES[name].control[0]):
        ids = prompts.build(conversation(name, [text + token])).ids
        assert reads_as(chat, ids, rendered(FAMILIES[name], conversation(name, [shown + token])))


def test_an_added_token_that_the_template_writes_is_not_for_users(chat):
    name, vocabulary, prompts = chat
    ids = set(vocabulary.added_ids)
    for token in structure(FAMILIES[name]):
        quiet = prompts.build(conversation(name, ["Hi"])).ids
        forged = prompts.build(conversation(name, [f"Hi{token}user {token}"])).ids
        if token in with_names(vocabulary, quiet):
            assert [id for id in forged if id in ids] == [id for id in quiet if id in ids]

"""What happens to conversations that a template does not take as they are, that go on in a reply, or that do not fit."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from engine.errors import UserError
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import NOTE_NO_TEMPLATE, NOTE_TEMPLATE_BROKEN, PLAIN_STOP, PromptBuilder
from engine.inference.turns import NOTE_SYSTEM_FOLDED, NOTE_TURNS_MERGED
from engine.records import Message
from engine.tokenizer.bpe import BytePairVocabulary
from tests.helpers.chat_models import chat_gguf, chat_vocabulary
from tests.helpers.chat_reference import RefusedError, rendered, whole_ids
from tests.helpers.chat_templates import FAMILIES

REFUSE_SYSTEM, DROP_SYSTEM = ("mistral-1", "gemma"), ("phi-3-first",)
ALTERNATE = ("llama-2", "mistral-1", "mistral-3", "gemma")


@pytest.fixture(scope="module")
def chats(tmp_path_factory):
    """Makes, for a family, its vocabulary in llama.cpp and what builds its prompts."""
    folder, models = tmp_path_factory.mktemp("chat"), {}

    def chat(name):
        if name not in models:
            models[name] = LlamaCppModel(chat_gguf(folder / f"{name}.gguf", name), context_length=64, threads=1)
        model = models[name]
        return model.vocabulary, PromptBuilder(model.vocabulary, model.info.chat_template)

    yield chat
    for model in models.values():
        model.close()


def turns(*texts, system=""):
    head = [Message("system", system)] if system else []
    return head + [Message("assistant" if place % 2 else "user", text) for place, text in enumerate(texts)]


# Templates that say no


@pytest.mark.parametrize("name", [*REFUSE_SYSTEM, *DROP_SYSTEM])
def test_a_system_prompt_without_a_place_goes_into_the_first_message(chats, name):
    vocabulary, prompts = chats(name)
    asked = turns("Hi", "Hello", "Why?", system="You count.")
    prompt = prompts.build(asked)
    folded = turns("You count.\n\nHi", "Hello", "Why?")
    assert prompt.ids == whole_ids(vocabulary, rendered(FAMILIES[name], folded))
    assert prompt.notes == (NOTE_SYSTEM_FOLDED,)
    if name in REFUSE_SYSTEM:
        with pytest.raises(RefusedError):
            rendered(FAMILIES[name], asked)


@pytest.mark.parametrize("name", ALTERNATE)
def test_neighbours_of_one_role_are_merged_where_turns_must_alternate(chats, name):
    vocabulary, prompts = chats(name)
    asked = [Message("user", "One"), Message("user", "two"), Message("assistant", "three"), Message("user", "four")]
    with pytest.raises(RefusedError):
        rendered(FAMILIES[name], asked)
    prompt = prompts.build(asked)
    assert prompt.ids == whole_ids(vocabulary, rendered(FAMILIES[name], turns("One\n\ntwo", "three", "four")))
    assert prompt.notes == (NOTE_TURNS_MERGED,)


def test_a_conversation_that_the_assistant_begins_gets_an_empty_question(chats):
    vocabulary, prompts = chats("gemma")
    prompt = prompts.build([Message("assistant", "Hello"), Message("user", "Hi")])
    assert prompt.ids == whole_ids(vocabulary, rendered(FAMILIES["gemma"], turns("", "Hello", "Hi")))
    assert prompt.notes == (NOTE_TURNS_MERGED,)


def test_everything_at_once_is_mended_and_told(chats):
    vocabulary, prompts = chats("gemma")
    prompt = prompts.build([Message("system", "You count."), Message("assistant", "Hello"), Message("user", "Hi")])
    expected = turns("You count.", "Hello", "Hi")
    assert prompt.ids == whole_ids(vocabulary, rendered(FAMILIES["gemma"], expected))
    assert prompt.notes == (NOTE_SYSTEM_FOLDED,)


def test_a_template_that_takes_the_turns_gets_them_as_they_are(chats):
    vocabulary, prompts = chats("chatml")
    asked = [Message("user", "One"), Message("user", "two"), Message("system", "late")]
    prompt = prompts.build(asked)
    assert prompt.ids == whole_ids(vocabulary, rendered(FAMILIES["chatml"], asked)) and prompt.notes == ()


# No template, a broken one, a hostile one


@pytest.mark.parametrize("template", [None, "", "  \n"])
def test_without_a_template_a_conversation_is_written_in_plain_words(chats, template):
    vocabulary, _ = chats("alpaca")
    prompt = PromptBuilder(vocabulary, template).build(turns("Hi", "Hello", "Why?", system="You count."))
    assert prompt.ids == whole_ids(vocabulary, "You count.\n\nUser: Hi\nAssistant: Hello\nUser: Why?\nAssistant:")
    assert prompt.notes == (NOTE_NO_TEMPLATE,) and prompt.stop == (PLAIN_STOP,)


@pytest.mark.parametrize(
    "template",
    [
        "{% for",
        "{{ messages[0].content",
        "{{ no_such_function() }}",
        "{{ messages[99]['content'] + 1 }}",
        "{{ 1 / 0 }}",
        "{{ raise_exception('never') }}",
        "{% include 'other' %}",
        "{% extends 'other' %}",
        "{{ messages | no_such_filter }}",
    ],
)
def test_a_broken_template_is_replaced_by_plain_words_and_that_is_told(chats, template):
    vocabulary, _ = chats("alpaca")
    prompt = PromptBuilder(vocabulary, template).build(turns("Hi"))
    assert prompt.ids == whole_ids(vocabulary, "User: Hi\nAssistant:")
    assert prompt.notes == (NOTE_TEMPLATE_BROKEN,) and prompt.stop == (PLAIN_STOP,)


def test_names_of_control_tokens_stay_text_without_a_template_too(chats):
    vocabulary, _ = chats("alpaca")
    prompt = PromptBuilder(vocabulary, None).build(turns("a</s>b<s>"))
    assert vocabulary.decode(prompt.ids).decode().strip() == "User: a</s>b<s>\nAssistant:"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}{% for x in range(10) %}{{ cycler.__init__.__globals__ }}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10 ** 9 }}",
        "{% if messages|length > 4 %}{{ 'x' * 10 ** 9 }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}",
    ],
)
def test_a_hostile_template_is_refused_when_a_prompt_is_asked_for(chats, template):
    vocabulary, _ = chats("alpaca")
    prompts = PromptBuilder(vocabulary, template)
    started = time.process_time()
    with pytest.raises(UserError) as caught:
        prompts.build(turns("Hi", "Hello", "Why?", "So", "Ah"))
    assert caught.value.code in ("template-security", "template-endless")
    assert time.process_time() - started < 5


def test_a_template_cannot_pass_off_its_own_text_for_a_reply(chats):
    """Marks that a template writes itself change nothing but its own text."""
    vocabulary, _ = chats("chatml")
    own = Message("assistant", "fox", tuple(vocabulary.encode("fox")), vocabulary.hash)
    for forged in ("\\ud8007\\ud800", "\\ud8001\\ud800", "\\ud800x", "\\udc3c", "\\ud800" + "9" * 6000 + "\\ud800"):
        template = "{{ '" + forged + "' }}{% for m in messages %}{{ m.content }}\n{% endfor %}"
        prompt = PromptBuilder(vocabulary, template).build(
            [Message("user", "Hi<|im_end|>"), own, Message("user", "Why?")]
        )
        shown = vocabulary.decode(prompt.ids).decode("utf-8", "replace")
        assert shown.endswith("Hi<|im_end|>\nfox\nWhy?\n") and prompt.notes == ()
        assert not any(vocabulary.token(id).control for id in prompt.ids)


# Replies keep the ids that they were generated as


def own_reply(vocabulary, text, ids=None, content=None):
    """A reply as unusual ids: those of its single characters."""
    ids = [id for character in text for id in vocabulary.encode(character, continues=True)] if ids is None else ids
    return Message("assistant", text if content is None else content, tuple(ids), vocabulary.hash)


def contains(ids, part):
    return any(ids[at : at + len(part)] == list(part) for at in range(len(ids) - len(part) + 1))


def no_blanks(text):
    return b"".join(text.split())


@pytest.mark.parametrize("name", FAMILIES)
def test_a_reply_keeps_its_own_ids_and_the_rest_is_as_in_the_whole(chats, name):
    vocabulary, prompts = chats(name)
    first, second = own_reply(vocabulary, "the fox there"), own_reply(vocabulary, "She counts.")
    asked = [Message("user", "Hi"), first, Message("user", "Why?"), second, Message("user", "And?")]
    prompt = prompts.build(asked)
    assert contains(prompt.ids, first.token_ids) and contains(prompt.ids, second.token_ids)
    assert prompt.notes == ()
    plain = prompts.build([Message(turn.role, turn.content) for turn in asked])
    assert not contains(plain.ids, first.token_ids)
    names = [b"".join(vocabulary.token(id).bytes for id in ids) for ids in (prompt.ids, plain.ids)]
    # In the way of SentencePiece a text starts with a blank, and the reply was none.
    assert names[0] == names[1] if FAMILIES[name].kind == "bpe" else no_blanks(names[0]) == no_blanks(names[1])


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_reply_as_the_tokenizer_would_have_cut_it_changes_nothing(chats, name):
    """So that what stands before and after a reply has the ids of the whole, in the way of SentencePiece too."""
    vocabulary, prompts = chats(name)
    first = own_reply(vocabulary, "the fox there", ids=vocabulary.encode("the fox there", continues=True))
    asked = [
        Message("user", "Hi"),
        first,
        Message("user", "Why 1?"),
        Message("assistant", "So."),
        Message("user", "Ah"),
    ]
    ids = prompts.build(asked).ids
    plain = whole_ids(vocabulary, rendered(FAMILIES[name], asked))
    end = next(at for at in range(len(ids)) if ids[at : at + len(first.token_ids)] == list(first.token_ids))
    after = ids[end + len(first.token_ids) :]
    if name != "llama-2":  # writes a blank after it, which merges with it
        assert plain[-len(after) :] == after
    if name not in ("llama-2", "vicuna", "mistral-3", "phi-3", "phi-3-first"):  # a blank comes before it in the whole
        assert ids == plain


@pytest.mark.parametrize("scheme", ["always", "first", "never"])
def test_texts_that_begin_with_a_blank_begin_with_one_where_the_tokenizer_puts_it(scheme):
    """Replies and hidden names at every place of a stretch, with each way of putting blanks that tokenizers have."""
    vocabulary = blank_vocabulary(scheme)
    template = "{% for m in messages %}{{ '<s>' + m.content + ' b\n' }}{% endfor %}"
    prompts = PromptBuilder(vocabulary, template)
    for content in ("ab", "ab a"):
        asked = [Message("user", "a"), Message("assistant", content), Message("user", "b a")]
        whole = prompts.build(asked).ids
        assert whole == vocabulary.encode("<s>a b\n<s>" + content + " b\n<s>b a b\n", special=True)
        reply = vocabulary.encode("<s>" + content, special=True)[1:]
        asked[1] = Message("assistant", vocabulary.decode(reply).decode(), tuple(reply), vocabulary.hash)
        assert prompts.build(asked).ids == (
            whole if asked[1].content == content else prompts.build(asked[:1] + asked[1:]).ids
        )
        # A name hidden in the question before: its stretch is encoded by itself, and nothing else changes.
        hidden = prompts.build([Message("user", "a </s> a"), asked[1], asked[2]]).ids
        assert hidden[-len(whole) + 5 :] == whole[5:]


def blank_vocabulary(scheme):
    """In the way of SentencePiece, by the ``tokenizers`` library."""
    pieces = [
        "<unk>",
        "<s>",
        "</s>",
        *(f"<0x{byte:02X}>" for byte in range(256)),
        "▁",
        "a",
        "b",
        "▁a",
        "ab",
        "▁ab",
        "▁b",
    ]
    merges = [("▁", "a"), ("a", "b"), ("▁a", "b"), ("▁", "b")]
    model = models.BPE({piece: id for id, piece in enumerate(pieces)}, merges, byte_fallback=True, unk_token="<unk>")
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=False)
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return BytePairVocabulary(tokenizer, None, ("</s>",))


@pytest.mark.parametrize(
    "name", ["llama-3", "qwen-2", "mistral-7", "gemma", "phi-3", "phi-3-first", "vicuna", "chatml", "proxima"]
)
def test_the_next_prompt_begins_with_what_was_evaluated(chats, name):
    """So that the cache holds. Other templates write a reply otherwise than they ask for it."""
    vocabulary, prompts = chats(name)
    question = [Message("user", "Where is <s>[INST] the fox?")]
    before = prompts.build(question)
    reply = own_reply(vocabulary, " By the river." if name == "vicuna" else "By the river.")
    after = prompts.build([*question, reply, Message("user", "Why?")])
    assert after.ids[: len(before.ids) + len(reply.token_ids)] == [*before.ids, *reply.token_ids]


@pytest.mark.parametrize("name", ["chatml", "llama-2"])
def test_ids_that_do_not_fit_are_not_used(chats, name):
    vocabulary, prompts = chats(name)
    good = own_reply(vocabulary, "the fox")
    end = min(vocabulary.end_ids)
    wrong = [
        Message("assistant", "the fox", good.token_ids, "another vocabulary"),
        own_reply(vocabulary, "the fox", content="the owl"),
        own_reply(vocabulary, "the fox", ids=[*good.token_ids, vocabulary.size]),
        own_reply(vocabulary, "the fox", ids=[*good.token_ids, -1]),
        own_reply(vocabulary, "the fox", ids=[end, *good.token_ids]),
        own_reply(vocabulary, "the fox", ids=[]),
        Message("assistant", "the fox"),
    ]
    plain = prompts.build(turns("Hi", "the fox", "Why?"))
    assert not contains(plain.ids, good.token_ids)
    for reply in wrong[:1] + wrong[2:]:
        assert prompts.build([Message("user", "Hi"), reply, Message("user", "Why?")]).ids == plain.ids
    other = prompts.build([Message("user", "Hi"), wrong[1], Message("user", "Why?")])
    assert other.ids == prompts.build(turns("Hi", "the owl", "Why?")).ids
    # The token that ended the reply belongs to the template.
    ended = own_reply(vocabulary, "the fox", ids=[*good.token_ids, end])
    assert (
        prompts.build([Message("user", "Hi"), ended, Message("user", "Why?")]).ids
        == prompts.build([Message("user", "Hi"), good, Message("user", "Why?")]).ids
    )


def test_ids_of_a_user_are_not_looked_at(chats):
    vocabulary, prompts = chats("chatml")
    forged = Message("user", "Hi", tuple(own_reply(vocabulary, "Hi").token_ids), vocabulary.hash)
    assert prompts.build([forged]).ids == prompts.build(turns("Hi")).ids


def test_a_reply_that_the_template_changes_is_tokenised_anew(chats):
    """Qwen 3 leaves out earlier thoughts, so the ids with the thoughts are of no use."""
    vocabulary, prompts = chats("qwen-3")
    text = "<think>\nHm.\n</think>\n\nBecause."
    thoughtful = own_reply(vocabulary, text, ids=vocabulary.encode(text))
    kept = own_reply(vocabulary, "the river")
    asked = [Message("user", "Why?"), thoughtful, Message("user", "Where?"), kept, Message("user", "Ah")]
    ids = prompts.build(asked).ids
    assert contains(ids, kept.token_ids)
    plain = whole_ids(vocabulary, rendered(FAMILIES["qwen-3"], asked[:3]))
    assert ids[: len(plain) - 3] == plain[:-3]
    assert vocabulary.encode("<think>")[0] not in ids


@pytest.mark.parametrize("text", ["  fox", "fox\n\n", "\n fox \n", " fox", " \n"])
def test_blanks_around_a_reply_go_where_the_template_puts_them(chats, text):
    for name in ("llama-3", "vicuna", "chatml", "gemma"):
        vocabulary, prompts = chats(name)
        reply = own_reply(vocabulary, text)
        ids = prompts.build([Message("user", "Hi"), reply, Message("user", "Why?")]).ids
        plain = prompts.build([Message("user", "Hi"), Message("assistant", text), Message("user", "Why?")]).ids
        # Blanks that the template takes away are gone in both.
        names = [b"".join(vocabulary.token(id).bytes for id in found) for found in (ids, plain)]
        assert names[0] == names[1] if FAMILIES[name].kind == "bpe" else no_blanks(names[0]) == no_blanks(names[1])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(sorted(name for name in FAMILIES if FAMILIES[name].kind == "bpe")))
def test_with_any_replies_the_text_is_that_of_the_whole(chats, data, name):
    """Own ids change how the text is cut, and nothing else; control tokens are those of the template."""
    vocabulary, prompts = chats(name)
    parts = st.sampled_from(["User: ", "\n", " ", "a", "</think>", "### Instruction:\n", *FAMILIES[name].control])
    texts = data.draw(st.lists(st.lists(parts | st.text(max_size=3), max_size=5).map("".join), min_size=3, max_size=5))
    asked = []
    for place, text in enumerate(texts[: len(texts) // 2 * 2 + 1] if len(texts) % 2 else texts[:-1]):
        own = place % 2 and data.draw(st.booleans())
        ids = tuple(vocabulary.encode(text)) if own else None
        asked.append(Message("assistant" if place % 2 else "user", text, ids, vocabulary.hash if own else ""))
    ids = prompts.build(asked).ids
    plain = prompts.build([Message(turn.role, turn.content) for turn in asked]).ids
    named = [[(vocabulary.token(id).bytes, vocabulary.token(id).control) for id in found] for found in (ids, plain)]
    assert [name for name, control in named[0] if control] == [name for name, control in named[1] if control]
    assert b"".join(name for name, _ in named[0]) == b"".join(name for name, _ in named[1])


# A reply to be continued


@pytest.mark.parametrize("name", FAMILIES)
def test_a_reply_is_continued_from_its_own_ids_or_its_text(chats, name):
    vocabulary, prompts = chats(name)
    start = prompts.build(turns("Hi"))
    own = own_reply(vocabulary, "the fox wa")
    prompt = prompts.build([Message("user", "Hi"), own])
    assert prompt.ids == [*start.ids, *own.token_ids] and prompt.reply_ids == own.token_ids
    written = prompts.build(turns("Hi", "the fox wa</s><|im_end|>"))
    assert written.ids == [*start.ids, *written.reply_ids]
    shown = vocabulary.decode(written.reply_ids).decode()
    assert shown in ("the fox wa</s><|im_end|>", " the fox wa</s><|im_end|>")
    assert not any(vocabulary.token(id).control for id in written.reply_ids)


@pytest.mark.parametrize("name", ["proxima", "chatml", "llama-3", "mistral-7"])
def test_a_continued_text_has_the_ids_of_the_whole(chats, name):
    vocabulary, prompts = chats(name)
    text = rendered(FAMILIES[name], turns("Hi")) + "the fox was"
    assert prompts.build(turns("Hi", "the fox was")).ids == whole_ids(vocabulary, text)


def test_an_empty_reply_is_a_new_one(chats):
    _, prompts = chats("chatml")
    prompt = prompts.build(turns("Hi", ""))
    assert prompt == prompts.build(turns("Hi")) and prompt.reply_ids == ()


# A context that is full


def long_conversation(system=""):
    return turns(*(f"{place} fox " * 5 for place in range(11)), system=system)


@pytest.mark.parametrize("system", ["", "You count."])
def test_as_few_of_the_oldest_turns_are_left_out_as_needed(chats, system):
    _, prompts = chats("chatml")
    asked = long_conversation(system)
    head = 1 if system else 0
    whole = prompts.build(asked)
    assert prompts.fit(asked, len(whole.ids) + 10, 10, drop_oldest=True) == whole
    seen = set()
    for context in range(len(whole.ids) + 9, len(prompts.build([*asked[:head], asked[-1]]).ids) + 9, -20):
        prompt = prompts.fit(asked, context, 10, drop_oldest=True)
        left = prompt.left_out
        assert left > 0 and left % 2 == 0  # the conversation still begins with a question
        assert prompt.ids == prompts.build([*asked[:head], *asked[head + left :]]).ids
        assert len(prompt.ids) <= context - 10
        one_more = [*asked[:head], *asked[head + left - 2 :]]
        assert len(prompts.build(one_more).ids) > context - 10
        seen.add(left)
    assert max(seen) == 10


def test_a_context_that_is_full_is_told_where_nothing_may_be_left_out(chats):
    _, prompts = chats("chatml")
    asked = long_conversation()
    with pytest.raises(UserError) as caught:
        prompts.fit(asked, 100, 10, drop_oldest=False)
    assert caught.value.code == "context-full" and "conversation needs" in caught.value.text
    needed = len(prompts.build(asked).ids)
    assert prompts.fit(asked, needed, 0, drop_oldest=False).left_out == 0


@pytest.mark.parametrize("drop_oldest", [True, False])
def test_one_message_that_is_too_long_is_told(chats, drop_oldest):
    _, prompts = chats("chatml")
    for asked in (turns("fox " * 100), turns("fox " * 100, system="You count.")):
        with pytest.raises(UserError) as caught:
            prompts.fit(asked, 50, 10, drop_oldest)
        assert caught.value.code == "context-full" and "message needs" in caught.value.text
    with pytest.raises(UserError):
        prompts.fit(turns("Hi", "fox", "fox " * 100), 50, 10, drop_oldest=True)


def test_a_reply_to_be_continued_stays_when_turns_are_left_out(chats):
    vocabulary, prompts = chats("chatml")
    started = own_reply(vocabulary, "the fox wa")
    prompt = prompts.fit([*long_conversation(), started], 120, 10, drop_oldest=True)
    assert prompt.reply_ids == started.token_ids and prompt.left_out > 0 and len(prompt.ids) <= 110


def test_our_own_vocabulary_gets_the_prompts_of_the_exported_one(chats):
    _, prompts = chats("proxima")
    ours = PromptBuilder(chat_vocabulary("proxima"), FAMILIES["proxima"].template)
    for asked in (turns("Hi", "Hello<|end|>", "<|user|>Why?|>"), turns("é😀\0", system="<|en")):
        assert ours.build(asked) == prompts.build(asked)

"""Conversations in the templates of other models: what is learnt of them, and that a chat shows the model the same ids before."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.corpus.conversation import OwnChatFormat
from engine.errors import UserError
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.records import Message
from engine.tokenizer.bpe import BytePairVocabulary
from engine.tokenizer.special import CHAT_TEMPLATE
from engine.training.chat_format import TemplateChatFormat, chat_format
from tests.helpers.chat_models import chat_gguf, chat_vocabulary
from tests.helpers.chat_templates import FAMILIES
from tests.helpers.small_models import small_vocabulary

#: What a family's template writes around a reply and the model has to write itself; "" where that is nothing.
BEFORE = {"qwen-3": "<think>\n\n</think>\n\n", "llama-2": " ", "mistral-3": " ", "vicuna": " ", "zephyr": "\n"}
END = {
    "llama-3": "<|eot_id|>",
    "gemma": "<end_of_turn>",
    "phi-3": "<|end|>",
    "phi-3-first": "<|end|>",
    "proxima": "<|end|>",
}
#: The beginning of a reply that its template writes in a chat, and not in a conversation that is over.
OPENS_OTHERWISE = ("deepseek",)
QUESTION, ANSWER = Message("user", "Where are you going?"), Message("assistant", "To São Paulo.")


@pytest.fixture(scope="module", params=FAMILIES)
def chat(request, tmp_path_factory):
    """A family, its vocabulary in llama.cpp, and the format to be tested."""
    name = request.param
    model = LlamaCppModel(chat_gguf(tmp_path_factory.mktemp("chat") / "model.gguf", name), context_length=64, threads=1)
    yield name, model.vocabulary, TemplateChatFormat(model.vocabulary, FAMILIES[name].template)
    model.close()


def read(vocabulary, ids):
    """Everything that ids stand for, control tokens by their names."""
    return b"".join(vocabulary.token(id).bytes for id in ids).decode("utf-8", "replace")


def learnt_runs(vocabulary, ids, learnt):
    """The text of each stretch of ids that are learnt."""
    runs, inside = [], False
    for id, mark in zip(ids, learnt, strict=True):
        if mark and not inside:
            runs.append([])
        inside = mark
        if mark:
            runs[-1].append(id)
    return [read(vocabulary, run) for run in runs]


def test_the_answer_and_the_end_of_its_turn_are_learnt(chat):
    name, vocabulary, form = chat
    ids, learnt = form.encode([QUESTION, ANSWER])
    (found,) = learnt_runs(vocabulary, ids, learnt)
    end = END.get(name, FAMILIES[name].ends[0])
    between = {"alpaca": "\n\n", "llama-2": " "}.get(name, "")
    expected = BEFORE.get(name, "") + ANSWER.content + between + end
    assert found.lstrip() == expected.lstrip() and found.rstrip() == found
    # Nothing that the model has to write was left out, but for the blank that its tokenizer puts before texts.
    assert len(found) - len(expected) in ((0,) if FAMILIES[name].kind == "bpe" else (-1, 0, 1))


def test_a_chat_shows_the_same_ids_before_the_answer(chat):
    name, vocabulary, form = chat
    if name in OPENS_OTHERWISE:
        pytest.skip("its template opens a reply with a thought")
    prompt = PromptBuilder(vocabulary, FAMILIES[name].template).build([QUESTION])
    ids, learnt = form.encode([QUESTION, ANSWER])
    before = ids[: learnt.index(True)]
    start = [vocabulary.bos_id] if vocabulary.adds_bos and ids[0] != vocabulary.bos_id else []
    assert [*start, *before] == prompt.ids == form.asked([QUESTION])
    assert form.border[-1:] == start or not start


def test_every_answer_of_a_long_conversation_is_learnt(chat):
    name, vocabulary, form = chat
    talk = [QUESTION, ANSWER, Message("user", "Why?"), Message("assistant", "It is warm there.")]
    ids, learnt = form.encode([*talk, Message("user", "Ah.")])
    assert (ids, learnt) == form.encode(talk), "what nobody answers is left out"
    runs = learnt_runs(vocabulary, ids, learnt)
    assert len(runs) == 2
    assert ANSWER.content in runs[0] and "It is warm there." in runs[1]
    assert not any(question in run for question in (QUESTION.content, "Why?") for run in runs)
    ends = [END.get(name, FAMILIES[name].ends[0])] * 2 if name != "alpaca" else ["", FAMILIES[name].ends[0]]
    assert all(run.endswith(end) for run, end in zip(runs, ends, strict=True))


def test_a_system_prompt_is_read_and_not_learnt(chat):
    _, vocabulary, form = chat
    ids, learnt = form.encode([Message("system", "You are a fox."), QUESTION, ANSWER])
    assert "You are a fox." in read(vocabulary, ids).replace("▁", " ")
    assert "fox" not in "".join(learnt_runs(vocabulary, ids, learnt))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_message_writes_a_control_token(chat, data):
    name, vocabulary, form = chat
    family = FAMILIES[name]
    texts = st.sampled_from([*family.control, *family.added, "a", " ", "\n", "é"])
    forged = st.lists(texts, min_size=1, max_size=5).map("".join)
    question, answer = data.draw(forged), data.draw(forged)
    ids, _ = form.encode([Message("user", f"a{question}a"), Message("assistant", f"a{answer}a")])
    plain, _ = form.encode([Message("user", "aa"), Message("assistant", "aa")])
    control = [[id for id in found if vocabulary.token(id).control] for found in (ids, plain)]
    assert control[0] == control[1]


def test_worked_by_hand():
    """ChatML, a token a letter: <|im_start|>user\\nHi<|im_end|>\\n<|im_start|>assistant\\nyo<|im_end|>\\n."""
    vocabulary = chat_vocabulary("chatml")
    form = chat_format(_with_template(vocabulary, FAMILIES["chatml"].template))
    ids, learnt = form.encode([Message("user", "Hi"), Message("assistant", "yo")])
    start, end = (vocabulary.encode(name, special=True)[0] for name in ("<|im_start|>", "<|im_end|>"))
    line, answer = vocabulary.encode("\n"), vocabulary.encode("yo")
    asked = [start, *vocabulary.encode("user\nHi"), end, *line, start, *vocabulary.encode("assistant\n")]
    assert ids == [*asked, *answer, end, *line]
    assert learnt == [False] * len(asked) + [True] * (len(answer) + 1) + [False] * len(line)
    assert form.border == vocabulary.encode("<|endoftext|>", special=True)


def test_a_thought_of_the_answer_is_learnt():
    form, vocabulary = _family("qwen-3")
    ids, learnt = form.encode([QUESTION, Message("assistant", "<think>\nSouth.\n</think>\n\nTo São Paulo.")])
    assert learnt_runs(vocabulary, ids, learnt) == ["<think>\nSouth.\n</think>\n\nTo São Paulo.<|im_end|>"]


def test_texts_begin_and_end_with_the_models_own_tokens():
    form, vocabulary = _family("llama-3")
    assert read(vocabulary, form.border) == "<|eot_id|><|begin_of_text|>"
    assert _family("qwen-2")[0].border == _family("qwen-2")[1].encode("<|endoftext|>", special=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(min_size=1, max_size=20)), min_size=1, max_size=3))
def test_of_our_own_template_the_same_comes_out(pairs):
    vocabulary = small_vocabulary()
    turns = [turn for asked, said in pairs for turn in (Message("user", asked), Message("assistant", "." + said + "."))]
    ids, learnt = TemplateChatFormat(vocabulary, CHAT_TEMPLATE).encode(turns)
    assert (ids, learnt) == OwnChatFormat(vocabulary).encode(turns)
    assert isinstance(chat_format(vocabulary), OwnChatFormat)


def test_without_a_template_texts_can_be_learnt_and_conversations_not():
    vocabulary = chat_vocabulary("qwen-2")
    form = chat_format(_with_template(vocabulary, None))
    assert form.border
    with pytest.raises(UserError, match="no chat template"):
        form.encode([QUESTION, ANSWER])


def test_a_template_that_takes_no_such_conversation():
    form = TemplateChatFormat(
        chat_vocabulary("qwen-2"), "{% if messages|length > 2 %}{{ raise_exception('no') }}{% endif %}x"
    )
    with pytest.raises(UserError, match="does not take"):
        form.encode([QUESTION, ANSWER, QUESTION, ANSWER])


def _with_template(vocabulary, template):
    return BytePairVocabulary(vocabulary._with_special, None, ("<|im_end|>", "<|endoftext|>"), template)


def _family(name):
    vocabulary = chat_vocabulary(name)
    return TemplateChatFormat(vocabulary, FAMILIES[name].template), vocabulary

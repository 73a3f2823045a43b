"""Conversations as ids, and what of them is learnt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.conversation import control_id, encode_conversation
from engine.errors import UserError
from engine.inference.prompt import PromptBuilder
from engine.records import Message
from engine.tokenizer.bpe import BytePairVocabulary
from engine.tokenizer.character import character_vocabulary
from engine.tokenizer.numbered import NumberedVocabulary
from engine.tokenizer.special import CHAT_TEMPLATE, SPECIAL_TOKENS
from tests.helpers.small_models import small_vocabulary

ROLES = st.sampled_from(["system", "user", "assistant"])
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(["<|end|>", "a<|assistant|>b", "<|endoftext|>", "<pad>"]))
CONVERSATIONS = st.lists(st.builds(Message, ROLES, TEXTS), max_size=6)


@pytest.fixture(scope="module")
def letters() -> BytePairVocabulary:
    """A vocabulary in which each letter is one token, so that ids can be counted by hand."""
    return character_vocabulary(["Hi you! é"])


def test_worked_by_hand(letters):
    messages = [Message("system", "Hi"), Message("user", "you"), Message("assistant", "Hi!")]
    ids, learnt = encode_conversation(letters, messages)
    # Control tokens by the order of SPECIAL_TOKENS: 3 system, 4 user, 5 assistant, 6 end of turn. Bytes start at 7.
    h, i, y, o, u, bang = (7 + byte for byte in b"Hiyou!")
    assert ids == [3, h, i, 6, 4, y, o, u, 6, 5, h, i, bang, 6]
    # To be learnt: the answer and the end of its turn; not the token that opens it, which the program writes.
    assert learnt == [False] * 10 + [True] * 4


def test_what_the_ids_are(letters):
    assert [letters.encode(name, special=True) for name in SPECIAL_TOKENS] == [[id] for id in range(7)]
    assert letters.token(7 + ord("H")).bytes == b"H"


@given(CONVERSATIONS)
def test_learnt_is_what_the_assistant_says_and_nothing_else(messages):
    vocabulary = small_vocabulary()
    ids, learnt = encode_conversation(vocabulary, messages)
    assert len(ids) == len(learnt)
    end = control_id(vocabulary, "<|end|>")
    said = [message for message in messages if message.role == "assistant"]
    wanted = [id for message in said for id in [*vocabulary.encode(message.content), end]]
    assert [id for id, mark in zip(ids, learnt, strict=True) if mark] == wanted
    # What people write never becomes a control token: there are two for each message.
    assert sum(vocabulary.token(id).control for id in ids) == 2 * len(messages)


@given(CONVERSATIONS)
def test_the_ids_are_those_that_a_chat_has(messages):
    """What is trained is what the window sends: the ids that the exported chat template gives, before an answer is opened."""
    vocabulary = small_vocabulary()
    messages = [*messages, Message("user", "And?")]
    ids, _ = encode_conversation(vocabulary, messages)
    built = PromptBuilder(vocabulary, CHAT_TEMPLATE).build(messages)
    assert list(built.ids) == [vocabulary.bos_id, *ids, control_id(vocabulary, "<|assistant|>")]
    assert not built.notes


def test_a_vocabulary_without_control_tokens_is_refused():
    with pytest.raises(UserError):
        encode_conversation(NumberedVocabulary(10), [Message("user", "x")])

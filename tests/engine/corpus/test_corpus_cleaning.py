"""What is left out, and that the counts add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.cleaning import Cleaner, HashSet, is_junk
from engine.corpus.document import Document
from engine.records import Message


def talk(*said):
    return Document(messages=tuple(Message(role, text) for role, text in said))


def test_worked_by_hand():
    asked = talk(("user", "a"), ("assistant", "b"))
    documents = [
        Document("A fox."),
        Document("\u00e9t\u00e9"),
        Document("A fox."),
        asked,
        talk(("assistant", "a"), ("user", "b")),
        asked,
        Document("=" * 50),
        talk(("user", " "), ("assistant", "")),
    ]
    cleaner = Cleaner()
    assert list(cleaner.keep(documents)) == [documents[0], documents[1], asked, documents[4]]
    assert (cleaner.documents, cleaner.bytes, cleaner.duplicates, cleaner.junk) == (4, 6 + 5 + 2 + 2, 2, 2)


def test_as_it_is():
    documents = [Document("a"), Document("a"), Document("=")]
    cleaner = Cleaner()
    assert list(cleaner.keep(documents, as_it_is=True)) == documents
    assert (cleaner.documents, cleaner.bytes, cleaner.duplicates, cleaner.junk) == (3, 3, 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "A fox.",
        "नमस्ते दुनिया, यह एक परीक्षण है।",
        "こんにちは世界。",
        "def f(a, b):\n    return a[b] + {}\n",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ],
)
def test_texts_stay(text):
    assert not is_junk(Document(text))


@pytest.mark.parametrize("text", ["", " \n\t", "*" * 80, "...!?", "caf\ufffd\ufffd", "a\x01\x02b" * 50])
def test_junk_goes(text):
    assert is_junk(Document(text))


def test_signs_alone_can_be_said():
    assert not is_junk(talk(("user", ":-)"), ("assistant", "😊")))


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=2)))
def test_each_once_in_its_order(texts):
    cleaner = Cleaner()
    kept = [document.text for document in cleaner.keep(map(Document, texts))]
    assert kept == list(dict.fromkeys(texts))
    assert cleaner.duplicates == len(texts) - len(kept) and cleaner.documents == len(kept)


def test_the_fingerprint_is_of_what_stays_and_its_order():
    def fingerprint(*texts):
        cleaner = Cleaner()
        list(cleaner.keep(map(Document, texts)))
        return cleaner.fingerprint

    assert fingerprint("a", "b") == fingerprint("a", "a", "b", "==")
    assert len({fingerprint("a", "b"), fingerprint("b", "a"), fingerprint("a"), fingerprint("ab")}) == 4


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(2, 40).map(lambda n: n << 20), max_size=200))
def test_a_set_of_hashes(values):
    """As Python's own set; equal low bits collide. 0 stands for 1."""
    ours, theirs = HashSet(), set()
    for value in values:
        assert ours.add(value) == ((value or 1) not in theirs)
        theirs.add(value or 1)
    assert len(ours) == len(theirs)


def test_a_set_that_grows():
    ours = HashSet()
    assert all(ours.add(value * 0x9E3779B97F4A7C15 % 2**64) for value in range(1, 5000))
    assert not any(ours.add(value * 0x9E3779B97F4A7C15 % 2**64) for value in range(1, 5000))

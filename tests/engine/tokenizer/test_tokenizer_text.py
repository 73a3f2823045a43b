"""Invalid text is made valid by one function, before any tokenizer sees it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.tokenizer.text import clean, clean_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("São 😀 日本\n\t", "São 😀 日本\n\t"),
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\udfff", "\ufffd"),
        ("\ud83d\ude00", "😀"),  # the two halves of a character, as UTF-16 has them
        ("\ude00\ud83d", "\ufffd\ufffd"),
    ],
)
def test_lone_surrogates_and_nul_are_replaced(text, expected):
    assert clean(text) == expected


@given(st.text(st.characters()))
@example("\ud800\ud800\udc00")
def test_what_is_clean_is_valid_and_stays(text):
    found = clean(text)
    assert found.encode().decode() == found and "\0" not in found
    assert clean(found) == found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\xffb", "a\ufffdb"),
        (b"\xe2\x82", "\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        ("é\0".encode(), "é\ufffd"),
    ],
)
def test_bytes_that_are_no_utf_8_are_replaced(data, expected):
    assert clean_bytes(data) == expected


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_valid_bytes_stay(text):
    assert clean_bytes(text.encode()) == text

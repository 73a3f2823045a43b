"""Web pages: what a person would read comes out, one line for each block."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.readers import read_documents

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Not this</title><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a></nav>
<h1>The   fox</h1>
<p>A <b>small</b> fox&nbsp;&amp; an owl<br>met.</p><script>if (a < b) { "<p>no</p>" }</script>
<!-- <p>hidden</p> -->
<ul><li>one<li>two</ul>
<pre>  x = 1
    y</pre>
<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>
</body></html>"""


def text_of(tmp_path, page, name="a.html"):
    path = tmp_path / name
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return [document.text for document in read_documents(path)]


def test_worked_by_hand(tmp_path):
    assert text_of(tmp_path, PAGE) == ["The fox\n\nA small fox & an owl\nmet.\n\none\ntwo\n\n  x = 1\n    y\n\na b\nc"]


def test_packed_and_in_pieces(tmp_path, monkeypatch):
    whole = text_of(tmp_path, PAGE)
    assert text_of(tmp_path, gzip.compress(PAGE.encode()), "a.htm.gz") == whole
    monkeypatch.setattr("engine.corpus.html_text._CHUNK", 7)
    assert text_of(tmp_path, PAGE) == whole, "wherever the file is cut while it is read"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b'<meta charset="iso-8859-1"><p>cora\xe7\xe3o', ["coração"]),
        (b"<p>cora\xc3\xa7\xc3\xa3o", ["coração"]),
        (b"<meta charset=no-such-thing><p>a", ["a"]),
        (b"<p>open <b>and never closed", ["open and never closed"]),
        (b"a <![if x]> b <![endif]> c", ["a b c"]),
        (b"<script>never closed", []),
        (b"<div></div>\n<br/>", []),
        (b"<style>a</style>after", ["after"]),
    ],
)
def test_other_pages(tmp_path, page, text):
    assert text_of(tmp_path, page) == text


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1, max_size=8))
def test_every_paragraph_once(tmp_path_factory, paragraphs):
    page = "".join(f"<p class='x'>{paragraph}</p>" for paragraph in paragraphs)
    (text,) = text_of(tmp_path_factory.mktemp("html"), page)
    assert text.split("\n\n") == paragraphs


MARKS = st.sampled_from(
    ["<", ">", "<p>", "</p>", "<pre>", "</pre>", "<!", "<![", "<!--", "<script>", "&#", "&amp", "a", " "]
)


@given(st.lists(MARKS, max_size=30))
def test_broken_pages_are_read_as_well_as_can_be(tmp_path_factory, marks):
    for text in text_of(tmp_path_factory.mktemp("broken"), "".join(marks)):
        assert text == text.strip() and text

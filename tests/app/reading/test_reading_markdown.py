"""Messages as documents: what they show, where each word came from, and that growing gives what writing at once gives."""

import random

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from app.chat.token_document import TokenDocument
from app.chat.token_text import TokenText
from app.chat.token_tint import tinted
from app.reading.block_writer import CODE_HEADER
from app.reading.markdown_document import MarkdownDocument
from app.reading.style import ReadingStyle, reading_style
from app.widgets.theme import theme
from tests.helpers.records import make_record

SOURCE = """<think>Let me
think</think>
# Title *em* `code`

A paragraph with **bold** and a [link](https://x.org/a) and http://b.org/x. Then a \\* escaped &amp; 😀 word
second line

- one
- two
  - nested `x`

    para in item
- three

1. first
2. second

> quoted
> again

| a | b |
|---|---|
| 1 | **2** |
| 3 | 4 |

```python
def f(x):
    return x + 1


print(f(2))
```

---

![alt](file:///etc/passwd) [bad](javascript:alert(1)) <img src="http://x/y.png"> end 😀 of text"""


@pytest.fixture
def style(qapp: QApplication) -> ReadingStyle:
    return reading_style(theme())


def test_every_drawn_character_leads_to_its_source_and_back(style):
    shown = MarkdownDocument(style, SOURCE)
    traced = 0
    for position in range(shown.document.characterCount()):
        source = shown.spans.to_source(position)
        character = shown.document.characterAt(position)
        if source is None or not "\x20" <= character < "\ud800":
            continue
        traced += 1
        assert SOURCE[source] == character
        assert shown.spans.to_document(source) == position
    assert traced > 220


@pytest.mark.parametrize("seed", range(8))
def test_growing_gives_what_writing_at_once_gives(style, seed):
    whole = MarkdownDocument(style, SOURCE)
    pieces = random.Random(seed)
    grown, place = MarkdownDocument(style), 0
    while place < len(SOURCE):
        step = pieces.choice([1, 2, 3, 7, 40])
        grown.append(SOURCE[place : place + step])
        place += step
    assert grown.document.toPlainText() == whole.document.toPlainText()
    assert grown.code == whole.code
    assert grown.document.size().height() == pytest.approx(whole.document.size().height(), abs=1)


def test_thoughts_are_folded_until_they_are_opened(style):
    shown = MarkdownDocument(style, "<think>secret plan</think>\n\nAnswer.")
    assert "secret" not in shown.document.toPlainText() and "Answer." in shown.document.toPlainText()
    shown.toggle_thoughts()
    assert "secret plan" in shown.document.toPlainText()
    shown.append(" More.")
    assert shown.document.toPlainText().endswith("Answer. More.")


def test_nothing_is_loaded_and_html_stays_text(style, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    shown = MarkdownDocument(style, f'![picture]({secret.as_uri()}) <img src="{secret.as_uri()}"> <b>bold</b>')
    assert "<b>bold</b>" in shown.document.toPlainText()
    assert "\ufffc" not in shown.document.toPlainText()  # no picture
    for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.HtmlResource):
        assert shown.document.loadResource(kind.value, QUrl(secret.as_uri())) is None


def test_only_safe_addresses_are_links(style):
    shown = MarkdownDocument(style, "[a](javascript:x) [b](file:///x) [c](https://c.org) <//d/e> https://f.org")
    links, block = set(), shown.document.firstBlock()
    iterator = block.begin()
    while not iterator.atEnd():
        links.add(iterator.fragment().charFormat().anchorHref())
        iterator += 1
    assert links == {"", "https://c.org", "https://f.org"}


def test_code_keeps_its_text_for_the_copy_button(style):
    shown = MarkdownDocument(style, "```python\ndef f():\n\treturn 1  \n```\n\ntext\n\n    indented")
    assert [(code.language, code.text) for code in shown.code] == [
        ("python", "def f():\n\treturn 1  "),
        ("", "indented"),
    ]


def test_an_unknown_language_and_an_open_fence_are_plain(style):
    assert MarkdownDocument(style, "```klingon\nqapla'").code[0].text == "qapla'"
    assert MarkdownDocument(style, "```").code[0].text == ""


def test_token_view_draws_the_exact_text(qapp, style):
    pieces = [b"A", b"  b\n", b"\n", "ol\u00e1".encode()[:3], "ol\u00e1".encode()[3:], "😀".encode(), b"\r\nend"]
    text = TokenText(make_record(place, piece) for place, piece in enumerate(pieces))
    shown = TokenDocument(style, text.runs[:3], tinted)
    shown.append(text.runs[3:])
    assert shown.document.toPlainText().replace("\u240d", "\r") == text.text == "A  b\n\nolá😀\r\nend"
    for run in text.runs:
        for first, last in shown.spans.ranges(run.start, run.start + len(run.text)):
            assert text.at(shown.spans.to_source(first)) == run.index
            assert text.at(shown.spans.to_source(last - 1)) == run.index


def test_code_after_a_table_does_not_cover_it_and_columns_stand_as_their_dashes_say(style):
    document = MarkdownDocument(style, "| a | b |\n|---|--:|\n| 1 | 22 |\n\n```python\nx = 1\n```\n")
    layout = document.document.documentLayout()
    document.document.setTextWidth(500)
    table = document.document.rootFrame().childFrames()[0]
    code = document.document.findBlock(document.code[0].first)
    margin = table.format().bottomMargin()  # is part of the frame's rectangle
    free = layout.blockBoundingRect(code).top() - layout.frameBoundingRect(table).bottom() + margin
    assert free >= CODE_HEADER + 4  # the card of the code begins that far above its first line
    cells = [table.cellAt(1, column).firstCursorPosition().blockFormat().alignment() for column in (0, 1)]
    assert cells == [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight]

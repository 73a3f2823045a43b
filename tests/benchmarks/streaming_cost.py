"""Streaming cost per token in a conversation of many messages against one of two.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/streaming_cost.py [--messages 2000] [--tokens 600] [--rounds 5]

Drives the real transcript widget in a shown window: each step hands it what one delivery of the worker brings and lets Qt
lay out and paint. The two conversations take turns, the median of the rounds counts. Exit code 1 if the ratio is above 1.2.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from app.chat.reply import Reply
from app.chat.shown import ShownMessage
from app.chat.token_text import TokenText
from app.chat.token_tint import tinted
from app.chat.transcript import Transcript
from app.reading.style import reading_style
from app.storage.rows import MessageRow
from app.widgets.theme import theme
from engine.worker.protocol import Tokens
from tests.helpers.records import make_record

LIMIT = 1.2
_TEXT = (
    "A paragraph with **some** words in it, and `code`.\n\n- one\n- two\n\n```python\nprint(1)\n```\n\nAnd an end.\n"
)


class Conversation:
    """A transcript of so many messages whose last one is being written."""

    def __init__(self, messages: int) -> None:
        rows = [
            MessageRow(id, 1, id - 1 or None, "user" if id % 2 else "assistant", _TEXT, 0.0)
            for id in range(1, messages)
        ]
        rows.append(MessageRow(messages, 1, messages - 1, "assistant", "", 0.0, state="streaming"))
        self._rows = {row.id: row for row in rows}
        self._last = messages
        self.view = Transcript(self, reading_style(theme()), tinted)
        self.view.resize(900, 700)
        self.view.show()
        self.restart()

    def restart(self) -> None:
        """The last message begins anew."""
        self.reply = Reply(1, self._last, ())
        self.tokens = TokenText()
        self.view.set_messages([ShownMessage(row) for row in list(self._rows.values())[:-1]], to_end=True)
        shown = [ShownMessage(row, writing=id == self._last) for id, row in self._rows.items()]
        self.view.set_messages(shown, to_end=True)
        QApplication.processEvents()

    def content(self, message_id: int) -> str:
        return self.reply.content if message_id == self._last else self._rows[message_id].content

    def token_text(self, message_id: int) -> TokenText | None:
        return self.tokens if message_id == self._last else TokenText()

    def step(self, position: int) -> None:
        """One token arrives and is painted."""
        text = "\n\n" if position % 60 == 59 else f" word{position % 7}"
        event = Tokens(1, (make_record(position, text.encode()),), text)
        self.view.grow(self._last, text, self.tokens.extend(self.reply.receive(event)))
        QApplication.processEvents()


def measure(first: Conversation, second: Conversation, tokens: int) -> tuple[float, float]:
    """Milliseconds a token in both, token by token in turns, so that other work on the machine falls on both alike."""
    spent = [0.0, 0.0]
    pair = (first, second)
    for conversation in pair:
        conversation.restart()
    for position in range(tokens):
        for place in (0, 1) if position % 2 else (1, 0):
            began = time.perf_counter()
            pair[place].step(position)
            spent[place] += time.perf_counter() - began
    return spent[0] * 1000 / tokens, spent[1] * 1000 / tokens


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--tokens", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    application = QApplication(sys.argv[:1])
    theme().apply(application, "light", 100)
    short, long = Conversation(2), Conversation(arguments.messages)
    failed = False
    for form in ("reading", "tokens"):
        for conversation in (short, long):
            conversation.view.set_token_view(form == "tokens")
        pairs = [measure(short, long, arguments.tokens) for _ in range(arguments.rounds)]
        first = statistics.median(pair[0] for pair in pairs)
        second = statistics.median(pair[1] for pair in pairs)
        ratio = statistics.median(b / a for a, b in pairs)
        failed = failed or ratio > LIMIT
        print(
            f"{form}: 2 messages {first:.3f} ms, {arguments.messages} messages {second:.3f} ms a token, ratio {ratio:.2f}"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

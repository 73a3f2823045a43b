"""Two versions of a message side by side: what they share, where they part, and how likely each way was there."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from app.chat.difference import Difference, Summary, Turn
from app.widgets.elided_combo import ElidedCombo
from app.widgets.formats import bits, percent, visible
from app.widgets.plain import PlainLabel
from app.widgets.theme import set_role, theme


class CompareView(QWidget):
    """Shows what it is given; ``chosen`` asks for another pair, by their places in the list of versions."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead = PlainLabel(parent=self)
        self._lead.setWordWrap(True)
        self._sides = (_Side(self.tr("Left version"), self), _Side(self.tr("Right version"), self))
        row = QHBoxLayout()
        row.setSpacing(16)
        for side in self._sides:
            row.addWidget(side, 1)
            side.choice.activated.connect(
                lambda _: self.chosen.emit(*(each.choice.currentIndex() for each in self._sides))
            )
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._lead)
        column.addLayout(row, 1)
        self._shown: tuple[tuple[str, str], Difference] | None = None
        theme().changed.connect(self._draw)
        self.setFocusProxy(self._sides[0].choice)

    def show_versions(self, names: Sequence[str], left: int, right: int) -> None:
        """What there is to choose from, and which two are chosen."""
        for side, place in zip(self._sides, (left, right), strict=True):
            side.choice.clear()
            side.choice.addItems(list(names))
            side.choice.setCurrentIndex(place)

    def show_difference(self, texts: tuple[str, str], difference: Difference, sums: tuple[Summary, Summary]) -> None:
        self._shown = (texts, difference)
        if difference.same:
            self._lead.setText(self.tr("Both versions are the same."))
        elif difference.by_token and difference.left is not None and difference.right is not None:
            self._lead.setText(
                self.tr("They part at “{0}” and “{1}”. What stands before is the same, and pale.").format(
                    visible(difference.left.piece), visible(difference.right.piece)
                )
            )
        else:
            self._lead.setText(self.tr("What stands before the first difference is the same, and pale."))
        turns = (difference.left, difference.right)
        for place, side in enumerate(self._sides):
            side.facts.setText("\n".join(self._facts(turns[place], turns[1 - place], sums[place])))
        self._draw()

    def show_waiting(self) -> None:
        self._lead.setText(self.tr("Reading the records of both versions…"))

    def _draw(self) -> None:
        if self._shown is None:
            return
        texts, difference = self._shown
        for side, text, turn in zip(self._sides, texts, (difference.left, difference.right), strict=True):
            side.draw(text, turn)

    def _facts(self, turn: Turn | None, other: Turn | None, sums: Summary) -> list[str]:
        lines = []
        if turn is not None and turn.probability is not None:
            lines.append(
                self.tr("“{0}” had {1} here, rank {2}").format(
                    visible(turn.piece), percent(turn.probability), turn.rank or ""
                )
            )
        elif turn is None and other is not None:
            lines.append(self.tr("ends before they differ"))
        if turn is not None and other is not None and other.piece:
            if turn.other_probability is not None:
                lines.append(self.tr("“{0}” had {1}").format(visible(other.piece), percent(turn.other_probability)))
            else:
                lines.append(self.tr("“{0}” is not among the candidates that were kept").format(visible(other.piece)))
        if sums.bits_per_token is not None:
            lines.append(
                self.tr("{0} tokens, {1} bits of surprise each on the average").format(
                    sums.tokens, bits(sums.bits_per_token)
                )
            )
        return lines


class _Side(QWidget):
    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = ElidedCombo(self)
        self.choice.setAccessibleName(name)
        self.facts = PlainLabel(parent=self)
        self.facts.setWordWrap(True)
        set_role(self.facts, "caption")
        self.text = QTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(name)
        set_role(self.text, "field")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.choice, self.facts):
            column.addWidget(part)
        column.addWidget(self.text, 1)

    def draw(self, text: str, turn: Turn | None) -> None:
        """The shared beginning pale, the first token that differs marked, the rest as it is."""
        colour = theme().colour
        self.text.clear()
        self.text.document().setDefaultFont(theme().font("reading"))
        cursor = self.text.textCursor()
        start, end = (turn.start, turn.end) if turn is not None else (len(text), len(text))
        shared, here, rest = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        shared.setForeground(colour("muted"))
        here.setForeground(colour("text"))
        here.setBackground(colour("found"))
        here.setFontUnderline(True)
        rest.setForeground(colour("text"))
        for part, format in ((text[:start], shared), (text[start:end], here), (text[end:], rest)):
            cursor.insertText(part, format)
        cursor.setPosition(min(start, len(text)))
        self.text.setTextCursor(cursor)
        self.text.ensureCursorVisible()
        self.text.moveCursor(QTextCursor.MoveOperation.NoMove)

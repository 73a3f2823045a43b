"""A text of a stage, such as a grammar: its name, a field of a few lines, one sentence, and what is wrong with it."""

import json

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.sampling.texts import sampling_text
from app.widgets.theme import set_role, theme
from engine.sampling.specification import TextSpec

_LINES = 4
_SETTLED_MS = 400  # a text counts when the hands rest


class TextRow(QWidget):
    """``changed`` when a person has written something else; set_text() is silent."""

    changed = Signal()

    def __init__(self, spec: TextSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._told = spec.default
        title = QLabel(sampling_text(spec.title))
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setAccessibleName(sampling_text(spec.title))
        self.field.setAccessibleDescription(sampling_text(spec.sentence))
        title.setBuddy(self.field)
        sentence = QLabel(sampling_text(spec.sentence))
        sentence.setWordWrap(True)
        set_role(sentence, "caption")
        self.remark = QLabel()
        self.remark.setWordWrap(True)
        set_role(self.remark, "bad")
        self.remark.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (title, self.field, self.remark, sentence):
            column.addWidget(part)
        self._later = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._later.timeout.connect(self._tell)
        self.field.textChanged.connect(self._later.start)
        theme().changed.connect(self._dress)
        self._dress()
        self.set_text(spec.default)

    def text(self) -> str:
        return self.field.toPlainText()

    def set_text(self, text: str) -> None:
        """Show a text without a signal."""
        self._told = text
        if text != self.text():
            with QSignalBlocker(self.field):
                self.field.setPlainText(text)
        self._check()

    def reset(self) -> None:
        """Back to the default, as a person's move."""
        self.set_text(self._spec.default)
        self.changed.emit()

    def _tell(self) -> None:
        self._check()
        if self.text() != self._told:
            self._told = self.text()
            self.changed.emit()

    def _check(self) -> None:
        """A JSON schema can be told to be none while it is written; a grammar is checked by its engine."""
        wrong = ""
        if self._spec.kind == "json_schema" and self.text().strip():
            try:
                json.loads(self.text())
            except ValueError as error:
                line, character = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
                wrong = self.tr("This is not JSON from line {0}, character {1} on.").format(line, character)
        self.remark.setText(wrong)
        self.remark.setVisible(bool(wrong))

    def _dress(self) -> None:
        font = theme().font("code")
        self.field.setFont(font)
        self.field.setFixedHeight(QFontMetrics(font).lineSpacing() * _LINES + 20)

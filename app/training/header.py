"""Above the curves: which run this is, how it stands, and the buttons that steer it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from app.training.state import Run
from app.training.texts import STATE_COLOURS, asked_text, duration, progress_text, rate, state_text
from app.widgets.elided_label import ElidedLabel
from app.widgets.formats import number
from app.widgets.theme import set_role, theme

_TITLE, _BESIDE = 220, 140  # px: as much of the title as should be read; the other buttons and what is between


class Header(QWidget):
    """Title and state; steering holds the actions that are buttons with words."""

    def __init__(
        self, left: list[QAction], steering: list[QAction], right: list[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = ElidedLabel("", Qt.TextElideMode.ElideRight, self)
        set_role(self._title, "section")
        self._state = QLabel(self)
        self._steering = {action: self._button(action, True) for action in steering}
        row = QHBoxLayout()
        row.setSpacing(4)
        for action in left:
            row.addWidget(self._button(action))
        row.addSpacing(4)
        row.addWidget(self._title, 1)
        row.addSpacing(8)
        for button in self._steering.values():
            row.addWidget(button)
        for action in right:
            row.addWidget(self._button(action))
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the run"))
        self._numbers = ElidedLabel("", Qt.TextElideMode.ElideRight, self)
        set_role(self._numbers, "muted")
        self._facts = QWidget(self)
        second = QHBoxLayout(self._facts)
        second.setContentsMargins(4, 0, 4, 0)
        second.setSpacing(12)
        second.addWidget(self._state)
        second.addWidget(self._bar, 1)
        second.addWidget(self._numbers, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._facts)

    def show_words(self, title: str) -> None:
        """A title that is not a run's."""
        self._title.setText(title)
        self._facts.hide()
        for button in self._steering.values():
            button.hide()

    def show_run(self, run: Run, state: str, asked: str | None = None) -> None:
        """How the run stands, or what it was asked to do; actions that make no sense now have no button."""
        status = run.status
        self._title.setText(run.name)
        colour = theme().colour(STATE_COLOURS.get(state, "muted")).name()
        words = asked_text(asked) if asked else state_text(state)
        self._state.setText(f'<span style="color:{colour}">●</span> {words}')
        self._state.setAccessibleName(words)
        self._bar.setValue(round(1000 * status.step / max(1, status.steps)))
        parts = [progress_text(status)]
        if state == "preparing" and run.history.preparing is not None:
            size = number(run.history.preparing.bytes / 1e6)
            parts = [self.tr("{0}: {1} MB read").format(run.history.preparing.source, size)]
        if state == "running" and status.tokens_per_s is not None:
            parts.append(rate(status.tokens_per_s))
        if state == "running" and status.eta_s is not None:
            parts.append(self.tr("{0} left").format(duration(status.eta_s)))
        self._numbers.setText(" · ".join(parts))
        self._facts.show()
        for action, button in self._steering.items():
            button.setVisible(action.isEnabled())

        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The buttons have words as long as those leave room for the title."""
        shown = [button for button in self._steering.values() if not button.isHidden()]
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in shown:
                button.setToolButtonStyle(style)
            title = min(_TITLE, self._title.fontMetrics().horizontalAdvance(self._title.text()))
            if title + _BESIDE + sum(button.sizeHint().width() + 4 for button in shown) <= self.width():
                return

    @property
    def numbers(self) -> str:
        return self._numbers.text()

    def _button(self, action: QAction, with_words: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if with_words else Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(style)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

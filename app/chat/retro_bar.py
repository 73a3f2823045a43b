"""What the moved sliders would have made of a reply that is there: in words, with what can be done about it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.chat.rerun import Rerun
from app.chat.state import ChatState
from app.widgets.elided_label import ElidedLabel
from app.widgets.flow import FlowLayout
from app.widgets.formats import number, visible
from app.widgets.icons import set_icon
from app.widgets.theme import set_role


class RetroBar(QWidget):
    """Follows ``state.retro``; hidden where that has nothing to say."""

    def __init__(self, state: ChatState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.text = ElidedLabel()
        self.show_button = QPushButton(self.tr("Show"))
        self.show_button.clicked.connect(self._show_first)
        self.branch_button = QPushButton(self.tr("Branch there"))
        self.branch_button.setToolTip(
            self.tr(
                "A new reply beside this one: the same words up to there, then the other token, with the same luck."
            )
        )
        set_role(self.branch_button, "primary")
        self.branch_button.clicked.connect(self._branch)
        self.compute_button = QPushButton(self.tr("Compute with the model"))
        self.compute_button.setToolTip(
            self.tr("Writes the reply anew beside this one, with the present sliders and the same luck: that is exact.")
        )
        self.compute_button.clicked.connect(self._compute)
        close = QToolButton()
        set_icon(close, "x", "muted")
        close.setIconSize(QSize(16, 16))
        close.setToolTip(self.tr("Show the reply as it is"))
        close.setAccessibleName(close.toolTip())
        close.clicked.connect(state.retro.dismiss)
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 8, 8, 8)
        inside.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.text, 1)
        head.addWidget(close)
        inside.addLayout(head)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.branch_button, self.show_button, self.compute_button):
            flow.addWidget(button)
        inside.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(card)
        state.retro.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        found = self._state.retro.found
        self.setVisible(found is not None)
        if found is None:
            return
        result = found.result
        self.text.setText(self._words(result))
        # What cannot be done stays in its place: nothing jumps while a slider is moved.
        for button in (self.show_button, self.branch_button):
            button.setEnabled(result.first is not None)
        self.compute_button.setEnabled(bool(result.doubt))

    def _words(self, result: Rerun) -> str:
        first, doubt = result.first, result.doubt
        how = self.tr("approximate") if doubt else self.tr("exact")
        if first is None:
            text = self.tr("Same luck: this reply would be the same ({0}).").format(how)
        else:
            text = self.tr("Same luck: {0} of {1} tokens would change, the first to “{2}” ({3}).")
            text = text.format(number(len(result.changes)), number(result.drawn), visible(first.piece), how)
        if doubt == "candidates":
            text += " " + self.tr("More candidates would have to be known than were stored.")
        elif doubt == "prompt":
            text += " " + self.tr("The tokens of the prompt, which count too, were not stored.")
        return text if first is None else text + " " + self.tr("What follows it is pale: it would be another text.")

    def _show_first(self) -> None:
        found = self._state.retro.found
        if found is not None and found.result.first is not None:
            self._state.choice.choose(found.message_id, found.result.first.index)

    def _branch(self) -> None:
        found = self._state.retro.found
        if found is not None and (first := found.result.first) is not None:
            self._state.branch(first.id, (found.message_id, first.index), found.seed)

    def _compute(self) -> None:
        found = self._state.retro.found
        if found is not None:
            self._state.regenerate(found.message_id, found.seed)

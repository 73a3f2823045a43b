"""The chat template of a model: how it lays out a conversation, and whether that changed since it was seen last."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.state import ModelsState
from app.widgets.buttons import text_button
from app.widgets.theme import set_role, theme


class TemplatePane(QWidget):
    """Follows the shown model of a state."""

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.about = QLabel()
        self.about.setWordWrap(True)
        set_role(self.about, "muted")
        self.changed = QLabel(
            self.tr(
                "It is another one than when you looked last. What a template adds is said in your name: read it before you go on."
            )
        )
        self.changed.setWordWrap(True)
        set_role(self.changed, "bad")
        self.accept = text_button(self, self.tr("I have read it"), state.accept_template, "")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Chat template"))
        warned = QHBoxLayout()
        warned.addWidget(self.changed, 1)
        warned.addWidget(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addLayout(warned)
        column.addWidget(self.text, 1)
        state.card_changed.connect(self._show)
        state.shown_changed.connect(self._show)
        theme().changed.connect(self._style)
        self._style()
        self._show()

    def _show(self) -> None:
        card = self._state.card
        template = card.template if card is not None else ""
        if template and card is not None:
            self.about.setText(
                self.tr("How a conversation is laid out for it. SHA-256: {0}").format(card.template_hash)
            )
        elif card is not None:
            self.about.setText(
                self.tr(
                    "It has none: conversations are laid out in a plain way, which it may not have been trained for."
                )
            )
        else:
            self.about.clear()
        for widget in (self.changed, self.accept):
            widget.setVisible(card is not None and card.template_changed)
        if self.text.toPlainText() != template:
            self.text.setPlainText(template)
        self.text.setVisible(bool(template))

    def _style(self) -> None:
        self.text.setFont(theme().font("code"))

"""The access token of the person's account: given, replaced, removed; never shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.models.hub_state import HubState
from app.widgets.theme import set_role

_WIDTH = 460


def edit_token(state: HubState, parent: QWidget) -> None:
    """Give, replace or remove the access token."""
    TokenDialog(state, parent.window()).open()


class TokenDialog(QDialog):
    """Says where a token is kept, and takes another."""

    def __init__(self, state: HubState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setWindowTitle(self.tr("Access token of Hugging Face"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        about = QLabel(
            self.tr(
                "Gated and private repositories ask who you are. A token with the right to read is enough; it is made in the "
                "settings of your account at huggingface.co."
            )
        )
        about.setWordWrap(True)
        self.place = QLabel()
        self.place.setWordWrap(True)
        set_role(self.place, "muted")
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText("hf_…")
        self.field.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(self)
        self.keep = buttons.addButton(self.tr("Keep it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.forget = buttons.addButton(self.tr("Remove it"), QDialogButtonBox.ButtonRole.DestructiveRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.keep.clicked.connect(self._keep)
        self.forget.clicked.connect(self._forget)
        buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.keep.setEnabled(False)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget in (about, self.field, self.place, buttons):
            column.addWidget(widget)
        state.token_changed.connect(self._show)
        state.ask_token()
        self._show()
        self.field.setFocus()

    def _show(self) -> None:
        texts = {
            None: "",
            "": self.tr(
                "None is kept. It goes into the system's keyring, or where there is none, into a file only you may read."
            ),
            "keyring": self.tr("One is kept in the system's keyring."),
            "file": self.tr("One is kept in a file that only you may read: this system has no keyring."),
            "environment": self.tr("HF_TOKEN is set, and comes before one that is kept here."),
        }
        self.place.setText(texts.get(self._state.token_place, ""))
        self.forget.setEnabled(self._state.token_place in ("keyring", "file"))
        self.setMinimumHeight(self._column.totalHeightForWidth(_WIDTH))  # lines that wrap make it higher

    def _keep(self) -> None:
        self._state.keep_token(self.field.text().strip())
        self.field.clear()
        self.accept()

    def _forget(self) -> None:
        self._state.keep_token("")
        self.accept()

"""What belongs to a model and is no model itself: its adapters, and what it sees pictures with."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.state import ModelsState
from app.models.texts import size_text
from app.widgets.buttons import text_button
from app.widgets.theme import set_role
from engine.records.library import Attached, LibraryModel


class AttachedFiles(QWidget):
    """One row a file; an adapter can be put beside its model in the chat."""

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: tuple[str, tuple[Attached, ...]] = ("", ())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    @property
    def texts(self) -> list[str]:
        """What can be read, from the top."""
        return [label.text() for label in self.findChildren(QLabel)]

    def show_model(self, model: LibraryModel) -> None:
        if self._shown == (model.path, model.attached):
            return
        self._shown = model.path, model.attached
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.setParent(None)
                row.deleteLater()
        for one in model.attached:
            self._column.addWidget(self._row(one, model.path))

    def _row(self, one: Attached, model: str) -> QWidget:
        texts = {
            "adapter": self.tr("Adapter: {0}"),
            "projector": self.tr("For pictures, which Próxima does not show it: {0}"),
        }
        label = QLabel(f"{texts[one.part].format(one.name)} · {size_text(one.size_bytes)}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setToolTip(one.path)
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label, 1)
        if one.part == "adapter":
            name = self.tr("Chat with {0} beside the model").format(one.name)
            button = text_button(row, self.tr("Chat with both"), partial(self._state.chat_beside, one.path, model), "")
            button.setToolTip(name)
            button.setAccessibleName(name)
            line.addWidget(button)
        return set_role(row, "background")

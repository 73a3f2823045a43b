"""The Settings page, made from the schema: every setting with its sentence, checked and applied as it is changed."""

from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.settings.controls import CONTROL_WIDTH, control_for, reset_button
from app.settings.schema import GROUPS, WHEN, Field, fields
from app.settings.store import SettingsStore
from app.translation import translated
from app.widgets.fields import add_clear_button
from app.widgets.theme import set_role
from engine.errors import UserError

_COLUMN = 720


class SettingRow(QWidget):
    """Title and sentence at the left, control and reset at the right, and under them what was wrong with the last value."""

    def __init__(self, field: Field, store: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self._store = field, store
        name = translated("settings", field.title)
        title = QLabel(name)
        set_role(title, "section")
        sentences = [translated("settings", field.sentence), translated("settings", WHEN[field.applies])]
        sentence = QLabel(" ".join(filter(None, sentences)))
        set_role(sentence, "muted")
        sentence.setWordWrap(True)
        self.text = f"{name} {sentence.text()}".casefold()
        self._problem = QLabel()
        set_role(self._problem, "bad")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self.control = control_for(field, self._shown_when_empty())
        self.control.setFixedWidth(CONTROL_WIDTH)
        self.control.focus_widget().setAccessibleName(name)
        self.control.focus_widget().setAccessibleDescription(sentence.text())
        self.control.edited.connect(self._edited)
        title.setBuddy(self.control.focus_widget())
        self.reset = reset_button(self.tr("Back to the default"))
        self.reset.clicked.connect(lambda: self._edited(field.default))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)

        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(title)
        texts.addWidget(sentence)
        texts.addWidget(self._problem)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 12)
        row.setSpacing(16)
        row.addLayout(texts, 1)
        row.addWidget(self.control, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_value()

    def show_value(self) -> None:
        """Show what the store holds."""
        value = getattr(self._store.value, self.field.name)
        self.control.set_value(value)
        self.reset.setVisible(value != self.field.default)

    def _edited(self, value: Any) -> None:
        try:
            self._store.set(**{self.field.name: value})
            self._problem.hide()
        except UserError as error:
            self._problem.setText(str(error))
            self._problem.show()
        self.show_value()

    def _shown_when_empty(self) -> str:
        if self.field.picker == "folder":
            return str(self._store.data_folder)
        return translated("settings", self.field.special)


class SettingsPage(QWidget):
    """A column of rows in groups, with a field that filters them."""

    folder_failed = Signal(str)  # the data folder that could not be opened

    def __init__(self, store: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        set_role(self, "background")
        title = QLabel(self.tr("Settings"))
        set_role(title, "title")
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.setAccessibleName(self.search.placeholderText())
        add_clear_button(self.search)
        self.search.setMaximumWidth(CONTROL_WIDTH + 44)
        self.search.textChanged.connect(self._filter)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(self.search, 1)

        self._nothing = QLabel()
        set_role(self._nothing, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        self.rows: list[SettingRow] = []
        self._groups: list[tuple[QLabel, list[tuple[SettingRow, QFrame]]]] = []
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._nothing)
        for key, group_title in GROUPS.items():
            self._add_group(column, key, translated("settings", group_title))
        self._open = QPushButton(self.tr("Open the data folder"))
        self._open.clicked.connect(self._open_folder)
        column.addSpacing(8)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._put_in_scroll_area(column)
        store.changed.connect(self._show_values)

    def focus_first(self) -> None:
        """Called when the page is opened."""
        self.search.setFocus()
        self.search.selectAll()

    def _add_group(self, column: QVBoxLayout, key: str, title: str) -> None:
        heading = QLabel(title)
        set_role(heading, "muted")
        heading.setContentsMargins(0, 24, 0, 4)
        column.addWidget(heading)
        members: list[tuple[SettingRow, QFrame]] = []
        for field in fields():
            if field.group == key:
                line = QFrame()
                set_role(line, "line")
                row = SettingRow(field, self._store)
                column.addWidget(line)
                column.addWidget(row)
                self.rows.append(row)
                members.append((row, line))
        self._groups.append((heading, members))

    def _put_in_scroll_area(self, column: QVBoxLayout) -> None:
        inner = QWidget()
        set_role(inner, "background")
        holder = QWidget()
        holder.setMaximumWidth(_COLUMN)
        holder.setLayout(column)
        across = QHBoxLayout(inner)
        across.setContentsMargins(24, 24, 24, 32)
        across.addStretch(1)
        across.addWidget(holder, 100)
        across.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self._area = area

    def _show_values(self) -> None:
        for row in self.rows:
            row.show_value()

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        found = False
        for heading, members in self._groups:
            matches = [all(word in row.text for word in words) for row, _ in members]
            for (row, line), match in zip(members, matches, strict=True):
                row.setVisible(match)
                line.setVisible(match)
            heading.setVisible(any(matches))
            found = found or any(matches)
        self._open.setVisible(not words)
        self._nothing.setText(self.tr("No setting has “{0}” in it.").format(text.strip()))
        self._nothing.setVisible(not found)

    def _open_folder(self) -> None:
        folder = self._store.data_folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.folder_failed.emit(str(folder))

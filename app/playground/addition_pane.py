"""Two numbers of any length, added by a model that has learnt to: typed or thrown, and the sum as the model writes it."""

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QGuiApplication, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from app.playground.adding import Adding, random_number
from app.playground.sum_sheet import SumSheet
from app.widgets.buttons import text_button
from app.widgets.formats import number
from app.widgets.theme import set_role

_MOST_DIGITS, _DIGITS = 10_000, 1000
_NOT_DIGITS = str.maketrans("", "", " _")


class AdditionPane(QWidget):
    """Follows an Adding."""

    def __init__(self, adding: Adding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._adding = adding
        self.first, self.second = self._field(self.tr("First number")), self._field(self.tr("Second number"))
        self.digits = QSpinBox()
        self.digits.setRange(1, _MOST_DIGITS)
        self.digits.setValue(_DIGITS)
        self.digits.setGroupSeparatorShown(True)
        self.digits.setAccessibleName(self.tr("Digits of random numbers"))
        self.random = text_button(self, self.tr("Random numbers of"), self._throw, "")
        self.button = text_button(self, self.tr("Add"), self._on_button, "primary")
        self.copy = text_button(self, self.tr("Copy the sum"), self._copy, "")
        self._words = QLabel()
        self._words.setWordWrap(True)
        set_role(self._words, "caption")
        self.sheet = SumSheet()
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.sheet)
        set_role(self.sheet, "surface")
        self._asked = ("", "")
        self._lay_out()
        adding.changed.connect(self._show)
        self._show()

    @property
    def words(self) -> str:
        """The sentence over the sheet."""
        return self._words.text()

    def focus_first(self) -> None:
        self.first.setFocus()
        self.first.selectAll()

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(name)
        field.setMaxLength(2 * _MOST_DIGITS)
        field.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9 _]*"), field))
        field.textChanged.connect(lambda _: self._show())
        field.returnPressed.connect(self._add)
        return field

    def _lay_out(self) -> None:
        fields = QGridLayout()
        fields.setSpacing(6)
        fields.addWidget(self.first, 0, 0)
        fields.addWidget(self.second, 1, 0)
        fields.addWidget(self.button, 0, 1, 2, 1)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.random)
        row.addWidget(self.digits)
        row.addWidget(QLabel(self.tr("digits")))
        row.addStretch(1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addLayout(fields)
        column.addLayout(row)
        column.addWidget(self._words)
        column.addWidget(self._scroll, 1)

    # --- showing --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        adding = self._adding
        first, second = self._numbers()
        self.button.setText(self.tr("Stop") if adding.running else self.tr("Add"))
        self.button.setEnabled(adding.running or bool(first and second))
        self.copy.setEnabled(adding.whole)
        shown = adding.total and (adding.running or (first, second) == self._asked)
        if shown:
            self.sheet.show_sum(*self._asked, adding.columns, adding.right)
        else:
            self.sheet.show_sum(first, second, (), "")
        self._words.setText(self._sentence(bool(shown)))
        self.sheet.setAccessibleDescription(self._words.text())
        if adding.running and adding.columns:
            place = self.sheet.cell(len(adding.columns) - 1)
            self._scroll.ensureVisible(place.center().x(), place.center().y(), 0, place.height() // 2 + 4)

    def _sentence(self, shown: bool) -> str:
        adding = self._adding
        if not shown:
            return self.tr(
                "For a model of the recipe “addition”: it is shown one pair of digits after the other, from the right, "
                "and writes carry and digit itself. Nothing is added for it."
            )
        done, total, wrong = len(adding.columns), adding.total, len(adding.wrong)
        if adding.running or not adding.whole:
            text = self.tr("{0} of {1} columns written, {2} of them wrong.")
            return text.format(number(done), number(total), number(wrong))
        if not wrong:
            return self.tr("All {0} columns are right: Python's own sum is the same.").format(number(total))
        text = self.tr("{0} of {1} columns are wrong: below them stands what Python's own sum has.")
        return text.format(number(wrong), number(total))

    # --- what a person does ---------------------------------------------------------------------------------------

    def _numbers(self) -> tuple[str, str]:
        first, second = (field.text().translate(_NOT_DIGITS)[:_MOST_DIGITS] for field in (self.first, self.second))
        return first, second

    def _on_button(self) -> None:
        if self._adding.running:
            self._adding.stop()
        else:
            self._add()

    def _add(self) -> None:
        first, second = self._numbers()
        if first and second:
            self._asked = (first, second)
            self._adding.add(first, second)

    def _throw(self) -> None:
        self.first.setText(random_number(self.digits.value()))
        self.second.setText(random_number(self.digits.value()))
        for field in (self.first, self.second):
            field.setCursorPosition(0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._adding.result)

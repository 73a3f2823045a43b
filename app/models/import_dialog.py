"""Models that other programs fetched: looked for when the person says so, and referred to where they lie."""

from itertools import groupby

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from app.models.state import ModelsState
from app.models.texts import size_text
from app.widgets.theme import set_role
from engine.records.library import FoundModel

_FOUND = Qt.ItemDataRole.UserRole
_SIZE = (620, 460)  # px, with a list


class ImportDialog(QDialog):
    """Nothing is looked at before the button is pressed, nothing is copied, and nothing is written outside our own folder."""

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: tuple[FoundModel, ...] | None = None
        self.setWindowTitle(self.tr("Models of other programs"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        about = QLabel(
            self.tr(
                "Próxima looks into the folders in which LM Studio, Ollama, GPT4All, Jan and the Hugging Face cache keep their "
                "models on this machine. Models are used where they lie: nothing is copied, changed or sent."
            )
        )
        about.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([self.tr("Model"), self.tr("Size")])
        self.tree.setAccessibleName(self.windowTitle())
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(16)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemChanged.connect(lambda _: self._count())
        self.said = QLabel()
        self.said.setWordWrap(True)
        set_role(self.said, "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Looking"))
        buttons = QDialogButtonBox(self)
        self.act = QPushButton()
        set_role(self.act, "primary")
        self.act.setDefault(True)
        self.act.clicked.connect(self._act)
        buttons.addButton(self.act, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(about)
        column.addWidget(self.tree, 1)
        column.addWidget(self.bar)
        column.addWidget(self.said)
        column.addStretch(0)
        column.addWidget(buttons)
        state.elsewhere_changed.connect(self._show)
        self._show()

    @property
    def chosen(self) -> list[FoundModel]:
        """Those with a tick, in the order in which they stand."""
        found = []
        every = QTreeWidgetItemIterator(self.tree, QTreeWidgetItemIterator.IteratorFlag.Checked)
        while (item := every.value()) is not None:
            found.append(item.data(0, _FOUND))
            every += 1
        return [one for one in found if isinstance(one, FoundModel) and not one.known]

    def _show(self) -> None:
        state = self._state
        found = state.elsewhere
        if found is not self._shown:
            self._shown = found
            self._fill(found or ())
        self.bar.setVisible(state.looking)
        self.tree.setVisible(bool(found))
        if found:
            self.resize(max(self.width(), _SIZE[0]), max(self.height(), _SIZE[1]))
        if found is None:
            self.said.clear()
        elif not found:
            self.said.setText(
                self.tr("None of these programs has a model here. GGUF files can be dropped on the Models page.")
            )
        else:
            new = sum(not one.known for one in found)
            self.said.setText(
                self.tr("{0} found, {1} of them not in your library yet.").format(len(found), new)
                if new
                else self.tr("All of them are in your library already.")
            )
        self._count()
        if found is not None and self.act.isEnabled():  # while it was looking nothing but Close could have the focus
            self.act.setFocus()

    def _fill(self, found: tuple[FoundModel, ...]) -> None:
        with QSignalBlocker(self.tree):
            self.tree.clear()
            for program, models in groupby(found, key=lambda one: one.program):
                top = QTreeWidgetItem([program])
                top.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate
                )
                self.tree.addTopLevelItem(top)
                for one in models:
                    item = QTreeWidgetItem([one.name, size_text(one.size_bytes)])
                    item.setData(0, _FOUND, one)
                    item.setToolTip(0, one.path)
                    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    item.setCheckState(0, Qt.CheckState.Checked)
                    if one.known:
                        item.setFlags(Qt.ItemFlag.NoItemFlags)
                    top.addChild(item)
                top.setExpanded(True)

    def _count(self) -> None:
        state, count = self._state, len(self.chosen)
        if state.elsewhere is None:
            self.act.setText(self.tr("Look for them"))
            self.act.show()
            self.act.setEnabled(not state.looking)
            return
        self.act.setText(self.tr("Add {0} models").format(count) if count != 1 else self.tr("Add 1 model"))
        self.act.setEnabled(count > 0)
        self.act.setVisible(any(not one.known for one in state.elsewhere))

    def _act(self) -> None:
        if self._state.elsewhere is None:
            self._state.look_elsewhere()
            return
        self._state.take_in(self.chosen)
        self.accept()

    def done(self, result: int) -> None:
        self._state.forget_elsewhere()
        super().done(result)

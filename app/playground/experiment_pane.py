"""An experiment in the drawer: what to watch, the text that it runs on, and its pictures side by side."""

from pathlib import Path

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.playground.experimenting import Experimenting
from app.playground.experiments import Experiment, experiment_text
from app.playground.offers import stored_offers
from app.playground.token_rows import TokenRows
from app.sampling.texts import sampling_text
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.buttons import text_button
from app.widgets.formats import number, percent, visible
from app.widgets.theme import set_role, theme
from engine.records import TokenRecord
from engine.sampling.registry import stage

_ROWS, _FEW_ROWS = 8, 5  # candidates of a panel; with many panels only a few
_LEAST_WIDTH = 250  # px of a panel


class ExperimentPane(QWidget):
    """Follows an Experimenting. ``run_wanted`` with the text to run it on."""

    run_wanted = Signal(object, str)  # Experiment, text

    def __init__(self, experimenting: Experimenting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experimenting = experimenting
        self._shown: Experiment | None = None
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        set_role(self._sentence, "muted")
        self._text = QLineEdit()
        self._text.setAccessibleName(self.tr("Text that the experiment runs on"))
        self._text.returnPressed.connect(self._run)
        self._again = text_button(self, self.tr("Run"), self._run, "")
        self._file = text_button(self, self.tr("Vocabulary of a file…"), self._on_file, "")
        self._legend = BarLegend(self.tr("raw, over the full vocabulary"), self.tr("after the chain"))
        self._grid_owner = QWidget()
        set_role(self._grid_owner, "surface")
        self._grid = QGridLayout(self._grid_owner)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)
        self._panels: list[_Panel] = []
        self._columns = 0  # panels that stand side by side
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._grid_owner)
        row = QHBoxLayout()
        row.addWidget(self._text, 1)
        row.addStretch(0)  # without a text the button does not take the whole width
        row.addWidget(self._again)
        row.addWidget(self._file)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(self._sentence)
        column.addLayout(row)
        column.addWidget(self._legend)
        column.addWidget(scroll, 1)
        experimenting.changed.connect(self.refresh)

    @property
    def panels(self) -> "list[_Panel]":
        return self._panels

    def focus_first(self) -> None:
        (self._text if self._text.isVisible() else self._again).setFocus()

    def refresh(self) -> None:
        experimenting = self._experimenting
        experiment = experimenting.experiment
        if experiment is None:
            return
        count = len(experimenting.cuts) if experiment.kind == "cuts" else len(experiment.panels)
        if experiment is not self._shown or len(self._panels) < count:
            self._build(experiment, count)
        for place, panel in enumerate(self._panels):
            if place in experimenting.records:
                panel.show_record(experimenting.records[place])
            if place in experimenting.cuts:
                panel.show_cut(self._name_of_cut(place), len(experimenting.cuts[place]))
                panel.rows.show_tokens(experimenting.cuts[place])

    def _build(self, experiment: Experiment, count: int) -> None:
        self._shown = experiment
        self._sentence.setText(experiment_text(experiment.sentence))
        self._text.setText(self._experimenting.text)
        self._text.setVisible(bool(experiment.text))
        self._file.setVisible(experiment.kind == "cuts")
        self._legend.setVisible(experiment.kind == "panels")
        for panel in self._panels:
            self._grid.removeWidget(panel)
            panel.hide()  # it goes later: what comes now is laid out in its place
            panel.deleteLater()
        cuts = experiment.kind == "cuts"
        self._panels = [_Panel(cuts, _ROWS if count <= 4 else _FEW_ROWS) for _ in range(count)]
        for place, widget in enumerate(self._panels):
            if not cuts:
                definition = experiment.panels[place]
                widget.show_title(definition.title, definition.text)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many panels side by side as fit, and no line with a gap; a cut text takes the whole width."""
        count = len(self._panels)
        cuts = self._shown is None or self._shown.kind == "cuts"
        fitting = 1 if cuts else max(1, self.width() // theme().px(_LEAST_WIDTH))
        columns = next((n for n in range(min(fitting, count), 0, -1) if count % n == 0), 0)
        if columns == self._columns:
            return
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._columns = columns
        for place, widget in enumerate(self._panels):
            self._grid.addWidget(widget, place // columns, place % columns)
        self._grid.setRowStretch(count, 1)

    def _name_of_cut(self, place: int) -> str:
        names = (self.tr("the loaded model"), self.tr("characters"), self.tr("bytes"))
        return names[place] if place < len(names) else Path(self._experimenting.file).name

    def _run(self) -> None:
        if self._experimenting.experiment is not None:
            self.run_wanted.emit(self._experimenting.experiment, self._text.text())

    def _on_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a model file"), "", self.tr("Models (*.gguf);;All files (*)")
        )
        if path:
            self._experimenting.file = path
            self._run()


class _Panel(QWidget):
    """One picture: a title, and bars or a cut text."""

    def __init__(self, cut: bool, most_rows: int) -> None:
        super().__init__()
        self._most_rows = most_rows
        self.title = QLabel()
        self.title.setWordWrap(True)
        set_role(self.title, "section")
        self.words = QLabel()
        self.words.setWordWrap(True)
        set_role(self.words, "caption")
        self.bars, self.rows = ProbabilityBars(), TokenRows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.title, self.words, self.bars, self.rows):
            column.addWidget(part)
        column.addStretch(1)
        self.words.setVisible(not cut)
        self.bars.setVisible(not cut)
        self.rows.setVisible(cut)

    def show_title(self, title: str, text: str) -> None:
        title = title.replace(".", QLocale().decimalPoint())  # there is no other point in it
        self.title.setText(f"{title}   “{text} …”" if text else title)

    def show_cut(self, name: str, count: int) -> None:
        self.title.setText(self.tr("{0}: {1} tokens").format(name, number(count)))

    def show_record(self, record: TokenRecord) -> None:
        kept = record.stages[-1].kept if record.stages else record.vocabulary_size
        listed = stored_offers(record)
        first = next((offer for offer in listed if offer.final > 0), None)
        if first is not None:
            text = self.tr("tokens left: {0}, the first with {1}")
            self.words.setText(text.format(number(kept), percent(first.final)))
        self.bars.set_bars(
            [
                Bar(
                    key=offer.id,
                    label=visible(offer.piece),
                    raw=offer.raw,
                    final=offer.final,
                    note=sampling_text(stage(offer.removed_by).title) if offer.removed_by else "",
                    selectable=False,
                    detail=self.tr("{0}: raw {1}, after the chain {2}").format(
                        visible(offer.piece), percent(offer.raw), percent(offer.final)
                    ),
                )
                for offer in listed[: self._most_rows]
            ]
        )

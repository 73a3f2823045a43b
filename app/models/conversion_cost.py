"""What a conversion costs: bits per byte on a text of the person's, before and after it. No widgets."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.workers.verb import Verb
from engine.errors import UserError
from engine.records.hub import WEIGHTS_SUFFIX, Download
from engine.worker.protocol import Failed


class ConversionCost(QObject):
    """One measurement at a time, in a process of its own."""

    changed = Signal()
    failed = Signal(object)  # Failed, for the person to read

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._verb = Verb(self)
        self._verb.answered.connect(self._on_measured)
        self._verb.failed.connect(self._on_failed)
        self._asked: tuple[Download, str, float | None] | None = None  # with what was found of the weights as they came
        self.found: dict[str, tuple[float, float]] = {}  # before and after, by the id of a download

    @property
    def busy_with(self) -> str:
        """The id of the download that is being measured; "" for none."""
        return self._asked[0].id if self._asked is not None else ""

    def measure(self, line: Download, text: str) -> None:
        """Of converted weights, on a file with text."""
        if self._asked is None:
            self.found.pop(line.id, None)
            self._asked = (line, text, None)
            self._verb.start("eval", f"{Path(line.path).parent}{WEIGHTS_SUFFIX}", "--data", text, "--json")
            self.changed.emit()

    def stop(self) -> None:
        self._verb.stop()

    def _on_measured(self, answer: Any) -> None:
        """First of the weights as they came, then of the quantised ones."""
        if self._asked is None:
            return
        line, text, before = self._asked
        prose = answer.get("prose") if isinstance(answer, dict) else None
        if not prose:
            self._on_failed(
                UserError("corpus-empty", f"There is no text in {text}.", "Give files that hold some text.")
            )
        elif before is None:
            self._asked = (line, text, prose["bits_per_byte"])
            self._verb.start("eval", line.path, "--data", text, "--json")
        else:
            self._asked = None
            self.found[line.id] = (before, prose["bits_per_byte"])
            self.changed.emit()

    def _on_failed(self, error: UserError) -> None:
        self._asked = None
        self.changed.emit()
        self.failed.emit(Failed(0, error.code, error.text, error.hint, error.detail))

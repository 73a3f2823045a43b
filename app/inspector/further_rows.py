"""The rows of a token beyond its record, kept up with the chain, their names asked for as they come."""

from collections.abc import Mapping
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from app.inspector.further import STEP, Further, further
from app.inspector.rows import Row
from app.sampling.subject import Subject
from app.workers.latest import LatestRunner
from engine.records import SamplingSettings


class FurtherRows(QObject):
    """``changed`` when there are others. None at first; more() asks for the next ones, where the token's logits are known."""

    changed = Signal()
    names_wanted = Signal(object)  # tuple[int, ...]: tokens whose bytes are to be set by set_names()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self._sampling: SamplingSettings | None = None
        self._count = 0
        self._found: Further | None = None
        self._names: dict[int, bytes] = {}
        self._runner = LatestRunner(self)
        self._runner.finished.connect(self._on_found)
        self._runner.failed.connect(self._on_bug)

    def follow(self, subject: Subject | None, sampling: SamplingSettings | None) -> None:
        """The token that is shown now, and the chain that its rows are to go through; None for none."""
        if self._subject is None or subject is None or subject.record is not self._subject.record:
            self._count, self._found, self._names = 0, None, {}
        self._subject, self._sampling = subject, sampling
        self._ask()

    def more(self) -> None:
        self._count += STEP
        self._ask()

    def set_names(self, names: Mapping[int, bytes]) -> None:
        """The bytes of tokens that were asked for by ``names_wanted``."""
        self._names.update(names)
        if self._found is not None:
            self.changed.emit()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Those of the token and the chain that are shown; none while they are on their way."""
        found, subject = self._found, self._subject
        if found is None or subject is None or found.subject.record is not subject.record:
            return ()
        if found.sampling != self._sampling:
            return ()
        named = self._names
        return tuple(
            msgspec.structs.replace(row, piece=named.get(row.id, b""), named=row.id in named) for row in found.rows
        )

    def _ask(self) -> None:
        subject = self._subject
        if self._count and subject is not None and subject.logits is not None:
            self._runner.ask(partial(further, subject, self._sampling, self._count))

    def _on_found(self, found: Further) -> None:
        if found.subject is not self._subject or found.sampling != self._sampling:
            return  # what was asked since is on its way
        self._found = found
        self.changed.emit()
        unknown = tuple(row.id for row in found.rows if row.id not in self._names)
        if unknown:
            self.names_wanted.emit(unknown)

    def _on_bug(self, error: Exception) -> None:
        raise error

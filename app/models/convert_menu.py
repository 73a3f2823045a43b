"""What weights as they were trained can be turned into here: how large each would be, and what it costs."""

from functools import partial

import msgspec
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.models.hub_state import HubState
from app.models.hub_texts import size_text
from app.translation import QT_TRANSLATE_NOOP, translated
from engine.records.hub import HubModel


class Kind(msgspec.Struct, frozen=True):
    """bits: of a weight on the average, as llama.cpp's own table of quantisations has them for a Llama of 8 B parameters."""

    name: str
    bits: float
    loss: str


_NONE, _HARDLY = QT_TRANSLATE_NOOP("Hub", "as it was trained"), QT_TRANSLATE_NOOP("Hub", "hardly a difference")
_SMALL, _PLAIN = QT_TRANSLATE_NOOP("Hub", "a small loss"), QT_TRANSLATE_NOOP("Hub", "a loss that is noticed")
_LARGE = QT_TRANSLATE_NOOP("Hub", "a large loss")
#: Those that are of use without an importance matrix, the largest first.
KINDS = (
    Kind("f16", 16.0, _NONE),
    Kind("q8_0", 8.5, _HARDLY),
    Kind("q6_k", 6.56, _HARDLY),
    Kind("q5_k_m", 5.7, _SMALL),
    Kind("q5_k_s", 5.57, _SMALL),
    Kind("q4_k_m", 4.89, _SMALL),
    Kind("q4_k_s", 4.67, _SMALL),
    Kind("iq4_xs", 4.46, _SMALL),
    Kind("q4_0", 4.66, _PLAIN),
    Kind("q3_k_m", 4.0, _PLAIN),
    Kind("q2_k", 3.16, _LARGE),
)
#: Up to this size a reply is fast on any machine, so nothing is gained by fewer bits.
_QUICK_BYTES = 2_000_000_000
_QUICK, _USUAL = "q8_0", "q4_k_m"


class ConvertMenu(QMenu):
    """One entry a kind, the recommended one with a star; chosen, the weights go into the queue."""

    def __init__(self, state: HubState, model: HubModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        weights = state.read.details.repository.parameters if state.read is not None else 0
        weights = weights or model.size_bytes // 2  # two bytes each, as they are usually kept
        sizes = {kind.name: weights * kind.bits / 8 for kind in KINDS}
        best = _QUICK if sizes[_QUICK] <= _QUICK_BYTES else _USUAL
        for kind in KINDS:
            size = sizes[kind.name]
            star = "★ " if kind.name == best else ""
            told = [f"≈ {size_text(size)}", translated("Hub", kind.loss)]
            if not state.may_hold(size):
                told.append(self.tr("too large for this machine"))
            if kind.name == best:
                told.append(self.tr("recommended"))
            action = self.addAction(
                f"{star}{kind.name.upper()}: {', '.join(told)}", partial(state.fetch, model, kind.name)
            )
            if kind.name == best:
                self.best: QAction = action
                self.setDefaultAction(action)
                self.setActiveAction(action)

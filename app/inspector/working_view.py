"""The arithmetic of one candidate, worked out line by line."""

import math
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.inspector.working import StageStep, Working
from app.sampling.texts import sampling_text
from app.widgets.formats import number, percent
from app.widgets.plain import PlainLabel
from app.widgets.theme import set_role
from engine.sampling.registry import stage


class WorkingView(QWidget):
    """Shows a Working; of whichever candidate is pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel(self.tr("Worked out"))
        self._title.setWordWrap(True)
        set_role(self._title, "section")
        self.lines = QLabel()
        self.lines.setWordWrap(True)
        self.lines.setTextFormat(Qt.TextFormat.RichText)
        self.lines.setToolTip(
            self.tr(
                "The raw line takes the logarithm of the sum of exp(logit) over the whole vocabulary from the logit: that is what "
                "dividing by the sum comes to."
            )
        )
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self.lines)

    def show_working(self, name: str, working: Working | None, drawn: bool) -> None:
        """name: the candidate as it is shown. drawn: whether a chain was applied at all."""
        self.setVisible(working is not None)
        if working is None:
            return
        self._title.setText(self.tr("“{0}” worked out").format(name))
        lines = [
            self.tr("raw: exp({0} − {1}) = {2}").format(
                number(working.logit, 3), number(working.log_sum_exp, 3), fraction(working.raw)
            )
        ]
        changes = [step for step in working.stages if step.changed] if drawn else []
        lines += [f"<b>{escape(sampling_text(stage(step.name).title))}</b> {self._stage(step)}" for step in changes]
        if drawn:
            lines.append(self.tr("after the chain: {0} = {1}").format(fraction(working.final), percent(working.final)))
        self.lines.setText("<br>".join(lines))

    def _stage(self, step: StageStep) -> str:
        if step.removed:
            return self.tr("removes it")
        if step.share < 1:
            return self.tr("keeps it: {0} / {1} = {2}").format(
                fraction(step.p_before), fraction(step.share), fraction(step.p_after)
            )
        before, after = number(step.logit_before, 3), number(step.logit_after, 3)
        if step.divisor is not None:
            text = self.tr("{0} / {1} = {2}; exp, divided by the sum: {3}")
            return text.format(before, number(step.divisor, 2), after, fraction(step.p_after))
        return self.tr("logit {0} → {1}; exp, divided by the sum: {2}").format(before, after, fraction(step.p_after))


def fraction(p: float) -> str:
    """A probability as a number with three digits that mean something, at least four decimals."""
    decimals = 4 if p <= 0 else min(10, max(4, math.ceil(-math.log10(p)) + 2))
    return number(p, decimals)

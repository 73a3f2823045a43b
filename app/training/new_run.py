"""A new run in three steps: data, model, plan. Every step can be left for any other."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.training.new_data import DataStep
from app.training.new_model import ModelStep
from app.training.new_plan import PlanStep
from app.training.planner import Planner
from app.training.shipped import begun_with, begun_without
from app.training.state import TrainingState
from app.translation import told_text
from app.widgets.buttons import text_button
from app.widgets.formats import number
from app.widgets.theme import set_role
from engine.errors import UserError

_LEARNT_SHARE = 0.9  # of few texts the rest is held out


class NewRun(QWidget):
    """``left`` when it is put away or the run is begun."""

    left = Signal()

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.planner = Planner(self)
        self.data, self.model = DataStep(self.planner, self), ModelStep(self.planner, state, self)
        self.plan = PlanStep(self.planner, self)
        self.data.shipped_wanted.connect(self._start_shipped)
        self.data.recipe_wanted.connect(self._fill_in)
        self._stack = QStackedWidget()
        self._steps: list[QPushButton] = []
        group = QButtonGroup(self)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(4)
        head.addStretch(1)
        for place, (form, title) in enumerate(
            ((self.data, self.tr("1 · Data")), (self.model, self.tr("2 · Model")), (self.plan, self.tr("3 · Plan")))
        ):
            self._stack.addWidget(form)
            button = text_button(self, title, partial(self.go_to, place))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setCheckable(True)
            group.addButton(button)
            self._steps.append(button)
            head.addWidget(button)
        head.addStretch(1)
        self._why = QLabel(self)
        self._why.setWordWrap(True)
        set_role(self._why, "muted")
        self.cancel = text_button(self, self.tr("Cancel"), self._leave)
        self.back = text_button(self, self.tr("Back"), lambda: self.go_to(self.place - 1), "")
        self.next = text_button(self, self.tr("Next"), lambda: self.go_to(self.place + 1), "primary")
        self.start = text_button(self, self.tr("Start training"), self._start, "primary")
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addWidget(self._why, 1)
        for button in (self.back, self.next, self.start):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(set_role(QFrame(), "line"))
        column.addWidget(self._stack, 1)
        column.addWidget(set_role(QFrame(), "line"))
        column.addLayout(foot)
        self.planner.changed.connect(self._refresh)
        self.go_to(0)

    @property
    def place(self) -> int:
        return self._stack.currentIndex()

    def focus_first(self) -> None:
        form = self._stack.currentWidget()
        if isinstance(form, DataStep | ModelStep | PlanStep):
            form.focus_first()

    def go_to(self, place: int) -> None:
        """Show a step, from 0. The speed is measured when the plan is reached, where it is not known."""
        self._stack.setCurrentIndex(min(max(0, place), 2))
        self._steps[self.place].setChecked(True)
        planner = self.planner
        if self.place == 2 and planner.draft.files and planner.speed is None and not planner.measuring:
            planner.measure()
        self._refresh()
        self.focus_first()

    def _refresh(self) -> None:
        why = self._missing()
        form = self._stack.currentWidget()
        told = isinstance(form, DataStep | ModelStep) and why and form.problem.text() == why  # in red, above
        # The estimate stands below the rows, and where they are scrolled away here too.
        self._why.setText("" if told else why or (self.plan.estimate.text() if self.place == 2 else ""))
        self.back.setEnabled(self.place > 0)
        self.next.setVisible(self.place < 2)
        held = self._broken() or (why if self.place == 0 and not self.planner.draft.files else "")
        self.next.setEnabled(not held)
        self.next.setToolTip(held)
        self.start.setVisible(self.place == 2)
        self.start.setEnabled(not why)
        self.start.setToolTip(why)

    def _missing(self) -> str:
        """Why the run cannot be begun yet."""
        planner = self.planner
        if not planner.draft.files:
            return self.tr("It needs texts to learn from.")
        if planner.data_problem:
            return planner.data_problem
        if planner.draft.needs_start:
            return self.tr("This recipe goes on from a model: choose it in step 2.")
        data, block = planner.data, planner.draft.block
        if data is not None and data.whole and _LEARNT_SHARE * data.tokens <= block:
            words = self.tr("The texts are shorter than one row of {0} tokens: give more, or make the rows shorter.")
            return words.format(number(block))
        return self._impossible()

    def _broken(self) -> str:
        """What has to be put right in this step: texts that cannot be read, a shape that cannot be."""
        return self.planner.data_problem or (self._impossible() if self.place == 1 else "")

    def _impossible(self) -> str:
        """Why there can be no such model."""
        draft = self.planner.draft
        try:
            draft.parameters()
            draft.recipe_shape().check_shape()
        except (UserError, ValueError) as error:
            return told_text(str(error))
        return ""

    def _start(self) -> None:
        draft = self.planner.draft
        self.planner.put_away()
        self._state.begin(draft.recipe(), draft.data)
        self._leave()

    def _start_shipped(self, name: str, title: str) -> None:
        self._state.begin_shipped(name, title)
        self._leave()

    def _fill_in(self, name: str) -> None:
        """The plan of a shipped recipe, or an empty one."""
        planner = self.planner
        if name:
            self._state.with_shipped(name, lambda recipe: planner.take(begun_with(recipe, planner.draft)))
        else:
            planner.take(begun_without(planner.draft))

    def _leave(self) -> None:
        self.planner.reset()
        self.go_to(0)
        self.left.emit()

"""Third step of a new run: what is learnt, for how long, and what is looked at on the way."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from app.training.new_more import MoreOfThePlan
from app.training.planner import Planner
from app.training.texts import count, duration, optimiser_text
from app.widgets.buttons import text_button
from app.widgets.form import Choice, Form, fraction, show_value, whole


class PlanStep(Form):
    """Everything has a sensible value from the start."""

    def __init__(self, planner: Planner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planner = planner
        change = planner.change
        self.heading(self.tr("The plan"))
        self.title = QLineEdit()
        self.title.textEdited.connect(lambda text: change(title=text.strip()))
        self.objective = Choice()
        self.objective.currentIndexChanged.connect(lambda at: change(objective=self.objective.itemData(at)))
        self.steps = whole(1, 10_000_000, 100, lambda value: change(steps=value))
        self.minutes = fraction(0, 100_000, 5, 0, lambda value: change(minutes=value))
        self.minutes.setSpecialValueText(self.tr("no limit"))
        self.batch = whole(1, 4096, 1, lambda value: change(batch=value))
        self.block = whole(8, 8192, 32, lambda value: change(block=value))
        self.optimiser = Choice()
        self.optimiser.currentIndexChanged.connect(lambda at: change(optimiser=self.optimiser.itemData(at)))
        self.rate = fraction(1e-6, 1.0, 1e-4, 6, lambda value: change(learning_rate=value))
        self.evaluations = whole(1, 1000, 1, lambda value: change(evaluations=value))
        self.checkpoints = fraction(0.1, 1000, 1, 1, lambda value: change(checkpoint_minutes=value))
        self.tensorboard = QCheckBox(self.tr("write them"))
        self.tensorboard.toggled.connect(lambda on: change(tensorboard=on))
        self.prompts = QPlainTextEdit()
        self.prompts.setTabChangesFocus(True)
        self.prompts.setFixedHeight(84)
        self.prompts.textChanged.connect(self._change_prompts)
        self._rows()
        self.more = MoreOfThePlan(planner, self)
        self.column.addWidget(self.more)
        self.estimate = self.sentence("", "")
        self.measure = text_button(self, self.tr("Measure the speed here (5 seconds)"), planner.measure, "")
        self.column.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        planner.changed.connect(self.refresh)
        self.refresh()

    def focus_first(self) -> None:
        self.title.setFocus()

    def _rows(self) -> None:
        add = self.row
        add(self.tr("Title"), self.title, self.tr("What the run is called in the list."))
        add(
            self.tr("What is learnt"),
            self.objective,
            self.tr("Conversations can be learnt whole, or as answers to them."),
        )
        add(
            self.tr("Probe prompts"),
            self.prompts,
            self.tr("One a line: after each the next token is watched while it learns."),
        )
        add(self.tr("Steps"), self.steps, self.tr("In each the model sees some rows and is corrected once."))
        add(self.tr("Minutes at most"), self.minutes, self.tr("The run ends by the clock if the steps take longer."))
        add(self.tr("Rows in a step"), self.batch, self.tr("More make each correction steadier and slower."))
        add(self.tr("Tokens in a row"), self.block, self.tr("How far back it learns to look; the memory it will have."))
        add(
            self.tr("Learning rate"),
            self.rate,
            self.tr("How far each correction goes: too much and it breaks, too little and it creeps."),
        )
        add(
            self.tr("Optimiser"),
            self.optimiser,
            self.tr("How corrections are made of gradients; the first one is a good choice."),
        )
        add(
            self.tr("Evaluations"),
            self.evaluations,
            self.tr("How often held-out texts are measured and the prompts asked."),
        )
        add(
            self.tr("Minutes between checkpoints"),
            self.checkpoints,
            self.tr("So much is lost at most when the machine goes off."),
        )
        add(
            self.tr("Logs for TensorBoard"),
            self.tensorboard,
            self.tr("The same curves for another program, in the run's folder; needs the package tensorboardX."),
        )

    def refresh(self) -> None:
        """The draft as it is."""
        planner, draft = self._planner, self._planner.draft
        if self.title.text().strip() != draft.title:
            self.title.setText(draft.title)
        self.objective.offer(
            (
                (self.tr("Every token"), "pretraining"),
                (self.tr("The assistant's words"), "instruction"),
            ),
            draft.objective,
        )
        others = ("adamw", "adam", "sgd")
        kinds = (*others, "muon") if draft.start_from else ("muon", *others)
        self.optimiser.offer([(optimiser_text(kind), kind) for kind in kinds], draft.optimiser)
        for box, value in (
            (self.steps, draft.steps),
            (self.minutes, draft.minutes),
            (self.batch, draft.batch),
            (self.block, draft.block),
            (self.rate, draft.learning_rate),
            (self.evaluations, draft.evaluations),
            (self.checkpoints, draft.checkpoint_minutes),
        ):
            show_value(box, value)
        with QSignalBlocker(self.tensorboard):
            self.tensorboard.setChecked(draft.tensorboard)
        self.more.refresh(draft)
        learns = draft.objective == "pretraining"
        # As the loop does it where a plan says nothing.
        self.prompts.setPlaceholderText(self.tr("else the beginning of a text") if learns else self.tr("else “Hello.”"))
        if self._lines() != draft.prompts:
            with QSignalBlocker(self.prompts):
                self.prompts.setPlainText("\n".join(draft.prompts))
        words = []
        seconds = planner.seconds() or planner.guess(draft.shape)
        if planner.measuring:
            words.append(self.tr("The speed is being measured…"))
        elif seconds is not None:
            words.append(self.tr("About {0} on this machine.").format(duration(seconds)))
        elif planner.speed_problem:
            words.append(planner.speed_problem)
        words.append(self.tr("{0} tokens in all.").format(count(draft.tokens)))
        if planner.data is not None and planner.data.tokens:
            times = draft.tokens / planner.data.tokens
            words.append(
                self.tr("It sees the texts about {0} times.").format(f"{times:.1f}" if times < 10 else count(times))
            )
        self.estimate.setText(" ".join(words))
        self.measure.setEnabled(not planner.measuring)

    def _lines(self) -> tuple[str, ...]:
        return tuple(line for line in self.prompts.toPlainText().split("\n") if line.strip())

    def _change_prompts(self) -> None:
        if self._lines() != self._planner.draft.prompts:
            self._planner.change(prompts=self._lines())

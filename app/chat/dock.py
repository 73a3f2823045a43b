"""The pane at the right: how the next token is picked, and how a chosen one was."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.chat.reply import Reply
from app.chat.state import ChatState
from app.chat.token_logits import Row, Why
from app.inspector.token_inspector import TokenInspector
from app.sampling.panel import SamplingPanel
from app.sampling.presets import Presets
from app.sampling.subject import Subject
from app.sampling.token_biases import TokenBiases
from app.widgets.formats import number, visible
from app.widgets.theme import set_role, theme
from app.widgets.tokens import DOCK_WIDTHS
from engine.records import GenerationSettings, TokenRecord

_LIVE_MS = 150  # how often the funnel of a reply that is being written is drawn
_NOTICED = 1e-3  # logits that differ by less are called the same
_BEFORE = 60  # characters of text before a token that name its place


class Dock(QWidget):
    """Two tabs that follow the state."""

    token_chosen = Signal()

    def __init__(self, state: ChatState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(DOCK_WIDTHS[0])
        self._bound_width()
        theme().changed.connect(self._bound_width)
        self._state = state
        self._tabs = QTabWidget(self)  # before its pages: Tab goes in the order of making
        invitation = self.tr("Click a word of a reply to see here what each stage does to its candidates.")
        self.sampling = SamplingPanel(self, invitation=invitation)
        self.inspector = TokenInspector(self, asks_model=True)
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self.sampling, self.tr("Sampling"))
        self._tabs.addTab(self.inspector, self.tr("Tokens"))
        self._tabs.tabBar().setAccessibleName(self.tr("Sampling and tokens"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)
        self.sampling.changed.connect(state.set_settings)
        self.sampling.changed.connect(self.inspector.set_settings)
        self.sampling.changed.connect(state.retro.try_settings)
        self._presets = Presets(state.storage, self.sampling)
        self._presets.undoable.connect(state.undoable)
        self._presets.notice.connect(state.notice)
        self._presets.failed.connect(state.report)
        self.inspector.branchRequested.connect(state.branch)
        self.inspector.stepRequested.connect(state.choice.step)
        self.inspector.biasRequested.connect(self._set_bias)
        self.inspector.namesRequested.connect(state.names.ask)
        state.names.named.connect(self.inspector.set_names)
        self._biases = TokenBiases(self.sampling, state.names, self)
        self._biases.banned.connect(self._on_banned)
        for something in (state.conversation_changed, state.link.changed):
            something.connect(self._biases.name_all)
        state.link.changed.connect(self._show_recommended)
        state.choice.chosen.connect(self._show_token)
        state.logits.changed.connect(self._show_logits)
        self._live = QTimer(self, singleShot=True, interval=_LIVE_MS)
        self._live.timeout.connect(self._show_newest)
        state.reply_grew.connect(self._on_grew)
        state.runner.ended.connect(self._on_ended)
        state.conversation_changed.connect(self._show_settings)
        self._record: TokenRecord | None = None
        self._was_shown = self._is_live = False
        self._show_settings()
        self._show_recommended()

    @property
    def first(self) -> QWidget:
        """What takes the focus when one comes here by key."""
        return self._tabs.tabBar()

    def show_sampling(self) -> None:
        self._tabs.setCurrentWidget(self.sampling)

    def show_tokens(self) -> None:
        self._tabs.setCurrentWidget(self.inspector)

    def enter_candidates(self) -> None:
        """Go to the candidates of the selected token, by key."""
        self.show_tokens()
        self.inspector.candidates.bars.enter()

    def _bound_width(self) -> None:
        self.setMaximumWidth(max(DOCK_WIDTHS[1], theme().px(DOCK_WIDTHS[1])))

    def _show_settings(self) -> None:
        settings: GenerationSettings = self._state.settings
        if settings != self.sampling.settings():
            with QSignalBlocker(self.sampling):
                self.sampling.set_settings(settings)
        self.inspector.set_settings(settings)

    def _show_recommended(self) -> None:
        model = self._state.link.model
        self.sampling.presets.set_recommended(None if model is None else model.recommended)

    def _show_token(self, record: TokenRecord | None) -> None:
        self._record, self._is_live = record, False
        if record is None:
            self.inspector.clear()
            self.sampling.show_token(None)
            self._state.logits.want(None)
            return
        first = self._tabs.currentWidget() is not self.sampling or not self._was_shown
        self._state.logits.want(self._state.question_of_choice())
        self._show_logits()
        if first:  # whoever watches the funnel goes on watching it
            self.show_tokens()
        self._was_shown = True
        self.token_chosen.emit()

    def _show_logits(self) -> None:
        """The candidates on which the sliders are tried: all, once the model has told them, or those that are stored."""
        record, row = self._record, self._state.logits.row
        if record is None:
            return
        origin = self._state.origin_of_choice()
        history, whole, logits = (row.history, True, row.logits) if row is not None else (origin.before, False, None)
        named, allowed = (row.pieces, row.allowed) if row is not None else ({}, {})
        subject = Subject(record, history, origin.seed or 0, whole, logits, named, allowed)
        self.sampling.show_token(subject, self._words(record, row))
        self.inspector.show_record(
            record,
            self._place(),
            settings=origin.settings,
            history=history,
            history_is_whole=whole,
            seed=origin.seed,
            logits=logits,
            given=origin.given,
            kept=origin.kept,
            named=named,
            allowed=allowed,
        )

    def _set_bias(self, id: int, bias: float) -> None:
        """Another bias for a token in the chain of this conversation, from its next token on."""
        self._biases.put(id, bias, None if self._record is None else Subject(self._record, (), 0).piece(id))

    def _on_banned(self, name: str, before: GenerationSettings) -> None:
        state = self._state
        text = self.tr("“{0}” is banned in this conversation from now on.")
        here = state.conversation.id if state.conversation is not None else None
        state.undoable.emit(text.format(name), lambda: state.put_settings_back(here, before))

    def _on_grew(self) -> None:
        if self._record is None and self.sampling.isVisible() and not self._live.isActive():
            self._live.start()

    def _show_newest(self) -> None:
        """The funnel at the last token of the reply that is being written, while no other is selected."""
        reply = self._state.runner.reply
        if self._record is None and reply is not None and reply.records:
            self._is_live = True
            self._show_last(reply, self.tr("Being written, at “{0}”: the {1} candidates that are stored with it."))

    def _on_ended(self, reply: Reply) -> None:
        """The funnel stays where the reply ends."""
        followed = self._is_live or self._live.isActive()  # a short reply ends before it is shown the first time
        self._live.stop()
        if followed and self._record is None and reply.records:
            text = self.tr(
                "Its last token, “{0}”: the {1} candidates that are stored with it. Click a word to see another."
            )
            self._show_last(reply, text)
        self._is_live = False

    def _show_last(self, reply: Reply, text: str) -> None:
        record = reply.records[-1]
        seed = 0 if reply.prompt is None else reply.prompt.seed
        before = tuple(earlier.token.id for earlier in reply.records[:-1])
        words = text.format(visible(record.token.bytes), len(record.candidates))
        self.sampling.show_token(Subject(record, before, seed), words)

    def _words(self, record: TokenRecord, row: Row | None) -> str:
        """Which candidates those are, and why not all."""
        name = visible(record.token.bytes)
        if row is not None:
            text = self.tr("At “{0}”: all {1} tokens of the vocabulary.").format(name, number(len(row.logits)))
            if row.difference > _NOTICED:
                text += " " + self.tr("Computed again: the logits differ from the recorded by up to {0}.").format(
                    number(row.difference, 3)
                )
            return text
        text = self.tr("At “{0}”: the {1} candidates that were stored with it.").format(name, len(record.candidates))
        reason = {
            Why.COMING: self.tr("The model is asked for the others…"),
            Why.BUSY: self.tr("The model is asked for the others when it has finished."),
            Why.NO_MODEL: self.tr("With the model loaded all would be shown."),
            Why.OTHER_ADAPTERS: self.tr("Other adapters are on than when this was written."),
            Why.OTHER_MODEL: self.tr("Another model is loaded, which cannot tell the others."),
            Why.OTHER_CONTEXT: self.tr(
                "What stood before it has changed since, so the others cannot be computed again."
            ),
            Why.FAILED: self.tr("The model could not tell the others."),
        }.get(self._state.logits.why, "")
        return f"{text} {reason}".strip()

    def _place(self) -> str:
        """The words before the selected token."""
        selected = self._state.choice.selected
        texts = self._state.token_text(selected[0]) if selected else None
        if selected is None or texts is None:
            return ""
        before = "".join(run.text for run in texts.runs[max(0, selected[1] - _BEFORE) : selected[1]])[-_BEFORE:]
        return " ".join(before.split())

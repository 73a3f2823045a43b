"""Whether a reply came out the same: how far the check is, then its result in words, and the token where it departs."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from app.chat.notice_card import NoticeCard
from app.chat.replaying import Replay
from app.chat.state import ChatState
from app.widgets.formats import number, percent, visible
from app.widgets.theme import set_role
from engine.records.explore import Difference, Replayed


class ReplayBar(NoticeCard):
    """Follows ``state.replaying``; hidden where that has nothing to say."""

    def __init__(self, state: ChatState, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Close"), state.replaying.dismiss, parent, wraps=True)
        self._state = state
        self._details = QLabel()
        self._details.setWordWrap(True)
        set_role(self._details, "caption")
        self.insert_below(self._details)
        self.meter = QProgressBar()
        self.meter.setTextVisible(False)
        self.meter.setAccessibleName(self.tr("Tokens compared"))
        self.insert_below(self.meter)
        self.show_button = self.add_button(self.tr("Show the token"), self._show_token, role="primary")
        self._load_tip = self.tr("Loads it in place of the present one, and checks the reply again.")
        self.load_button = self.add_button(self.tr("Load the model that wrote it"), self._load)
        self.stop_button = self.add_button(self.tr("Stop"), state.replaying.dismiss)
        state.replaying.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        replay = self._state.replaying.replay
        self.setVisible(replay is not None)
        if replay is None:
            return
        self.meter.setVisible(replay.running)
        self.stop_button.setVisible(replay.running)
        found = replay.found
        departs = found is not None and found.first_difference is not None
        self.show_button.setVisible(departs)
        loads = bool(replay.own_model) and not replay.running
        self.load_button.setVisible(loads)
        self.load_button.setToolTip(f"{self._load_tip}\n{replay.own_model}" if loads else "")
        self.buttons.setVisible(departs or loads or replay.running)
        details = ""
        if replay.running:
            text = self._progress(replay)
        elif replay.problem is not None:
            text = f"{replay.problem.text} {replay.problem.hint}".strip()
        elif found is not None:
            text, details = self._result(found), self._circumstances(found)
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(details)
        self._details.setText(details)
        self._details.setVisible(bool(details))
        if not replay.running:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _progress(self, replay: Replay) -> str:
        done, total = replay.tokens or (0, 0)
        self.meter.setRange(0, total)  # 0 of 0 keeps moving
        self.meter.setValue(done)
        if replay.tokens is not None:
            return self.tr("Writing the reply once more: {0} of {1} tokens compared, all the same so far.").format(
                number(done), number(total)
            )
        if replay.prompt is not None:
            read, length = replay.prompt
            return self.tr("Reading the conversation before it: {0} of {1} tokens.").format(
                number(read), number(length)
            )
        return self.tr("Writing the reply once more, to compare it token by token…")

    def _result(self, found: Replayed) -> str:
        first = found.first_difference
        if found.same:
            return self.tr("The same to the byte: all {0} tokens came out again.").format(number(found.total))
        if first is None:
            text = self.tr("The first {0} of {1} tokens are the same; then the context was full.")
            return text.format(number(found.tokens), number(found.total))
        text = self.tr("Not the same: it departs at token {0} of {1}, where “{2}” comes now instead of “{3}”.")
        return text.format(
            number(first.position + 1), number(found.total), visible(first.now.bytes), visible(first.saved.bytes)
        )

    def _circumstances(self, found: Replayed) -> str:
        """By how much the numbers differ, and what is not as it was then."""
        parts = [] if found.first_difference is None else [self._distance(found.first_difference)]
        if found.largest_change == 0:
            parts.append(self.tr("The raw log-probabilities are the same to the last bit."))
        else:
            text = self.tr("The raw log-probabilities of the listed candidates differ by {0} at most.")
            parts.append(text.format(_small(found.largest_change)))
        names = {
            "model": self.tr("Another model file is loaded than the one that wrote it."),
            "template": self.tr("The chat template is another one."),
            "engine": self.tr("This is another version of the program."),
            "context": self.tr("The context has another length."),
            "adapters": self.tr("Other adapters stand beside the model than then."),
            "prompt": self.tr("The conversation before it has changed."),
        }
        parts += [names[name] for name in found.changed]
        return " ".join(parts)

    def _distance(self, first: Difference) -> str:
        saved = visible(first.saved.bytes)
        if first.logprob_now is None:
            text = self.tr("“{0}” is no longer among the most likely tokens.")
            return text.format(saved)
        text = self.tr(
            "Raw log-probability of “{0}”: {1} then, {2} now, a difference of {3}; after the chain {4} then, {5} now."
        )
        return text.format(
            saved,
            number(first.saved_logprob, 4),
            number(first.logprob_now, 4),
            _small(abs(first.logprob_now - first.saved_logprob)),
            _percent(first.saved_probability),
            _percent(first.probability_now),
        )

    def _load(self) -> None:
        replay = self._state.replaying.replay
        if replay is not None and replay.own_model:
            self._state.link.load(replay.own_model)
            self._state.check_again(replay.message_id)

    def _show_token(self) -> None:
        replay = self._state.replaying.replay
        if replay is not None and replay.found is not None and replay.found.first_difference is not None:
            self._state.choice.choose(replay.message_id, replay.found.first_difference.position)


def _percent(probability: float | None) -> str:
    return "–" if probability is None else percent(probability)


def _small(difference: float) -> str:
    """A difference of logarithms with as many decimals as say something."""
    if difference == 0:
        return "0"
    return number(difference, 4) if difference >= 5e-4 else f"{difference:.0e}"

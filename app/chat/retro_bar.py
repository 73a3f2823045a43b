"""What the moved sliders would have made of a reply that is there: in words, with what can be done about it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.chat.notice_card import NoticeCard
from app.chat.replaying import Replay
from app.chat.retro import Found
from app.chat.state import ChatState
from app.widgets.formats import number, visible


class RetroBar(NoticeCard):
    """Follows ``state.retro``; hidden where that has nothing to say."""

    def __init__(self, state: ChatState, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Show the reply as it is"), self._dismiss, parent, wraps=True)
        self._state = state
        # Room for two lines: nothing moves while a slider does.
        self.text.setMinimumHeight(2 * self.text.fontMetrics().lineSpacing())
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.branch_button = self.add_button(
            self.tr("Branch there"),
            self._branch,
            self.tr(
                "A new reply beside this one: the same words up to there, then the other token, with the same luck."
            ),
            "primary",
        )
        self.show_button = self.add_button(self.tr("Show"), self._show_first)
        self.compute_button = self.add_button(
            self.tr("Compute with the model"),
            self._compute,
            self.tr(
                "The model writes it once more, with the present sliders and the same luck, up to the first difference: "
                "that is exact. No other version of the reply is kept."
            ),
        )
        state.retro.changed.connect(self._show)
        state.trying.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        found = self._state.retro.found
        self.setVisible(found is not None)
        if found is None:
            return
        result, trying = found.result, self._state.trying.replay
        self.text.setText(self._words(found) if trying is None else self._trying_words(trying))
        # What cannot be done stays in its place: nothing jumps while a slider is moved.
        for button in (self.show_button, self.branch_button):
            button.setEnabled(result.first is not None)
        running = trying is not None and trying.running
        self.compute_button.setEnabled(running or (bool(result.doubt) and found.own_luck))
        self.compute_button.setText(self.tr("Stop") if running else self.tr("Compute with the model"))

    def _trying_words(self, trying: Replay) -> str:
        if trying.problem is not None:
            return f"{trying.problem.text} {trying.problem.hint}".strip()
        done, total = trying.tokens or (0, 0)
        if trying.tokens is None:
            return self.tr("The model writes it once more with the present sliders…")
        text = self.tr(
            "The model writes it once more with the present sliders: {0} of {1} tokens, all the same so far."
        )
        return text.format(number(done), number(total))

    def _words(self, found: Found) -> str:
        result = found.result
        first, doubt = result.first, result.doubt
        if found.computed and first is None:
            return self.tr("Computed: the same to the byte, all {0} tokens.").format(number(found.tokens))
        if found.computed and first is not None:
            text = self.tr("Computed: the first {0} of {1} tokens stay, then comes “{2}”.")
            text = text.format(number(first.index), number(found.tokens), visible(first.piece))
            return text + " " + self.tr("What follows it is pale: it would be another text.")
        how = self.tr("approximate") if doubt else self.tr("exact")
        if result.given and not doubt:
            how = self.tr("exact for the tokens that were drawn")
        if first is None:
            text = self.tr("Same luck: this reply would be the same ({0}).").format(how)
        else:
            text = self.tr("Same luck: {0} of {1} tokens would change, the first to “{2}” ({3}).")
            text = text.format(number(len(result.changes)), number(result.drawn), visible(first.piece), how)
        if doubt == "candidates":
            text += " " + self.tr("More candidates would have to be known than were stored.")
        elif doubt == "prompt":
            text += " " + self.tr("The tokens of the prompt, which count too, were not stored.")
        return text if first is None else text + " " + self.tr("What follows it is pale: it would be another text.")

    def _show_first(self) -> None:
        found = self._state.retro.found
        if found is not None and found.result.first is not None:
            self._state.choice.choose(found.message_id, found.result.first.index)

    def _branch(self) -> None:
        found = self._state.retro.found
        if found is not None and (first := found.result.first) is not None:
            self._state.branch(first.id, (found.message_id, first.index), found.seed)

    def _compute(self) -> None:
        found, trying = self._state.retro.found, self._state.trying
        if trying.replay is not None and trying.replay.running:
            trying.dismiss()
        elif found is not None:
            self._state.check_again(found.message_id, found)

    def _dismiss(self) -> None:
        self._state.trying.dismiss()
        self._state.retro.dismiss()

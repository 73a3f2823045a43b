"""A finished process as a value."""

import signal

import msgspec

from app.translation import QT_TRANSLATE_NOOP, translated

_EXIT_CODE = QT_TRANSLATE_NOOP("Outcome", "exit code {0}")
_HUNG = QT_TRANSLATE_NOOP("Outcome", "it did not answer")


class Outcome(msgspec.Struct, frozen=True):
    """How a worker ended. exit_code is None when a signal ended it; stderr_tail is the last of what it said."""

    exit_code: int | None
    signal_number: int | None = None
    stderr_tail: str = ""
    hung: bool = False  # it did not answer and was killed by us

    @property
    def signal_name(self) -> str:
        """Such as "SIGSEGV"; "" where no signal ended it."""
        if self.signal_number is None:
            return ""
        try:
            return signal.Signals(self.signal_number).name
        except ValueError:
            return f"signal {self.signal_number}"

    @property
    def short(self) -> str:
        """The cause in a word or two, for a sentence: the signal's name, or the exit code; in the present language."""
        if self.hung:
            return translated("Outcome", _HUNG)
        return self.signal_name or translated("Outcome", _EXIT_CODE).format(self.exit_code)

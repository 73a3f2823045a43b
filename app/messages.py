"""The one door through which the program speaks to the person. A mistake of theirs and a bug of ours are different things."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.translation import error_text
from app.widgets.toast import Toasts
from engine.errors import UserError
from engine.worker.protocol import Failed


class Messages(QObject):
    """Each call shows one toast in the window that the toasts belong to."""

    def __init__(self, toasts: Toasts) -> None:
        super().__init__(toasts)
        self._toasts = toasts

    def tell(self, text: str) -> None:
        """Something that is good to know."""
        self._toasts.show(text)

    def offer(self, text: str, action_text: str, callback: Callable[[], None], lasting: bool = False) -> None:
        """Something that happened, and a button: the way back, or what to do next. lasting: until it is closed."""
        self._toasts.show(text, action_text, callback, lasting=lasting)

    def offer_undo(self, text: str, undo: Callable[[], None], kept: bool = False) -> None:
        """Something that was done, with the way back. kept: Edit > Undo goes it until the window is closed."""
        self._toasts.show(text, self.tr("Undo"), undo, kept=kept)

    def warn(self, text: str, details: str = "") -> None:
        """Something is not as it should be, though nothing was lost."""
        self._toasts.show(text, kind="warning", details=details)

    def fail(self, problem: UserError | Failed) -> None:
        """Something could not be done: what, why, what to do, and details to copy."""
        text = " ".join(filter(None, (error_text(problem.text), error_text(problem.hint))))
        self._toasts.show(text, kind="error", details=problem.detail or f"{problem.code}: {text}")

    def mending(self, text: str, details: str) -> None:
        """Something broke and is being put right without anybody's help; it goes away by itself."""
        self._toasts.show(text, kind="warning", details=details, lasting=False)

    def bug(self, details: str) -> None:
        """The program has a mistake; it goes on."""
        self._toasts.show(
            self.tr("Something went wrong inside Próxima. Your conversations are safe."), kind="error", details=details
        )

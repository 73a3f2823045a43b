"""What happens on the screen while the program starts."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import StartProgram


class Shown(QObject):
    """Collects what is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(watched)
        return False


def test_no_part_of_the_window_is_a_window_for_a_moment(start_program: StartProgram) -> None:
    application, shown = QApplication.instance(), Shown()
    assert application is not None
    application.installEventFilter(shown)
    try:
        program = start_program(wait_for_model=False)
        program.window.actions_by_menu()  # makes the pages that are not there yet
    finally:
        application.removeEventFilter(shown)
    assert shown.windows == [program.window]

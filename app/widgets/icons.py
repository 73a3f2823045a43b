"""Line icons of our own (resources/icons, 24 x 24), tinted with a token of the theme and crisp at every scale."""

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.widgets.theme import Theme, theme

Iconed = QAbstractButton | QAction


def icon(name: str, colour: str = "text", checked_colour: str | None = None) -> QIcon:
    """The icon in the present theme. It keeps its colour when the theme changes: see set_icon for one that follows.

    Raises FileNotFoundError for a name that is no file in resources/icons.
    """
    current = theme()
    result = QIcon(current.image_file(name, getattr(current.tokens, colour)))
    if checked_colour is not None:
        tinted = current.image_file(name, getattr(current.tokens, checked_colour))
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            result.addFile(tinted, mode=mode, state=QIcon.State.On)
    return result


def set_icon(target: Iconed, name: str, colour: str = "text", checked_colour: str | None = None) -> None:
    """Give a button or an action an icon that follows the theme. Calling it again changes the icon."""
    found = target.findChild(_Follower)
    follower = found if found is not None else _Follower(target, theme())
    follower.show(name, colour, checked_colour)


class IconLabel(QLabel):
    """Shows an icon of a size in px and follows the theme. Decoration: it has no accessible name."""

    def __init__(self, name: str, size: int = 24, colour: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.show_icon(name, colour)
        theme().changed.connect(self._draw)

    def show_icon(self, name: str, colour: str = "muted") -> None:
        self._wanted = (name, colour)
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(icon(*self._wanted).pixmap(QSize(self._size, self._size), self.devicePixelRatio()))


class _Follower(QObject):
    def __init__(self, target: Iconed, source: Theme) -> None:
        super().__init__(target)
        self._target = target
        self._wanted: tuple[str, str, str | None] = ("", "text", None)
        source.changed.connect(self._draw)

    def show(self, name: str, colour: str, checked_colour: str | None) -> None:
        self._wanted = (name, colour, checked_colour)
        self._draw()

    def _draw(self) -> None:
        self._target.setIcon(icon(*self._wanted))

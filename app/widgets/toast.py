"""Short messages at the foot of a window: what happened, and the way back (Undo), for eight seconds or as long as the window."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app.widgets.icons import IconLabel, set_icon
from app.widgets.theme import set_role, theme

Kind = Literal["info", "success", "warning", "error"]
SHOWN_MS = 8000
MOST_AT_ONCE = 3
_WIDTH, _GAP, _MARGIN = 480, 8, 24
_COLOURS: dict[str, str] = {"info": "accent", "success": "good", "warning": "warning", "error": "bad"}


class Toast(QFrame):
    """One message. It stays while the pointer or the focus is on it, and a lasting one until it is closed."""

    closed = Signal(object)  # itself

    def __init__(
        self,
        parent: QWidget,
        text: str,
        action_text: str,
        callback: Callable[[], None] | None,
        kind: Kind,
        details: str,
        lasting: bool,
        kept: bool = False,
    ) -> None:
        super().__init__(parent)
        self.text, self.details, self.kept, self._callback = text, details, kept, callback
        self._lasting = lasting
        set_role(self, "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setAccessibleName(text)
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(IconLabel(kind, 20, _COLOURS[kind]))
        row.addWidget(label, 1)
        self.action_button: QPushButton | None = None
        if details:
            copy = QPushButton(self.tr("Copy details"))
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{text}\n\n{details}"))
            row.addWidget(set_role(copy, "quiet"))
        if action_text and callback is not None:
            self.action_button = QPushButton(action_text)
            self.action_button.clicked.connect(self.act)
            row.addWidget(set_role(self.action_button, "link"))
        close = QToolButton()
        set_icon(close, "x", "muted")
        close.setIconSize(QSize(16, 16))
        close.setToolTip(self.tr("Close"))
        close.setAccessibleName(self.tr("Close this message"))
        close.clicked.connect(self.dismiss)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self._time_is_up)
        self._timer.start()
        self._age = QElapsedTimer()
        self._age.start()

    def act(self) -> None:
        """Do what the button offers, once, and go."""
        callback = self.take_callback()
        self.dismiss()
        if callback is not None:
            callback()

    def take_callback(self) -> Callable[[], None] | None:
        """What the button does, None where it was taken before."""
        callback, self._callback = self._callback, None
        return callback

    @property
    def can_act(self) -> bool:
        return self._callback is not None

    def dismiss(self) -> None:
        self._timer.stop()
        self.hide()
        self.closed.emit(self)
        self.deleteLater()

    def let_go(self) -> None:
        """It does not stay until it is closed any more; where its time is over it goes at once."""
        self._lasting = False
        if self._age.hasExpired(SHOWN_MS):
            self.dismiss()
        else:
            self._timer.start()

    def _time_is_up(self) -> None:
        focus = self.window().focusWidget()
        if self._lasting:
            return
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._timer.start()
        else:
            self.dismiss()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)


class Toasts(QObject):
    """Stacks toasts over the foot of a widget, newest lowest. One for each window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._above: QWidget | None = None
        self._shown: list[Toast] = []
        self._kept: list[Callable[[], None]] = []
        parent.installEventFilter(self)

    def keep_above(self, widget: QWidget | None) -> None:
        """Stand over the middle of this widget and above it (a composer, which grows), None for the foot of the window."""
        if self._above is not None:
            self._above.removeEventFilter(self)
        self._above = widget
        if widget is not None:
            widget.installEventFilter(self)
        self._arrange()

    @property
    def shown(self) -> tuple[Toast, ...]:
        """Those on the screen, oldest first."""
        return tuple(self._shown)

    def show(
        self,
        text: str,
        action_text: str = "",
        callback: Callable[[], None] | None = None,
        *,
        kind: Kind = "info",
        details: str = "",
        lasting: bool | None = None,
        kept: bool = False,
    ) -> Toast:
        """Show a sentence. action_text and callback give it a button (Undo); details give it a button that copies them.

        lasting: it stays until it is closed; where nothing is said, one with details does. The sentence is announced to
        screen readers. Beyond three the oldest goes. kept: undo_last() finds the button when the toast has gone, too.
        """
        lasting = bool(details) if lasting is None else lasting
        toast = Toast(self._parent, text, action_text, callback, kind, details, lasting, kept)
        self._shown.append(toast)
        toast.closed.connect(self._forget)
        for old in tuple(self._shown[:-MOST_AT_ONCE]):
            old.dismiss()
        toast.show()
        self._arrange()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._parent, text))
        return toast

    def turn_page(self) -> None:
        """Another page was opened: what stayed to be read has had its time, or gets it now."""
        for toast in self.shown:
            toast.let_go()

    def undo_last(self) -> bool:
        """Press the button of the newest toast that has one, else of a kept one that has gone; False where there is none."""
        for toast in reversed(self._shown):
            if toast.can_act:
                toast.act()
                return True
        if self._kept:
            self._kept.pop()()
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide):
            self._arrange()
        return False

    def _forget(self, toast: Toast) -> None:
        self._shown.remove(toast)
        if toast.kept and (callback := toast.take_callback()) is not None:
            self._kept.append(callback)
        self._arrange()

    def _arrange(self) -> None:
        left, room, foot = 0, self._parent.width(), self._parent.height() - _MARGIN
        if self._above is not None and self._above.isVisible():
            corner = self._above.mapTo(self._parent, QPoint(0, 0))
            left, room, foot = corner.x(), self._above.width(), corner.y() - _GAP
        width = min(theme().px(_WIDTH), room - 2 * _GAP)
        for toast in reversed(self._shown):
            height = max(toast.sizeHint().height(), toast.heightForWidth(width))
            foot -= height
            toast.setGeometry(left + (room - width) // 2, foot, width, height)
            toast.raise_()
            foot -= _GAP

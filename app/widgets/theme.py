"""The theme of the running program: tokens -> palette, fonts and stylesheet, following the system or fixed."""

from functools import cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.paths import resource_path
from app.widgets.stylesheet import stylesheet
from app.widgets.tokens import CAPTION, INTERFACE, READING, TABLE, TITLE, Scheme, Tokens, surprisal_colour

Mode = Literal["system", "light", "dark"]
FontRole = Literal["caption", "interface", "reading", "title", "code", "number"]
_SIZES: dict[str, int] = {
    "caption": CAPTION,
    "interface": INTERFACE,
    "reading": READING,
    "title": TITLE,
    "code": INTERFACE,
    "number": INTERFACE,
}
# Where the desktop names no font of its own, fontconfig answers with DejaVu, which is wide; these read better.
_PREFERRED = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "Open Sans", "Liberation Sans")
_PREFERRED_CODE = ("JetBrains Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono")


class Theme(QObject):
    """One for each application, from ``theme()``. Views that paint themselves connect to ``changed`` and call update()."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application: QApplication | None = None
        self._mode: Mode = "system"
        self._images = QTemporaryDir()  # tinted copies of icons: the stylesheet can only name files
        self.text_size = 100  # per cent
        self.reduced_motion = False
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def scheme(self) -> Scheme:
        if self._mode != "system":
            return self._mode
        return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"

    @property
    def dark(self) -> bool:
        return self.scheme == "dark"

    @property
    def tokens(self) -> Tokens:
        return TABLE[self.scheme]

    def colour(self, name: str) -> QColor:
        """The token of that name, e.g. ``colour("muted")``."""
        return QColor(getattr(self.tokens, name))

    def surprisal(self, bits: float) -> QColor:
        """Background for a token of this surprisal; the same scale on every page."""
        return QColor(surprisal_colour(self.tokens, bits))

    def px(self, size: int) -> int:
        """A size at text size 100 % in px at the chosen one: for what must grow with the text."""
        return round(size * self.text_size / 100)

    def font(self, role: FontRole = "interface") -> QFont:
        """The font of a role; "code" and "number" have figures of one width."""
        font = QFont(_code_family() if role in ("code", "number") else _interface_family())
        font.setPixelSize(self.px(_SIZES[role]))
        if role == "title":
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def image_file(self, name: str, colour: str) -> str:
        """Path of the icon of that name drawn in ``#rrggbb``, with forward slashes."""
        target = Path(self._images.filePath(f"{name}-{colour.lstrip('#')}.svg"))
        if not target.exists():
            drawn = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
            target.write_text(drawn.replace("currentColor", colour), encoding="utf-8")
        return target.as_posix()

    def apply(self, application: QApplication, mode: Mode = "system", text_size: int = 100) -> None:
        """Dress the application; may be called again at any time. text_size is in per cent."""
        first = self._application is None
        if not first and (mode, text_size) == (self._mode, self.text_size):
            return
        self._application, self._mode, self.text_size = application, mode, text_size
        if first:
            application.setStyle("fusion")
        self._dress(application)

    def _system_changed(self) -> None:
        if self._mode == "system" and self._application is not None:
            self._dress(self._application)

    def _dress(self, application: QApplication) -> None:
        application.setPalette(_palette(self.tokens))
        application.setFont(self.font())
        application.setStyleSheet(stylesheet(self.tokens, self.text_size, _code_family(), self.image_file))
        self.changed.emit()


def theme() -> Theme:
    """The theme of this application, made at the first call."""
    application = QApplication.instance()
    found = application.findChild(Theme, "theme", Qt.FindChildOption.FindDirectChildrenOnly) if application else None
    if found is None:
        found = Theme(application)
        found.setObjectName("theme")
    return found


def set_role(widget: QWidget, role: str) -> QWidget:
    """Give a widget one of the looks of the stylesheet: see ROLES there. Returns the widget."""
    if widget.property("role") == role:
        return widget
    widget.setProperty("role", role)
    if role in ("surface", "background", "raised", "card", "line"):
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    return widget


@cache
def _interface_family() -> str:
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if QFont(family).exactMatch() and "DejaVu" not in family and family not in ("Sans Serif", "Sans", "Monospace"):
        return family
    known = set(QFontDatabase.families())
    return next((name for name in _PREFERRED if name in known), family)


@cache
def _code_family() -> str:
    known = set(QFontDatabase.families())
    fallback = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return next((name for name in _PREFERRED_CODE if name in known), fallback)


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, t.surface),
        (roles.WindowText, t.text),
        (roles.Base, t.raised),
        (roles.AlternateBase, t.surface),
        (roles.Text, t.text),
        (roles.PlaceholderText, t.muted),
        (roles.Button, t.raised),
        (roles.ButtonText, t.text),
        (roles.BrightText, t.bad),
        (roles.Highlight, t.selection),
        (roles.HighlightedText, t.text),
        (roles.Accent, t.accent),
        (roles.Link, t.accent),
        (roles.LinkVisited, t.accent),
        (roles.ToolTipBase, t.raised),
        (roles.ToolTipText, t.text),
        (roles.Light, t.hover),
        (roles.Midlight, t.hover),
        (roles.Mid, t.line),
        (roles.Dark, t.edge),
        (roles.Shadow, t.shadow),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.outline))
    return palette

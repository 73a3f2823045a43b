"""The frame: rail, page stack, menus, palette, toasts. What pages do is theirs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QWidget

from app.about import AboutDialog
from app.messages import Messages
from app.palette.actions import command_entries, shortcut_entries
from app.palette.entries import Entry
from app.palette.view import PaletteView
from app.rail import Rail
from app.settings.memory import Memory
from app.widgets.theme import set_role
from app.widgets.toast import Toasts

Actions = Mapping[str, Sequence[QAction]]


class Page(msgspec.Struct, frozen=True):
    """A page as the frame sees it.

    actions: by menu ("file", "edit", "view"); entries: what the palette finds beside the actions, asked when it opens;
    keys: keys that are no actions, for the list of shortcuts, as (title, keys); enter: called when the page is opened;
    foot: what messages stand above, the foot of the window where it is None; short: the word on the rail, where the title is too
    long for it.
    """

    name: str
    title: str
    icon: str
    widget: QWidget
    at_foot: bool = False
    actions: Actions = {}
    entries: Callable[[], list[Entry]] = list
    keys: tuple[tuple[str, str], ...] = ()
    enter: Callable[[], None] = lambda: None
    foot: QWidget | None = None
    short: str = ""


class MainWindow(QMainWindow):
    """One window. ``painted`` comes once, after the first paint; ``closing`` when the person closes it, before it is gone."""

    painted = Signal()
    closing = Signal()

    def __init__(self, pages: Sequence[Page], memory: Memory) -> None:
        super().__init__()
        self.setWindowTitle("Próxima")
        self.setMinimumSize(900, 600)
        self._memory = memory
        self._was_painted = False
        self._pages = {page.name: page for page in pages}
        self._rail, self._stack = Rail(), QStackedWidget()
        self._page = ""
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        line = QFrame()
        line.setProperty("vertical", True)
        row.addWidget(self._rail)
        row.addWidget(set_role(line, "line"))
        row.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        self.toasts = Toasts(centre)
        self.messages = Messages(self.toasts)
        self.palette_view = PaletteView(centre)
        self._menus: dict[str, QMenu] = {}
        self._make_menus(pages)
        self._rail.chosen.connect(self.open_page)
        self._restore(pages[0].name)

    def open_page(self, name: str) -> None:
        """Show a page and give it the focus."""
        page = self._pages[name]
        self._rail.show_chosen(name)
        if name != self._page:
            self._page = name
            self._stack.setCurrentWidget(page.widget)
            self.toasts.keep_above(page.foot)
        page.enter()

    @property
    def page(self) -> str:
        """Name of the page that is shown."""
        return self._page

    def actions_by_menu(self) -> list[tuple[str, QAction]]:
        """Every action of the window with the title of its menu: palette and shortcut list are made from these."""
        return [
            (menu.title().replace("&", ""), action)
            for menu in self._menus.values()
            for action in menu.actions()
            if not action.isSeparator()
        ]

    def show_palette(self) -> None:
        actions = self.actions_by_menu()
        entries = command_entries(sorted(actions, key=lambda pair: pair[1] is self._quit))
        for page in self._pages.values():
            entries += [self._on_its_page(page, entry) for entry in page.entries()]
        self.palette_view.open(
            entries, self.tr("What do you want to do? Actions, conversations, models"), self.tr("Commands")
        )

    def show_shortcuts(self) -> None:
        entries = shortcut_entries(self.actions_by_menu())
        for page in self._pages.values():
            entries += [Entry(page.title, title, keys) for title, keys in page.keys]
        self.palette_view.open(entries, self.tr("Find a shortcut"), self.tr("Shortcuts"))

    def show_about(self) -> None:
        dialog = AboutDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def remember(self) -> None:
        """Put into the memory what the next window starts from."""
        self._memory.set("geometry", self.saveGeometry().toBase64().toStdString())
        self._memory.set("page", self._page)
        self._memory.save()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember()
        self.closing.emit()
        super().closeEvent(event)

    def _restore(self, first_page: str) -> None:
        self.resize(1280, 820)
        geometry = self._memory.get("geometry", "")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        page = self._memory.get("page", first_page)
        self.open_page(page if page in self._pages else first_page)

    def _make_menus(self, pages: Sequence[Page]) -> None:
        for key, title in (
            ("file", self.tr("&File")),
            ("edit", self.tr("&Edit")),
            ("view", self.tr("&View")),
            ("help", self.tr("&Help")),
        ):
            self._menus[key] = self.menuBar().addMenu(title)
        for page in pages:
            self._stack.addWidget(page.widget)
        self._add("edit", self.tr("Undo the last thing"), self._undo, QKeySequence("Ctrl+Alt+Z"))
        self._add("view", self.tr("Command palette…"), self.show_palette, QKeySequence("Ctrl+K"))
        self._menus["view"].addSeparator()
        for number, page in enumerate(pages, 1):
            keys = QKeySequence("Ctrl+,") if page.name == "settings" else QKeySequence(f"Ctrl+{number}")
            action = self._add("view", page.title, self._opener(page.name), keys)
            if page.name == "settings":
                action.setShortcuts([QKeySequence(f"Ctrl+{number}"), keys])
            shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self._rail.add(page.name, page.title, page.icon, shown, page.at_foot, page.short)
        for page in pages:
            for menu, actions in page.actions.items():
                self._add_page_actions(page, menu, actions)
        self._menus["view"].addSeparator()
        self._add("view", self.tr("Full screen"), self._toggle_full_screen, QKeySequence("F11"))
        self._menus["file"].addSeparator()
        self._quit = self._add("file", self.tr("Quit"), self.close, QKeySequence("Ctrl+Q"), QAction.MenuRole.QuitRole)
        self._add("help", self.tr("Shortcuts"), self.show_shortcuts, QKeySequence("F1"))
        self._add("help", self.tr("About Próxima"), self.show_about, None, QAction.MenuRole.AboutRole)

    def _add(
        self,
        menu: str,
        text: str,
        call: Callable[[], Any],
        keys: QKeySequence | None,
        role: QAction.MenuRole = QAction.MenuRole.NoRole,
    ) -> QAction:
        action = QAction(text, self)
        action.setMenuRole(role)
        if keys is not None:
            action.setShortcut(keys)
        action.triggered.connect(lambda: call())
        self._menus[menu].addAction(action)
        return action

    def _add_page_actions(self, page: Page, menu: str, actions: Sequence[QAction]) -> None:
        target = self._menus[menu]
        if actions and target.actions():
            target.addSeparator()
        for action in actions:
            # An action of a page that is not shown brings the page forward: what it does is to be seen.
            action.triggered.connect(self._opener(page.name, only_if_hidden=True))
            target.addAction(action)

    def _on_its_page(self, page: Page, entry: Entry) -> Entry:
        """The entry, which brings its page forward: what it does is to be seen."""
        run, open_page = entry.run, self._opener(page.name, only_if_hidden=True)

        def run_there() -> None:
            open_page()
            if run is not None:
                run()

        return msgspec.structs.replace(entry, run=run_there)

    def _opener(self, name: str, only_if_hidden: bool = False) -> Callable[[], None]:
        def open_page() -> None:
            if not (only_if_hidden and self._page == name):
                self.open_page(name)

        return open_page

    def _undo(self) -> None:
        if not self.toasts.undo_last():
            self.messages.tell(self.tr("There is nothing to undo."))

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

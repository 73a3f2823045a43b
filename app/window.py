"""The frame: rail, page stack, menus, palette, toasts. What pages do is theirs."""

import itertools
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
from app.widgets.page_actions import HERE
from app.widgets.theme import set_role
from app.widgets.toast import Toasts

Actions = Mapping[str, Sequence[QAction]]


class View(msgspec.Struct, frozen=True):
    """A page that is there.

    actions: by menu ("file", "edit", "view"); entries: what the palette finds beside the actions, asked when it opens;
    keys: keys that are no actions, for the list of shortcuts, as (title, keys); enter: called when the page is opened;
    foot: what messages stand above, the foot of the window where it is None.
    """

    widget: QWidget
    actions: Actions = {}
    entries: Callable[[], list[Entry]] = list
    keys: tuple[tuple[str, str], ...] = ()
    enter: Callable[[], None] = lambda: None
    foot: QWidget | None = None


class Page(msgspec.Struct, frozen=True):
    """A page as the frame sees it. short: the word on the rail, where the title is too long for it.

    make is called once: when the page is opened first, or by build_rest().
    """

    name: str
    title: str
    icon: str
    make: Callable[[], View]
    at_foot: bool = False
    short: str = ""


class MainWindow(QMainWindow):
    """One window. ``painted`` comes once, after the first paint; ``complete`` when all pages are made; ``closing`` when the person
    closes it, before it is gone."""

    painted = Signal()
    complete = Signal()
    closing = Signal()

    def __init__(self, pages: Sequence[Page], memory: Memory) -> None:
        super().__init__()
        self.setWindowTitle("Próxima")
        self.setMinimumSize(900, 600)
        self._memory = memory
        self._was_painted = False
        self._pages = {page.name: page for page in pages}
        self._views: dict[str, View] = {}
        self._keys: list[tuple[str, QAction, list[QKeySequence]]] = []  # of each page's actions, wherever one is
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
        self._make_actions()
        self._rail.chosen.connect(self.open_page)
        self._restore(pages[0].name)

    def open_page(self, name: str) -> None:
        """Show a page and give it the focus."""
        view = self.view(name)
        self._rail.show_chosen(name)
        if name != self._page:
            self._page = name
            self._stack.setCurrentWidget(view.widget)
            self.toasts.turn_page()
            self.toasts.keep_above(view.foot)
            self._fill_menus()
            self._lend_keys()
        view.enter()

    def view(self, name: str) -> View:
        """The page of this name, which is made now where it was not yet."""
        if name not in self._views:
            made = self._views[name] = self._pages[name].make()
            self._stack.addWidget(made.widget)
            for action in itertools.chain.from_iterable(made.actions.values()):
                # Its keys and the palette work from everywhere, and bring the page forward: what is done is to be seen.
                action.triggered.connect(self._opener(name, only_if_hidden=True))
                self.addAction(action)
                self._keys.append((name, action, action.shortcuts()))
            self._lend_keys()
        return self._views[name]

    def build_rest(self) -> None:
        """Make the pages that were not opened yet, one in each turn of the event loop, so that nobody has to wait for all."""
        missing = next((name for name in self._pages if name not in self._views), None)
        if missing is not None:
            self.view(missing)
            QTimer.singleShot(0, self, self.build_rest)
        else:
            self.complete.emit()

    @property
    def page(self) -> str:
        """Name of the page that is shown."""
        return self._page

    def actions_by_menu(self) -> list[tuple[str, QAction]]:
        """Every action of the window with the title of its menu: palette and shortcut list are made from these."""
        views = [self.view(name) for name in self._pages]
        return [
            (menu.title().replace("&", ""), action)
            for key, menu in self._menus.items()
            for group in self._groups(key, views)
            for action in group
        ]

    def show_palette(self) -> None:
        actions = self.actions_by_menu()
        entries = command_entries(sorted(actions, key=lambda pair: pair[1] is self._quit))
        for name in self._pages:
            entries += [self._on_its_page(name, entry) for entry in self.view(name).entries()]
        self.palette_view.open(
            entries, self.tr("What do you want to do? Actions, conversations, models"), self.tr("Commands")
        )

    def show_shortcuts(self) -> None:
        entries = shortcut_entries(self.actions_by_menu())
        for page in self._pages.values():
            entries += [Entry(page.title, title, keys) for title, keys in self.view(page.name).keys]
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

    def _make_actions(self) -> None:
        """What the frame itself offers, and the buttons of the rail."""
        for key, title in (
            ("file", self.tr("&File")),
            ("edit", self.tr("&Edit")),
            ("view", self.tr("&View")),
            ("help", self.tr("&Help")),
        ):
            self._menus[key] = self.menuBar().addMenu(title)
        undo = self._action(self.tr("Undo the last thing"), self._undo, QKeySequence("Ctrl+Alt+Z"))
        palette = self._action(self.tr("Command palette…"), self.show_palette, QKeySequence("Ctrl+K"))
        full_screen = self._action(self.tr("Full screen"), self._toggle_full_screen, QKeySequence("F11"))
        self._quit = self._action(self.tr("Quit"), self.close, QKeySequence("Ctrl+Q"), QAction.MenuRole.QuitRole)
        shortcuts = self._action(self.tr("Shortcuts"), self.show_shortcuts, QKeySequence("F1"))
        about = self._action(self.tr("About Próxima"), self.show_about, None, QAction.MenuRole.AboutRole)
        openers = [self._page_opener(number, page) for number, page in enumerate(self._pages.values(), 1)]
        self._before: dict[str, list[list[QAction]]] = {"edit": [[undo]], "view": [[palette], openers]}
        self._after: dict[str, list[list[QAction]]] = {
            "view": [[full_screen]],
            "file": [[self._quit]],
            "help": [[shortcuts, about]],
        }

    def _page_opener(self, number: int, page: Page) -> QAction:
        keys = QKeySequence("Ctrl+,") if page.name == "settings" else QKeySequence(f"Ctrl+{number}")
        action = self._action(page.title, self._opener(page.name), keys)
        if page.name == "settings":
            action.setShortcuts([QKeySequence(f"Ctrl+{number}"), keys])
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        self._rail.add(page.name, page.title, page.icon, shown, page.at_foot, page.short)
        return action

    def _fill_menus(self) -> None:
        """The frame's own actions and those of the page that is shown."""
        for key, menu in self._menus.items():
            menu.clear()
            for group in self._groups(key, [self._views[self._page]] if self._page else []):
                if group and menu.actions():
                    menu.addSeparator()
                menu.addActions(list(group))

    def _lend_keys(self) -> None:
        """Keys that several pages want, as for something new or for their list, are those of the open page."""
        wanted = [
            (action, QKeySequence(action.property(HERE)))
            for name, action, _ in self._keys
            if name == self._page and action.property(HERE)
        ]
        lent = [keys for _, keys in wanted]
        for _, action, own in self._keys:
            here = [keys for one, keys in wanted if one is action]
            keys = here + [keys for keys in own if keys not in lent]
            if keys != action.shortcuts():
                action.setShortcuts(keys)

    def _groups(self, menu: str, views: Sequence[View]) -> list[Sequence[QAction]]:
        of_pages = [view.actions.get(menu, ()) for view in views]
        return [*self._before.get(menu, ()), *of_pages, *self._after.get(menu, ())]

    def _action(
        self,
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
        return action

    def _on_its_page(self, name: str, entry: Entry) -> Entry:
        """The entry, which brings its page forward: what it does is to be seen."""
        run, open_page = entry.run, self._opener(name, only_if_hidden=True)

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

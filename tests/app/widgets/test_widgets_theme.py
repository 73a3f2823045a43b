"""Theme and icons: what the tokens become on the screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.paths import resource_path
from app.widgets.elided_label import ElidedLabel
from app.widgets.empty_state import EmptyState
from app.widgets.icons import IconLabel, icon, set_icon
from app.widgets.stylesheet import stylesheet
from app.widgets.theme import Theme, set_role, theme
from app.widgets.tokens import DARK, LIGHT, TABLE

ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg"))


@pytest.fixture
def application(qtbot: QtBot) -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application


@pytest.fixture
def light(application: QApplication) -> Iterator[Theme]:
    theme().apply(application, "light")
    yield theme()
    theme().apply(application, "system")


def centre_colours(pixmap_source: object, size: int = 24) -> set[str]:
    image = pixmap_source.pixmap(QSize(size, size)).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("tokens", TABLE.values(), ids=TABLE.keys())
def test_the_stylesheet_is_filled_in_whole(tokens: object) -> None:
    sheet = stylesheet(tokens, 120, "Mono", lambda name, colour: f"/{name}-{colour}.svg")
    assert "@" not in sheet
    assert "font-size: 24px" in sheet
    assert set(re.findall(r'url\("/([a-z-]+)-#', sheet)) <= set(ICONS)
    assert sheet.count("{") == sheet.count("}")


def test_there_is_one_theme(application: QApplication) -> None:
    assert theme() is theme()


def test_palette_fonts_and_signal_follow(light: Theme, application: QApplication, qtbot: QtBot) -> None:
    window = application.palette().color(QPalette.ColorRole.Window)
    assert window == QColor(LIGHT.surface)
    with qtbot.waitSignal(light.changed):
        light.apply(application, "dark", 150)
    assert application.palette().color(QPalette.ColorRole.Window) == QColor(DARK.surface)
    assert light.dark
    assert [light.font(role).pixelSize() for role in ("caption", "interface", "reading", "title")] == [16, 20, 22, 30]
    assert light.px(32) == 48
    light.apply(application, "light", 100)
    assert light.font("code").family() != light.font("interface").family()


def test_the_system_is_followed_only_where_that_is_wanted(light: Theme, application: QApplication) -> None:
    application.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    try:
        assert not light.dark
        light.apply(application, "system")
        assert light.dark == (application.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    finally:
        application.styleHints().unsetColorScheme()


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn(light: Theme, name: str) -> None:
    assert not icon(name).isNull()
    image = icon(name).pixmap(QSize(24, 24)).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_an_unknown_icon_is_a_mistake(light: Theme) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_every_icon_that_is_asked_for_exists() -> None:
    asked: set[str] = set()
    for path in (Path(__file__).parents[3] / "app").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'(?:set_icon\([^,()]+, |IconLabel\(|[^_]icon\()"([a-z-]+)"', source))
    assert asked
    assert asked <= set(ICONS)


def test_icons_follow_the_theme(light: Theme, application: QApplication, qtbot: QtBot) -> None:
    button, action, label = QToolButton(), QAction(), IconLabel("stop", 24, "text")
    qtbot.addWidget(button)
    qtbot.addWidget(label)
    set_icon(button, "stop", "text")
    set_icon(action, "stop", "accent")
    assert centre_colours(button.icon()) == {LIGHT.text}
    light.apply(application, "dark")
    assert centre_colours(button.icon()) == {DARK.text}
    assert centre_colours(action.icon()) == {DARK.accent}
    assert label.pixmap().toImage().pixelColor(12, 12).name() == DARK.text
    set_icon(button, "stop", "bad")
    assert centre_colours(button.icon()) == {DARK.bad}


def test_roles_change_the_look(light: Theme, qtbot: QtBot) -> None:
    button = QPushButton("")
    qtbot.addWidget(button)
    button.resize(120, 32)
    plain = button.grab().toImage().pixelColor(60, 16).name()
    set_role(button, "primary")
    assert plain == LIGHT.raised
    assert button.grab().toImage().pixelColor(60, 16).name() == LIGHT.accent


def test_a_bare_spin_box_shows_its_number(light: Theme, qtbot: QtBot) -> None:
    box = QDoubleSpinBox()
    set_role(box, "bare")
    qtbot.addWidget(box)
    box.setFixedWidth(68)
    box.show()
    assert box.findChild(QLineEdit).width() > 40


def test_a_long_text_is_shortened_and_stays_whole_in_the_tooltip(light: Theme, qtbot: QtBot) -> None:
    label = ElidedLabel("a very long title " * 20)
    qtbot.addWidget(label)
    label.resize(100, 20)
    label.show()
    assert label.minimumSizeHint().width() < 100
    assert label.toolTip() == label.text()


def test_an_empty_pane_offers_one_action(light: Theme, qtbot: QtBot) -> None:
    pane = EmptyState("chat", "Nothing here", "Begin with a message.", "Begin")
    qtbot.addWidget(pane)
    pane.show()
    with qtbot.waitSignal(pane.acted):
        qtbot.mouseClick(pane.button, Qt.MouseButton.LeftButton)
    pane.set_texts("Loading", "One moment.")
    assert not pane.button.isVisible()

"""The stylesheet over Fusion, generated from the tokens. ``@name`` in the text below is a token, ``@px(13)`` a size that
grows with the text, ``@image(check, accent_text)`` the file of a tinted icon.

Looks that a widget is given by its property ``role`` (``theme.set_role``):
  buttons: primary, quiet, link, danger, rail
  labels: title, section, muted, caption, code, bad, good, warning
  frames: surface, background, raised, card, toast, line (with property vertical)
  fields: plain (no frame), field (a QTextEdit that looks like a field); check boxes: switch
  spin boxes: bare (no arrows; Qt loses the text of a styled box that is told NoButtons)
"""

import re
from collections.abc import Callable

from app.widgets.tokens import RADIUS_CARD, RADIUS_CONTROL, Tokens

ImageFile = Callable[[str, str], str]  # icon name, colour -> path of the file

_SHEET = """
* { selection-background-color: @selection; selection-color: @text; }
QMainWindow, QDialog { background: @surface; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QWidget[role="surface"] { background: @surface; }
QWidget[role="background"] { background: @background; }
QWidget[role="raised"] { background: @raised; }
QWidget[role="card"] { background: @raised; border: 1px solid @line; border-radius: @card; }
QFrame[role="toast"] { background: @raised; border: 1px solid @edge; border-radius: @card; }
QFrame[role="line"] { background: @line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[role="line"][vertical="true"] { max-height: 16777215px; min-height: 0; max-width: 1px; min-width: 1px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: @px(20); font-weight: 600; }
QLabel[role="section"] { font-size: @px(13); font-weight: 600; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="caption"] { font-size: @px(11); color: @muted; }
QLabel[role="code"] { font-family: "@code"; }
QLabel[role="bad"] { color: @bad; }
QLabel[role="good"] { color: @good; }
QLabel[role="warning"] { color: @warning; }
QLabel:disabled { color: @outline; }

QPushButton { background: @raised; color: @text; border: 1px solid @edge; border-radius: @control; padding: 0 12px;
    min-height: @px(30); }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @track; }
QPushButton:checked { background: @selection; border-color: @accent; }
QPushButton:focus { border: 2px solid @accent; padding: 0 11px; min-height: @px(28); }
QPushButton:disabled { color: @outline; border-color: @line; background: transparent; }
QPushButton[role="primary"] { background: @accent; color: @accent_text; border: 1px solid @accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: @accent_hover; border-color: @accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid @text; padding: 0 11px; }
QPushButton[role="primary"]:disabled { background: @track; border-color: @track; color: @muted; }
QPushButton[role="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[role="quiet"]:hover { background: @hover; }
QPushButton[role="quiet"]:checked { background: @selection; }
QPushButton[role="quiet"]:focus { border: 2px solid @accent; padding: 0 11px; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: @accent; font-weight: 600; }
QPushButton[role="link"]:hover { background: @hover; }
QPushButton[role="link"]:focus { border: 2px solid @accent; padding: 0 11px; }
QPushButton[role="danger"] { color: @bad; }
QPushButton[role="danger"]:focus { border: 2px solid @bad; padding: 0 11px; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; color: @text; border: 1px solid transparent; border-radius: @control; padding: 4px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @track; }
QToolButton:checked { background: @selection; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton:disabled { color: @outline; }
QToolButton::menu-indicator { image: none; }
QToolButton[role="rail"] { border-radius: @card; padding: 6px 0 4px 0; font-size: @px(11); color: @muted; }
QToolButton[role="rail"]:checked { color: @accent; background: @selection; font-weight: 600; }
QToolButton[role="rail"]:focus { border: 2px solid @accent; padding: 5px 0 3px 0; }

QLineEdit, QPlainTextEdit, QTextEdit[role="field"], QAbstractSpinBox, QComboBox {
    background: @raised; color: @text; border: 1px solid @edge; border-radius: @control; padding: 0 8px;
    min-height: @px(28); }
QPlainTextEdit, QTextEdit[role="field"] { padding: 6px 8px; }
QLineEdit:hover, QPlainTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @outline; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit[role="field"]:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid @accent; padding: 0 7px; min-height: @px(26); }
QPlainTextEdit:focus, QTextEdit[role="field"]:focus { padding: 5px 7px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: @outline; border-color: @line; background: transparent; }
QLineEdit[role="plain"], QPlainTextEdit[role="plain"], QTextEdit[role="plain"], QComboBox[role="plain"] {
    border: 0; background: transparent; padding: 0; }
QComboBox[role="plain"]:hover { background: @hover; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"] { border: 1px solid @bad; }
QTextEdit, QTextBrowser { background: transparent; border: 0; }
QTextEdit[role="field"] { background: @raised; }

QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox:focus { padding-right: 19px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 18px; background: transparent;
    subcontrol-origin: border; right: 2px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; top: 3px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; bottom: 3px; }
QAbstractSpinBox[role="bare"]::up-button, QAbstractSpinBox[role="bare"]::down-button { width: 0; right: 8px; }
QAbstractSpinBox[role="bare"]::up-arrow, QAbstractSpinBox[role="bare"]::down-arrow { image: none; width: 0; height: 0; }
QAbstractSpinBox::up-arrow { image: url("@image(chevron-up, muted)"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("@image(chevron-down, muted)"); width: 10px; height: 10px; }
QAbstractSpinBox::up-arrow:off { image: url("@image(chevron-up, outline)"); }
QAbstractSpinBox::down-arrow:off { image: url("@image(chevron-down, outline)"); }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::down-arrow:disabled { image: none; }

QComboBox { padding-right: 24px; combobox-popup: 0; }
QComboBox::drop-down { border: 0; width: 24px; subcontrol-origin: border; subcontrol-position: center right; }
QComboBox::down-arrow { image: url("@image(chevron-down, muted)"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @edge; padding: 4px; outline: 0; }
QComboBox QAbstractItemView::item { min-height: @px(26); padding: 0 6px; border-radius: 4px; }
QComboBox QAbstractItemView::item:hover { background: @hover; color: @text; }
QComboBox QAbstractItemView::item:selected { background: @selection; color: @text; }

QCheckBox, QRadioButton { spacing: 8px; color: @text; background: transparent; border: 1px solid transparent;
    border-radius: 4px; padding: 2px; }
QCheckBox:focus, QRadioButton:focus { border-color: @accent; }
QCheckBox:disabled, QRadioButton:disabled { color: @outline; }
QCheckBox::indicator, QRadioButton::indicator, QTreeView::indicator { width: 16px; height: 16px; border: 1px solid @outline;
    background: @raised; }
QCheckBox::indicator, QTreeView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QTreeView::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked { background: @accent; border-color: @accent;
    image: url("@image(check-bold, accent_text)"); }
QTreeView::indicator:indeterminate { background: @raised; border: 5px solid @accent; width: 8px; height: 8px; }
QRadioButton::indicator:checked { background: @raised; border: 5px solid @accent; width: 8px; height: 8px; }
QCheckBox::indicator:disabled, QTreeView::indicator:disabled { border-color: @edge; background: @track; }
QCheckBox[role="switch"]::indicator { width: 32px; height: 18px; border: 0; border-radius: 9px; background: transparent;
    image: url("@image(switch-off, outline)"); }
QCheckBox[role="switch"]::indicator:checked { background: transparent; image: url("@image(switch-on, accent)"); }
QCheckBox[role="switch"]::indicator:disabled { background: transparent; image: url("@image(switch-off, edge)"); }

QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @track; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accent; }
QSlider::sub-page:horizontal:disabled { background: @edge; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border: 1px solid @accent; border-radius: 7px;
    background: @raised; }
QSlider::handle:horizontal:hover { background: @selection; }
QSlider::handle:horizontal:focus { border: 3px solid @accent; width: 8px; height: 8px; }
QSlider::handle:horizontal:disabled { border-color: @edge; background: @track; }

QScrollBar:vertical { width: 12px; background: transparent; margin: 0; border: 0; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 0; border: 0; }
QScrollBar::handle { background: @edge; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @outline; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: 0; background: transparent; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget[scrolled="true"] { background: transparent; }

QTabWidget::pane { border: 0; border-top: 1px solid @line; top: -1px; }
QTabBar { background: transparent; border: 0; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: @muted; border: 0; border-bottom: 2px solid transparent;
    padding: 8px 4px 7px 4px; margin: 0 8px 0 8px; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; font-weight: 600; }
QTabBar::tab:focus { color: @accent; }

QAbstractItemView { background: transparent; border: 0; outline: 0; color: @text; }
QListView::item, QTreeView::item { padding: 5px 8px; border-radius: @control; color: @text; }
QListView::item:hover, QTreeView::item:hover { background: @hover; }
QListView::item:selected, QTreeView::item:selected { background: @selection; color: @text; }
QTableView { gridline-color: @line; }
QTableView::item { padding: 4px 8px; }
QTableView::item:selected { background: @selection; color: @text; }
QHeaderView::section { background: transparent; color: @muted; border: 0; border-bottom: 1px solid @line; padding: 4px 8px;
    font-size: @px(11); }

QMenuBar { background: @surface; color: @text; border: 0; border-bottom: 1px solid @line; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover; }
QMenu { background: @raised; color: @text; border: 1px solid @edge; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 8px; border-radius: 4px; margin: 0; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @outline; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::icon { margin-left: 6px; padding: 2px; border-radius: 4px; }
QMenu::icon:checked { background: @selection; border: 1px solid @accent; padding: 1px; }
QMenu::indicator { width: 14px; height: 14px; padding-left: 6px; }
QMenu::indicator:checked { image: url("@image(check, accent)"); }
QMenu::right-arrow { image: url("@image(chevron-right, muted)"); width: 12px; height: 12px; }

QProgressBar { background: @track; border: 0; border-radius: 3px; min-height: 6px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QToolTip { background: @raised; color: @text; border: 1px solid @edge; padding: 2px 4px; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover { background: @accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { background: @surface; color: @muted; }
QGroupBox { border: 0; margin-top: @px(24); font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; padding: 0; }
"""

_IMAGE = re.compile(r"@image\(([a-z-]+), ([a-z_]+)\)")
_SIZE = re.compile(r"@px\((\d+)\)")
_NAME = re.compile(r"@([a-z_]+)")


def stylesheet(tokens: Tokens, text_size: int, code_family: str, image_file: ImageFile) -> str:
    """The sheet for these colours; text_size in per cent of the sizes above."""
    named = {"card": f"{RADIUS_CARD}px", "control": f"{RADIUS_CONTROL}px", "code": code_family}
    sheet = _IMAGE.sub(lambda m: image_file(m[1], getattr(tokens, m[2])), _SHEET)
    sheet = _SIZE.sub(lambda m: f"{round(int(m[1]) * text_size / 100)}px", sheet)
    return _NAME.sub(lambda m: named.get(m[1]) or getattr(tokens, m[1]), sheet)

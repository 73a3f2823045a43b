"""The bias of a token as entries of a menu and as keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from app.sampling.biasing import BANNED, nudged
from app.widgets.formats import number
from app.widgets.plain import plain_action

_NUDGE = 1.0  # added to the logit by a key: nearly three times as likely


def add_biases(menu: QMenu, name: str, bias: float, put: Callable[[float], None]) -> None:
    """What can be done about a token that has this bias; put() takes the one that it is to have."""
    menu.addAction(
        plain_action(QCoreApplication.translate("BiasMenu", "Bias of “{0}”: {1}").format(name, number(bias, 1)))
    ).setEnabled(False)
    for text, key, wanted in (
        (QCoreApplication.translate("BiasMenu", "More likely"), "+", nudged(bias, _NUDGE)),
        (QCoreApplication.translate("BiasMenu", "Less likely"), "-", nudged(bias, -_NUDGE)),
        (QCoreApplication.translate("BiasMenu", "Ban it"), "B", BANNED),
        (QCoreApplication.translate("BiasMenu", "No bias"), "0", 0.0),
    ):
        action = menu.addAction(f"{text}\t{key}", partial(put, wanted))
        action.setEnabled(wanted != bias)


def typed_bias(text: str, bias: float) -> float | None:
    """The bias that a key asks for where there is this one; None for a key that means nothing."""
    up, down = nudged(bias, _NUDGE), nudged(bias, -_NUDGE)
    return {"+": up, "=": up, "-": down, "b": BANNED, "0": 0.0}.get(text.lower())


def bias_mark(bias: float) -> str:
    """What stands behind the name of a token that has one."""
    return "" if not bias else " ⊘" if bias <= BANNED else " +" if bias > 0 else " −"

"""What is no longer of what stands beside it: pale, and not to be acted on."""

from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

_SHARE = 0.45


def set_pale(widget: QWidget, on: bool) -> None:
    """Draw a widget pale and let nothing be done in it, or bring it back."""
    if on == (widget.graphicsEffect() is not None):
        return
    effect = QGraphicsOpacityEffect(widget) if on else None
    if effect is not None:
        effect.setOpacity(_SHARE)
    widget.setGraphicsEffect(effect)  # type: ignore[arg-type]
    widget.setEnabled(not on)

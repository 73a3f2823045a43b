"""The biases of single tokens in the chain of a panel: set from elsewhere, called by the tokens' texts."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.sampling.biasing import BANNED, biased_ids, with_bias
from app.sampling.panel import SamplingPanel
from app.widgets.formats import visible
from app.workers.token_names import TokenNames


class TokenBiases(QObject):
    """``banned`` with a token's text and the settings before, so that a ban can be said with the way back."""

    banned = Signal(str, object)  # text, GenerationSettings

    def __init__(self, panel: SamplingPanel, names: TokenNames, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel, self._names = panel, names
        names.named.connect(self._show_names)
        panel.changed.connect(lambda _: self.name_all())

    def put(self, id: int, bias: float, piece: bytes | None = None) -> None:
        """Another bias for a token, 0 for none. piece: its bytes, where they are known."""
        before = self._panel.settings()
        self._panel.apply(with_bias(before.sampling, id, bias))
        if bias <= BANNED:
            name = self._names.get(id) or piece
            self.banned.emit(f"#{id}" if name is None else visible(name), before)

    def name_all(self) -> None:
        """Tokens that have a bias are called by their text, as soon as a model can tell it."""
        names = {id: self._names.get(id) for id in biased_ids(self._panel.settings().sampling)}
        self._show_names({id: piece for id, piece in names.items() if piece is not None})
        self._names.ask([id for id, piece in names.items() if piece is None])

    def _show_names(self, names: Mapping[int, bytes]) -> None:
        biases = self._panel.card("logit_bias").biases
        if biases is not None:
            biases.set_names({id: visible(piece) for id, piece in names.items()})

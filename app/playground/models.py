"""What the page needs to know of the models of the program; the chat's link is one, a test may bring another."""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from engine.records import AdapterInfo, ModelInfo


class Choice(Protocol):
    """A model that can be picked."""

    @property
    def path(self) -> str: ...

    @property
    def adapters(self) -> tuple[AdapterInfo, ...]: ...


class Models(Protocol):
    """Which model is loaded, which can be; ``changed`` when any of it did."""

    @property
    def changed(self) -> SignalInstance: ...

    @property
    def choices(self) -> Sequence[Choice]: ...

    @property
    def adapted(self) -> Sequence[Choice]: ...  # the loaded model with adapters beside it

    @property
    def model(self) -> ModelInfo | None: ...

    @property
    def model_name(self) -> str: ...

    @property
    def loading(self) -> bool: ...

    @property
    def load_share(self) -> float | None: ...

    def title(self, choice: Any) -> str: ...

    def load(self, path: str) -> None: ...

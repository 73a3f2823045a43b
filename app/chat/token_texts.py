"""The tokens of the messages that were looked at last, fetched from storage when they are asked for."""

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from app.chat.token_text import TokenText
from app.storage.thread import StorageThread
from app.workers.deliver import deliver
from engine.records import TokenRecord

_KEPT = 48  # messages; a long reply holds some megabytes of records


class TokenTexts(QObject):
    """A small cache. What is being written is put in by put() and grows there."""

    loaded = Signal(int)  # message id: get() answers now

    def __init__(self, storage: StorageThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._texts: OrderedDict[int, TokenText] = OrderedDict()
        self._asked: set[int] = set()

    def get(self, message_id: int) -> TokenText | None:
        """The tokens if they are here; else they are asked for, and ``loaded`` follows. Empty for a message without records."""
        if (found := self._texts.get(message_id)) is not None:
            self._texts.move_to_end(message_id)
            return found
        if message_id not in self._asked:
            self._asked.add(message_id)
            future = self._storage.submit(lambda store: store.records(message_id))
            deliver(
                future,
                self,
                lambda records: self._arrived(message_id, records),
                lambda error: self._asked.discard(message_id),
            )
        return None

    def put(self, message_id: int, text: TokenText) -> None:
        self._texts[message_id] = text
        self._texts.move_to_end(message_id)
        while len(self._texts) > _KEPT:
            self._texts.popitem(last=False)

    def forget(self, message_id: int) -> None:
        self._texts.pop(message_id, None)

    def _arrived(self, message_id: int, records: list[TokenRecord]) -> None:
        self._asked.discard(message_id)
        if message_id not in self._texts:
            self.put(message_id, TokenText(records))
        self.loaded.emit(message_id)

"""LanguageModel over the in-house decoder."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from engine.decoder.cache import KeyValueCache
from engine.decoder.model import Decoder
from engine.errors import Cancelled
from engine.inference.fingerprint import fingerprint
from engine.inference.language_model import check_room
from engine.inference.machine import decode_threads
from engine.records import ModelInfo
from engine.tokenizer.vocabulary import Vocabulary

_CHUNK = 128
_ALL_ROWS_FLOATS = 8_000_000  # logits of at most 32 MB at a time


class DecoderModel:
    """A decoder, its vocabulary, and one sequence."""

    def __init__(
        self,
        path: Path,
        decoder: Decoder,
        vocabulary: Vocabulary,
        chat_template: str | None,
        context_length: int = 0,
        threads: int = 0,
    ) -> None:
        torch.set_num_threads(threads or decode_threads(4 * decoder.config.parameter_count))
        self.decoder = decoder.eval()
        self.vocabulary = vocabulary
        trained = decoder.config.context_length
        self.context_length = context_length or min(trained, 8192)
        self._cache = KeyValueCache(decoder.config, length=self.context_length)
        self._ids: list[int] = []
        self.info = ModelInfo(
            name=f"{path.parent.name}/{path.name}" if path.name.startswith("checkpoint-") else path.name,
            path=str(path),
            backend="decoder",
            architecture=decoder.config.architecture,
            parameters=decoder.config.parameter_count,
            quantisation="F32",
            vocabulary_size=decoder.config.vocabulary_size,
            vocabulary_hash=vocabulary.hash,
            context_length=self.context_length,
            trained_context_length=trained,
            size_bytes=4 * decoder.config.parameter_count,
            chat_template=chat_template,
            template_hash=hashlib.sha256(chat_template.encode()).hexdigest() if chat_template else "",
            file_hash=fingerprint(path),
        )

    @property
    def leaves_cores_free(self) -> bool:
        return False

    @property
    def ids(self) -> Sequence[int]:
        return self._ids

    def extend(
        self,
        ids: Sequence[int],
        rows: Literal["last", "all"] = "last",
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        check_room(self, len(ids))
        chunk = _CHUNK if rows == "last" else max(1, min(_CHUNK, _ALL_ROWS_FLOATS // self.info.vocabulary_size))
        for start in range(0, len(ids), chunk):
            if cancelled is not None and cancelled():
                raise Cancelled
            part = ids[start : start + chunk]
            last = start + chunk >= len(ids)
            with torch.inference_mode():
                hidden = self.decoder.hidden(torch.tensor([list(part)]), self._cache)[0]  # (T, C)
                wanted = hidden if rows == "all" else hidden[-1:] if last else hidden[:0]
                logits = self.decoder.lm_head(wanted).float().numpy()  # (n, V)
            self._ids.extend(part)
            yield logits

    def rewind(self, length: int) -> int:
        length = min(length, len(self._ids))
        self._cache.rewind(length)
        del self._ids[length:]
        return length

    def close(self) -> None:
        """Drop the weights and the cache."""
        del self.decoder, self._cache

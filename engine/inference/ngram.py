"""LanguageModel over an n-gram model: the same chat, scores and views, from counts alone."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.inference.language_model import check_room
from engine.ngram.folder import NgramConfig
from engine.ngram.model import NgramModel
from engine.records import ModelInfo
from engine.tokenizer.vocabulary import Vocabulary

_CHUNK = 64


class NgramLanguageModel:
    """Evaluating a token is to remember it; logits are ln p, and depend on the last order - 1 tokens."""

    def __init__(
        self, path: Path, model: NgramModel, vocabulary: Vocabulary, config: NgramConfig, context_length: int = 0
    ) -> None:
        self._model, self.vocabulary = model, vocabulary
        self.context_length = context_length or 8192
        self._ids: list[int] = []
        self.info = ModelInfo(
            name=path.name,
            path=str(path),
            backend="ngram",
            architecture=f"{config.order}-gram",
            parameters=model.ngram_count,
            quantisation="counts",
            vocabulary_size=config.vocabulary_size,
            vocabulary_hash=vocabulary.hash,
            context_length=self.context_length,
            trained_context_length=config.order - 1,
            size_bytes=sum(level.keys.nbytes + level.counts.nbytes for level in model.levels),
            chat_template=None,
            template_hash="",
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
        for start in range(0, len(ids), _CHUNK):
            if cancelled is not None and cancelled():
                raise Cancelled
            part = ids[start : start + _CHUNK]
            wanted = range(len(part)) if rows == "all" else range(len(part) - (start + _CHUNK >= len(ids)), len(part))
            before = len(self._ids)
            self._ids.extend(part)
            yield self._logits([before + place + 1 for place in wanted])

    def _logits(self, lengths: Sequence[int]) -> NDArray[np.float32]:
        """ln p (n, V) of the tokens after the first ``length`` ids, for each length."""
        logits = np.empty((len(lengths), self.info.vocabulary_size), dtype=np.float32)
        for row, length in zip(logits, lengths, strict=True):
            context = self._ids[max(0, length - self._model.order + 1) : length]
            row[:] = np.log(self._model.probabilities(context))
        return logits

    def rewind(self, length: int) -> int:
        del self._ids[length:]
        return len(self._ids)

    def close(self) -> None:
        """Drop the counts."""
        del self._model

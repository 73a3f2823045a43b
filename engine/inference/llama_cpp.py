"""LanguageModel over llama.cpp, by its low-level calls.

The high-level class of llama-cpp-python costs several milliseconds a token for log-probabilities and allocates context x
vocabulary floats; here one decode is one call, and a row of logits is looked at where llama.cpp left it.
"""

import ctypes
import hashlib
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import llama_cpp
import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled, UserError
from engine.inference.devices import devices
from engine.inference.fingerprint import fingerprint
from engine.inference.language_model import check_room
from engine.inference.llama_adapters import load_adapters, switch_adapters
from engine.inference.llama_parameters import context_parameters, model_parameters
from engine.inference.llama_vocabulary import LlamaVocabulary
from engine.inference.machine import decode_threads, physical_cores, prompt_batch
from engine.records import AdapterInfo, ModelInfo
from engine.records.loading import AUTO, LoadSettings
from engine.sampling.recommended import recommended_settings

_ALL_ROWS_FLOATS = 8_000_000  # logits of at most 32 MB at a time
_DEFAULT_CONTEXT = 8192
_DEBUG = 1  # GGML_LOG_LEVEL_DEBUG
_log: deque[str] = deque(maxlen=200)


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _keep_log(level: int, text: bytes, _user: object) -> None:
    if level != _DEBUG:  # hundreds of lines about graphs, behind which the reason of a failure would vanish
        _log.append(text.decode("utf-8", "replace"))


class LlamaCppModel:
    """A GGUF file and one sequence in it. exact: F32 cache and no flash attention, for comparing numbers.

    adapters: LoRA files that stand beside the weights, all of them on at first. settings: how it is loaded; other arguments win.
    """

    def __init__(
        self,
        path: Path,
        context_length: int = 0,
        threads: int = 0,
        gpu_layers: int = -1,
        exact: bool = False,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        adapters: Sequence[Path] = (),
        settings: LoadSettings = AUTO,
    ) -> None:
        settings = LoadSettings(context_length, threads, gpu_layers).over(settings)
        self._cancelled: Callable[[], bool] | None = None
        self.context: Any = None
        self._batch: Any = None
        self._model = _load(path, settings, progress, cancelled)
        try:
            self._refuse_other_kinds(path)
            architecture = _metadata(self._model).get("general.architecture", "")
            self._adapters = load_adapters(self._model, architecture, adapters)
            trained = int(llama_cpp.llama_model_n_ctx_train(self._model))
            settings = self._without_auto(settings, trained)
            self._chunk = settings.batch
            self.context = self._make_context(settings, exact)
            self.context_length = int(llama_cpp.llama_n_ctx(self.context))
            # With a context shorter than a chunk llama.cpp takes fewer at a time, and ends the process at more.
            self._chunk = min(self._chunk, int(llama_cpp.llama_n_batch(self.context)))
            self._memory = llama_cpp.llama_get_memory(self.context)
            self._batch = llama_cpp.llama_batch_init(self._chunk, 0, 1)
            for place in range(self._chunk):
                self._batch.n_seq_id[place] = 1
                self._batch.seq_id[place][0] = 0
            self.vocabulary = LlamaVocabulary(self._model)
            self.info = self._info(path, trained, settings)
            beside = tuple(AdapterInfo(file.stem, str(file), file_hash=fingerprint(file)) for file in adapters)
            self.info = msgspec.structs.replace(self.info, adapters=beside)
        except BaseException:
            self.close()
            raise
        self._ids: list[int] = []
        self._views: dict[int, NDArray[np.float32]] = {}
        self._abort = llama_cpp.ggml_abort_callback(self._should_abort)
        self.switch_adapters([1.0] * len(adapters))

    @property
    def leaves_cores_free(self) -> bool:
        return 2 * int(llama_cpp.llama_n_threads(self.context)) <= physical_cores()

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
        if len(ids) == 1:
            yield self._decode_one(ids[0])
            return
        chunk = self._chunk if rows == "last" else max(1, min(self._chunk, _ALL_ROWS_FLOATS // self.vocabulary.size))
        for start in range(0, len(ids), chunk):
            part = ids[start : start + chunk]
            wanted = len(part) if rows == "all" else int(start + chunk >= len(ids))
            yield self._decode_many(part, wanted, cancelled)

    def rewind(self, length: int) -> int:
        length = min(length, len(self._ids))
        if length == len(self._ids):
            return length
        return self._forget(length)

    def switch_adapters(self, scales: Sequence[float]) -> None:
        """A scale for each adapter that was loaded, 0 is off. What is evaluated is forgotten: it would be other now."""
        switch_adapters(self.context, self._adapters, scales)
        switched = [msgspec.structs.replace(a, scale=s) for a, s in zip(self.info.adapters, scales, strict=True)]
        self.info = msgspec.structs.replace(self.info, adapters=tuple(switched))
        llama_cpp.llama_memory_clear(self._memory, True)
        self._ids.clear()

    def close(self) -> None:
        """Free context and weights; a second call does nothing."""
        if self._batch is not None:
            llama_cpp.llama_batch_free(self._batch)
            self._batch = None
        if self.context is not None:
            llama_cpp.llama_free(self.context)
            self.context = None
        if self._model is not None:
            llama_cpp.llama_model_free(self._model)
            self._model = None

    def _refuse_other_kinds(self, path: Path) -> None:
        """Models that do not predict the next token (embeddings, translation), or came without a tokenizer."""
        vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        if llama_cpp.llama_vocab_type(vocabulary) == llama_cpp.LLAMA_VOCAB_TYPE_NONE:
            raise UserError("tokenizer-missing", f"{path.name} came without a tokenizer.", "Choose another file.")
        if llama_cpp.llama_model_has_encoder(self._model) or not llama_cpp.llama_model_has_decoder(self._model):
            raise _other_kind(path.name)

    def _without_auto(self, settings: LoadSettings, trained: int) -> LoadSettings:
        """Sensible values for what nobody chose."""
        layers = int(llama_cpp.llama_model_n_layer(self._model)) + 1  # the last gives the logits
        on_gpu = min(layers if settings.gpu_layers < 0 else settings.gpu_layers, layers) if gpu_offload() else 0
        sensible = LoadSettings(
            context_length=min(trained, _DEFAULT_CONTEXT),
            threads=decode_threads(int(llama_cpp.llama_model_size(self._model))),
            gpu_layers=on_gpu,
            batch=prompt_batch(int(llama_cpp.llama_model_n_params(self._model)), on_gpu > 0),
        )
        return msgspec.structs.replace(settings.over(sensible), gpu_layers=on_gpu)

    def _make_context(self, settings: LoadSettings, exact: bool) -> Any:
        context = llama_cpp.llama_init_from_model(self._model, context_parameters(settings, self._chunk, exact))
        if not context and "does not divide" in log_tail():  # by blocks of 32 numbers
            raise UserError(
                "cache-type",
                f"The key-value cache of this model cannot be of type {settings.cache_type}.",
                "Choose f16 for the cache.",
                log_tail(),
            )
        if not context:
            raise UserError(
                "model-context",
                f"There is no room for a context of {settings.context_length:,} tokens.",
                "Choose a shorter context, or a smaller model.",
                log_tail(),
            )
        return context

    def _decode_one(self, id: int) -> NDArray[np.float32]:
        batch = self._batch
        batch.n_tokens = 1
        batch.token[0] = id
        batch.pos[0] = len(self._ids)
        batch.logits[0] = 1
        self._decode()
        self._ids.append(id)
        return self._rows(0, 1)

    def _decode_many(
        self, ids: Sequence[int], wanted: int, cancelled: Callable[[], bool] | None
    ) -> NDArray[np.float32]:
        """Evaluate ids, asking for the logits of the last ``wanted`` of them."""
        if cancelled is not None and cancelled():
            raise Cancelled
        batch, start = self._batch, len(self._ids)
        batch.n_tokens = len(ids)
        for place, id in enumerate(ids):
            batch.token[place] = id
            batch.pos[place] = start + place
            batch.logits[place] = int(place >= len(ids) - wanted)
        # The abort callback runs between the nodes of the graph: cheap beside a batch, dear beside a single token.
        self._cancelled = cancelled
        llama_cpp.llama_set_abort_callback(self.context, self._abort, None)
        try:
            self._decode()
        finally:
            llama_cpp.llama_set_abort_callback(self.context, llama_cpp.ggml_abort_callback(0), None)
            self._cancelled = None
        self._ids.extend(ids)
        return self._rows(len(ids) - wanted, wanted)

    def _decode(self) -> None:
        status = llama_cpp.llama_decode(self.context, self._batch)
        if status == 0:
            return
        self._forget(len(self._ids))
        if status == 2:
            raise Cancelled
        raise UserError(
            "model-decode",
            "The model could not evaluate the text.",
            "Load the model again.",
            f"llama_decode gave {status}\n{log_tail()}",
        )

    def _forget(self, length: int) -> int:
        """Take all but the first ``length`` tokens out of the cache; returns the length reached."""
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, length, -1):
            # Recurrent memory cannot go back to any place: start anew.
            llama_cpp.llama_memory_clear(self._memory, True)
            length = 0
        del self._ids[length:]
        return length

    def _rows(self, first: int, count: int) -> NDArray[np.float32]:
        size = self.vocabulary.size
        if count == 0:
            return np.empty((0, size), dtype=np.float32)
        pointer = llama_cpp.llama_get_logits_ith(self.context, first)
        if not pointer:
            raise _other_kind(self.info.name)
        address = ctypes.addressof(pointer.contents)
        if count > 1:
            return _view(address, count, size)
        view = self._views.get(address)
        if view is None:
            view = self._views[address] = _view(address, 1, size)
        return view

    def _should_abort(self, _user: object) -> bool:
        return self._cancelled is not None and self._cancelled()

    def _info(self, path: Path, trained: int, settings: LoadSettings) -> ModelInfo:
        metadata = _metadata(self._model)
        template = metadata.get("tokenizer.chat_template")
        return ModelInfo(
            name=metadata.get("general.name") or path.stem,
            path=str(path),
            backend="llama_cpp",
            architecture=metadata.get("general.architecture", ""),
            parameters=int(llama_cpp.llama_model_n_params(self._model)),
            quantisation=_text(lambda buffer: llama_cpp.llama_model_desc(self._model, buffer, len(buffer))).split(" ")[
                -1
            ],
            vocabulary_size=self.vocabulary.size,
            vocabulary_hash=self.vocabulary.hash,
            context_length=self.context_length,
            trained_context_length=trained,
            size_bytes=int(llama_cpp.llama_model_size(self._model)),
            chat_template=template,
            template_hash=hashlib.sha256(template.encode()).hexdigest() if template else "",
            devices=_devices(settings.gpu_layers),
            metadata={key: value for key, value in metadata.items() if len(value) < 2000},
            recommended=recommended_settings(metadata),
            file_hash=fingerprint(path),
            layers=int(llama_cpp.llama_model_n_layer(self._model)) + 1,
            settings=settings,
        )


def open_vocabulary(path: Path) -> tuple[LlamaVocabulary, dict[str, str]]:
    """The vocabulary and the metadata of a GGUF file, without its weights; llama.cpp knows every kind of tokenizer."""
    model = _load(path, LoadSettings(gpu_layers=0), None, None, vocabulary_only=True)
    vocabulary = LlamaVocabulary(model)
    weakref.finalize(vocabulary, llama_cpp.llama_model_free, model)
    return vocabulary, _metadata(model)


def _load(
    path: Path,
    settings: LoadSettings,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
    vocabulary_only: bool = False,
) -> Any:
    """The model in memory; raises UserError with llama.cpp's own words where that fails."""
    llama_cpp.llama_log_set(_keep_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    _log.clear()
    params = model_parameters(settings)
    params.vocab_only = vocabulary_only

    def on_progress(done: float, _user: object) -> bool:
        if progress is not None:
            progress(done)
        return not (cancelled is not None and cancelled())

    callback = llama_cpp.llama_progress_callback(on_progress)
    params.progress_callback = callback
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
    if model:
        return model
    if cancelled is not None and cancelled():
        raise Cancelled
    raise UserError(
        "model-load",
        f"{path.name} could not be loaded.",
        "The file may be damaged, or of a kind that is not known yet.",
        log_tail(),
    )


def _metadata(model: Any) -> dict[str, str]:
    def read(call: Callable[..., int], place: int) -> str:
        return _text(lambda buffer: call(model, place, buffer, len(buffer)))

    return {
        read(llama_cpp.llama_model_meta_key_by_index, place): read(llama_cpp.llama_model_meta_val_str_by_index, place)
        for place in range(llama_cpp.llama_model_meta_count(model))
    }


def _other_kind(name: str) -> UserError:
    return UserError(
        "model-kind",
        f"{name} is not a model that continues a text.",
        "Choose a chat or text model; embedding and translation models do something else.",
    )


def _devices(gpu_layers: int) -> str:
    """Where the model computes: the processor, and the graphics card that some of its layers lie on."""
    cards = [device.description for device in devices() if device.kind in ("gpu", "integrated")]
    return cards[0] if gpu_layers and cards else "CPU"


def gpu_offload() -> bool:
    """Whether this build of llama.cpp can put layers on a graphics card."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def log_tail() -> str:
    """The last of what llama.cpp had to say."""
    return "".join(_log)[-4000:]


def _view(address: int, count: int, size: int) -> NDArray[np.float32]:
    memory = memoryview((ctypes.c_float * (count * size)).from_address(address)).cast("B")
    return np.frombuffer(memory, dtype=np.float32).reshape(count, size)


def _text(read: Callable[[Any], int], room: int = 4096) -> str:
    """What a llama.cpp call writes into a buffer, however long."""
    buffer = ctypes.create_string_buffer(room)
    size = read(buffer)
    if size >= room:
        buffer = ctypes.create_string_buffer(size + 1)
        read(buffer)
    return buffer.value.decode("utf-8", "replace") if size > 0 else ""

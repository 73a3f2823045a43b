"""Model files that are broken or hostile: a clear sentence within seconds, or a worker that dies alone."""

import random
import struct
import time
from pathlib import Path

import gguf
import pytest
from pytestqt.qtbot import QtBot

from app.workers.inference import InferenceWorker
from engine.records import GenerationSettings, Message
from engine.worker.protocol import Done, Failed
from tests.e2e.conftest import ENDLESS
from tests.helpers.small_models import small_llama_gguf

SHORT = GenerationSettings(sampling=ENDLESS.sampling, max_tokens=2)
HELLO = (Message("user", "Hello"),)


@pytest.fixture
def worker(qtbot: QtBot):
    started = InferenceWorker()
    yield started
    started.shutdown()


def end_of(qtbot: QtBot, worker: InferenceWorker, ask) -> Done | Failed:
    """What a job ended in; ask() starts it."""
    ended: list[Done | Failed] = []
    worker.done.connect(ended.append)
    worker.failed.connect(ended.append)
    job = ask()
    qtbot.waitUntil(lambda: any(event.job == job for event in ended), timeout=15_000)
    worker.done.disconnect(ended.append)
    worker.failed.disconnect(ended.append)
    (event,) = [event for event in ended if event.job == job]
    return event


def test_two_hundred_damaged_files(qtbot: QtBot, worker: InferenceWorker, tmp_path: Path) -> None:
    """One byte changed anywhere, mostly in the header: loaded, refused with a sentence, or a crash that is told."""
    good = small_llama_gguf(tmp_path / "good.gguf", context_length=128)
    data = good.read_bytes()
    draw = random.Random(7)
    header = gguf.GGUFReader(good).data_offset
    path = tmp_path / "flipped.gguf"
    kinds = {"loaded": 0, "refused": 0, "crashed": 0}
    for _ in range(200):
        place = draw.randrange(header if draw.random() < 0.9 else len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :])
        start = time.monotonic()
        event = end_of(qtbot, worker, lambda: worker.load(str(path), 64, 1))
        if isinstance(event, Done):
            kinds["loaded"] += 1
            event = end_of(qtbot, worker, lambda: worker.generate(HELLO, SHORT))
        if isinstance(event, Failed):
            assert event.code != "internal", (place, event.detail)
            assert event.text.endswith("."), event
            kinds["crashed" if event.code == "crashed" else "refused"] += 1
        assert time.monotonic() - start < 10
    assert kinds["refused"] > 5 and kinds["loaded"] > 5, kinds
    assert isinstance(end_of(qtbot, worker, lambda: worker.load(str(good), 64, 1)), Done)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.999])
def test_a_file_that_was_cut_off(qtbot: QtBot, worker: InferenceWorker, tmp_path: Path, share: float) -> None:
    path = small_llama_gguf(tmp_path / "cut.gguf", context_length=128)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    event = end_of(qtbot, worker, lambda: worker.load(str(path), 64, 1))
    assert isinstance(event, Failed) and event.code == "model-broken" and event.hint


def test_a_list_longer_than_the_world(qtbot: QtBot, worker: InferenceWorker, tmp_path: Path) -> None:
    path = tmp_path / "long.gguf"
    key = b"tokenizer.ggml.tokens"
    path.write_bytes(
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, len(key)) + key + struct.pack("<IIQ", 9, 8, 1 << 63) + b"\0" * 64
    )
    start = time.monotonic()
    event = end_of(qtbot, worker, lambda: worker.load(str(path)))
    assert isinstance(event, Failed) and event.code == "model-broken"
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "template-endless"),
        ("{{ 'a' * 10**9999999 }}", "template-security"),
        ("{{ messages.__class__.__mro__[1].__subclasses__() }}", "template-security"),
    ],
)
def test_a_hostile_template_is_stopped(
    qtbot: QtBot, worker: InferenceWorker, tmp_path: Path, model_path: Path, template: str, code: str
) -> None:
    path = tmp_path / "hostile.gguf"
    _with_template(model_path, path, template)
    assert isinstance(end_of(qtbot, worker, lambda: worker.load(str(path), 256, 1)), Done)
    start = time.monotonic()
    event = end_of(qtbot, worker, lambda: worker.generate(HELLO, SHORT))
    assert time.monotonic() - start < 8
    assert isinstance(event, Failed) and event.code == code, event
    # The model itself is as good as before.
    assert isinstance(end_of(qtbot, worker, lambda: worker.complete("Once", SHORT)), Done)


def _with_template(source: Path, target: Path, template: str) -> None:
    """A copy of a GGUF file with another chat template."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "tokenizer.chat_template"):
            continue
        kind = field.types[0]
        sub_kind = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=sub_kind)
    writer.add_chat_template(template)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

"""Headers of safetensors files, whole, broken and hostile."""

import json
import random
import time

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import UserError
from engine.header.safetensors import read_safetensors_header


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("safetensors") / "good.safetensors"
    tensors = {
        "a.weight": torch.arange(12.0).reshape(3, 4),
        "b.bias": torch.ones(5, dtype=torch.bfloat16),
        "empty": torch.zeros(0, 7),
    }
    save_file(tensors, path, metadata={"format": "pt"})
    return path


def test_a_whole_file_is_read(good):
    header = read_safetensors_header(good)
    assert header.format == "safetensors"
    assert header.metadata == {"format": "pt"}
    tensors = {tensor.name: tensor for tensor in header.tensors}
    assert tensors["a.weight"].shape == (3, 4)
    assert tensors["b.bias"].type == "BF16"
    assert tensors["b.bias"].size_bytes == 10
    place = tensors["a.weight"].offset
    data = torch.frombuffer(bytearray(good.read_bytes()[place : place + 48]), dtype=torch.float32)
    assert torch.equal(data, torch.arange(12.0))


def refused(path, data):
    path.write_bytes(data)
    start = time.perf_counter()
    with pytest.raises(UserError) as caught:
        read_safetensors_header(path)
    assert time.perf_counter() - start < 5
    assert caught.value.hint
    return caught.value.text


def made(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def tensor(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 100])
def test_a_file_that_is_cut_off_is_refused(good, tmp_path, size):
    assert "empty" in refused(tmp_path / "cut", good.read_bytes()[:size]) or size > 0


def test_missing_and_surplus_data_is_noticed(good, tmp_path):
    assert "too early" in refused(tmp_path / "short", good.read_bytes()[:-1])
    assert "more in it" in refused(tmp_path / "long", good.read_bytes() + b"x")


def test_a_header_over_100_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "large"
    path.write_bytes((100_000_001).to_bytes(8, "little"))
    with path.open("r+b") as file:
        file.truncate(300_000_000)
    with pytest.raises(UserError) as caught:
        read_safetensors_header(path)
    assert "100000001" in caught.value.text
    assert "damaged" in refused(tmp_path / "huge", b"\xff" * 64)


@pytest.mark.parametrize(
    ("header", "data", "word"),
    [
        ({"a": tensor([2], 0, 8), "b": tensor([2], 4, 12)}, b"x" * 12, "overlaps"),
        ({"a": tensor([2], 0, 8), "b": tensor([2], 0, 8)}, b"x" * 8, "overlaps"),
        ({"a": tensor([2], 0, 8), "b": tensor([2], 12, 20)}, b"x" * 20, "gap"),
        ({"a": tensor([3], 0, 8)}, b"x" * 8, "fit its shape"),
        ({"a": tensor([2], 8, 0)}, b"x" * 8, "fit its shape"),
        ({"a": tensor([-2], 0, 8)}, b"x" * 8, "impossible"),
        ({"a": tensor([2**32, 2**32], 0, 0)}, b"", "impossibly large"),
        ({"a": tensor([2**62] * 32, 0, 0)}, b"", "impossibly large"),
        ({"a": tensor([1] * 33, 0, 4)}, b"x" * 4, "impossible"),
        ({"a": tensor([2], 0, 8, "Q9")}, b"x" * 8, "unknown type"),
        ({"a": tensor(["2"], 0, 8)}, b"x" * 8, "header"),
        ({"a": {"dtype": "F32", "shape": [2]}}, b"x" * 8, "header"),
        ({"a": 3}, b"", "header"),
        ([1, 2], b"", "header"),
        ({"__metadata__": {"format": 3}}, b"", "header"),
        ({"__metadata__": []}, b"", "header"),
        (b"{", b"", "header"),
        (b"\xff\xfe", b"", "header"),
        (b"[" * 100_000, b"", "header"),
        (b'{"a": ' * 100_000, b"", "header"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path, header, data, word):
    assert word in refused(tmp_path / "hostile", made(header, data))


def test_a_hostile_name_does_not_flood_the_message(tmp_path):
    assert len(refused(tmp_path / "hostile", made({"x" * 50_000: tensor([3], 0, 8)}, b"x" * 8))) < 300


def test_500_flipped_bytes_never_do_more_than_raise(good, tmp_path):
    original, path, chance = good.read_bytes(), tmp_path / "flipped", random.Random(21)
    refusals = 0
    for _ in range(500):
        data = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data) - 58)] = chance.randrange(256)
        path.write_bytes(data)
        try:
            read_safetensors_header(path)
        except UserError as error:
            refusals += 1
            assert error.text and error.hint
    assert refusals > 100

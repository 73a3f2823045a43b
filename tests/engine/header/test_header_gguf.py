"""Headers of broken and hostile files: a clear error, at once."""

import random
import struct
import time

import pytest

from engine.errors import UserError
from engine.header import gguf
from engine.header.gguf import ArrayLength, read_gguf_header
from tests.helpers.gguf_bytes import with_number
from tests.helpers.small_models import small_decoder, small_llama_gguf, small_vocabulary


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("gguf") / "good.gguf")


def test_a_whole_file_is_read(good):
    header = read_gguf_header(good)
    assert header.metadata["general.architecture"] == "llama"
    assert header.metadata["llama.block_count"] == 2
    assert header.metadata["tokenizer.ggml.tokens"] == small_vocabulary().size
    assert isinstance(header.metadata["tokenizer.ggml.tokens"], ArrayLength)
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    assert shapes["token_embd.weight"] == (small_vocabulary().size, 64)
    assert sum(tensor.size_bytes for tensor in header.tensors) < header.size_bytes


def refused(path, data):
    path.write_bytes(data)
    start = time.perf_counter()
    with pytest.raises(UserError) as caught:
        read_gguf_header(path)
    assert time.perf_counter() - start < 5
    return caught.value


@pytest.mark.parametrize("size", [0, 3, 4, 8, 23, 24, 100, 5000])
def test_a_file_that_is_cut_off_is_refused(good, tmp_path, size):
    refused(tmp_path / "cut.gguf", good.read_bytes()[:size])


def test_missing_tensor_data_is_noticed(good, tmp_path):
    assert "beyond the end" in refused(tmp_path / "short.gguf", good.read_bytes()[:-1000]).text


@pytest.mark.parametrize("data", [b"\0" * 4096, b"PK\x03\x04" + b"x" * 500, b"GGUF" + struct.pack("<IQQ", 9, 1, 1)])
def test_what_is_no_gguf_is_refused(tmp_path, data):
    refused(tmp_path / "other.gguf", data)


def test_an_endless_array_is_refused(tmp_path):
    key = b"x"
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + key + struct.pack("<IIQ", 9, 8, 1 << 63)
    refused(tmp_path / "endless.gguf", data)


@pytest.mark.parametrize("blocks", [0, 513, 1 << 31])
def test_absurd_numbers_of_layers_are_refused(good, tmp_path, blocks):
    data = bytearray(good.read_bytes())
    at = data.index(b"llama.block_count") + len(b"llama.block_count") + 4
    data[at : at + 4] = struct.pack("<I", blocks)
    assert "layers" in refused(tmp_path / "blocks.gguf", bytes(data)).text


def test_500_flipped_bytes_never_do_more_than_raise(good, tmp_path):
    original, path, chance = good.read_bytes(), tmp_path / "flipped.gguf", random.Random(20)
    start = time.perf_counter()
    for _ in range(500):
        data = bytearray(original)
        data[chance.randrange(6000)] = chance.randrange(256)
        path.write_bytes(data)
        try:
            read_gguf_header(path)
        except UserError as error:
            assert error.text and error.hint
    assert time.perf_counter() - start < 60


def test_a_header_without_an_end_in_sight_is_given_up(tmp_path, monkeypatch):
    """Thirty million empty strings are no lie, and would take the better part of a minute."""
    path, key = tmp_path / "slow.gguf", b"x"
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + key + struct.pack("<IIQ", 9, 8, 30_000_000)
    with path.open("wb") as file:
        file.write(data)
        file.truncate(len(data) + 8 * 30_000_000)
    monkeypatch.setattr(gguf, "_MAX_SECONDS", 0.3)
    start = time.perf_counter()
    with pytest.raises(UserError, match="takes too long"):
        read_gguf_header(path)
    assert time.perf_counter() - start < 5


def test_a_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(UserError):
        read_gguf_header(tmp_path / "none.gguf")


def test_offsets_are_places_in_the_file(good):
    tensors = {tensor.name: tensor for tensor in read_gguf_header(good).tensors}
    place = tensors["output_norm.weight"]
    data = good.read_bytes()[place.offset : place.offset + place.size_bytes]
    assert data == small_decoder().norm.weight.detach().numpy().tobytes()


@pytest.mark.parametrize(
    ("key", "value"), [("llama.context_length", 0), ("llama.context_length", 1 << 31), ("llama.embedding_length", 0)]
)
def test_absurd_numbers_are_refused(good, tmp_path, key, value):
    assert "length is" in refused(tmp_path / "absurd.gguf", with_number(good.read_bytes(), key, value)).text


def test_numbers_of_another_type_are_refused(good, tmp_path):
    data = with_number(good.read_bytes(), "llama.block_count", 1, type_number=6)  # a float
    assert "layers" in refused(tmp_path / "float.gguf", data).text
    data = with_number(good.read_bytes(), "llama.block_count", 0, type_number=77)
    assert "unknown type" in refused(tmp_path / "type.gguf", data).text


def test_a_token_that_stands_in_the_vocabulary_twice_is_refused(good, tmp_path):
    data = good.read_bytes().replace(b"\x05\0\0\0\0\0\0\0<unk>", b"\x05\0\0\0\0\0\0\0<pad>")
    assert "twice" in refused(tmp_path / "twice.gguf", data).text


@pytest.mark.parametrize("extents", [(1 << 63, 4), (1 << 40, 1 << 40), (0, 4), ((1 << 64) - 1,)])
def test_impossible_dimensions_are_refused(tmp_path, extents):
    key = b"general.architecture"
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + struct.pack("<Q", len(key)) + key
    data += struct.pack("<IQ", 8, 5) + b"llama"
    data += struct.pack("<Q", 1) + b"x" + struct.pack("<I", len(extents)) + struct.pack(f"<{len(extents)}Q", *extents)
    data += struct.pack("<IQ", 0, 0) + bytes(64)
    assert "would have" in refused(tmp_path / "wide.gguf", data).text


def test_lists_within_lists_end(tmp_path):
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"x" + struct.pack("<I", 9)
    data += struct.pack("<IQ", 9, 1) * 5000
    refused(tmp_path / "deep.gguf", data)
    wide = struct.pack("<IQ", 9, 1 << 25)
    refused(tmp_path / "wide.gguf", data[:-60000] + wide)


def test_a_hostile_name_does_not_flood_the_message(tmp_path):
    key = b"k" * 60_000
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", len(key)) + key + struct.pack("<I", 99)
    assert len(refused(tmp_path / "long.gguf", data).text) < 300

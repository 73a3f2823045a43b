"""Metadata of any type in the place of any other: a sentence or a number, never anything else."""

import struct
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.library.card import read_card
from engine.library.opening import prospect
from engine.library.quantised import resized
from engine.library.summary import summarise
from engine.records.loading import LoadSettings, MachineMemory

KEYS = (
    "general.architecture",
    "general.name",
    "general.type",
    "general.license",
    "general.alignment",
    "general.source.url",
    "split.count",
    "llama.block_count",
    "llama.context_length",
    "llama.embedding_length",
    "llama.feed_forward_length",
    "llama.attention.head_count",
    "llama.attention.head_count_kv",
    "llama.attention.key_length",
    "llama.attention.sliding_window",
    "llama.expert_count",
    "llama.expert_used_count",
    "tokenizer.ggml.model",
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.merges",
    "tokenizer.chat_template",
)
MEMORY = MachineMemory(10**9, 2 * 10**9)
KINDS = {"u8": (0, "<B"), "u32": (4, "<I"), "i32": (5, "<i"), "f32": (6, "<f"), "bool": (7, "<?"), "u64": (10, "<Q")}


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def scalar(kind: str, value: object) -> bytes:
    number, layout = KINDS[kind]
    return struct.pack("<I", number) + struct.pack(layout, value)


def array(kind: str, values: list[object]) -> bytes:
    if kind == "text":
        return struct.pack("<IIQ", 9, 8, len(values)) + b"".join(text(str(value)) for value in values)
    number, layout = KINDS[kind]
    return struct.pack("<IIQ", 9, number, len(values)) + b"".join(struct.pack(layout, value) for value in values)


numbers = st.sampled_from([0, 1, 2, 4, 8, 31, 64, 512, 4096, 2**31 - 1])
values = st.one_of(
    st.builds(scalar, st.sampled_from(["u32", "i32", "u64", "f32"]), numbers),
    st.builds(scalar, st.just("i32"), st.integers(-5, -1)),
    st.builds(scalar, st.just("u64"), st.sampled_from([2**63, 2**64 - 1])),
    st.builds(scalar, st.just("f32"), st.sampled_from([float("nan"), float("inf"), -1.5])),
    st.builds(scalar, st.just("bool"), st.booleans()),
    st.sampled_from(["llama", "", "clip", "adapter", "\0", "a" * 300]).map(
        lambda one: struct.pack("<I", 8) + text(one)
    ),
    st.builds(array, st.sampled_from(["u32", "f32", "text"]), st.lists(st.integers(0, 9), max_size=4)),
)


@example(metadata={"tokenizer.ggml.tokens": scalar("f32", 1.5)}, named=True, wide=True)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(metadata=st.dictionaries(st.sampled_from(KEYS), values, max_size=12), named=st.booleans(), wide=st.booleans())
def test_wrong_types_never_do_more_than_raise(tmp_path, metadata, named, wide):
    """Every reader of a header: the list, the card, the estimate before a load, that of another quantisation on the Hub."""
    if named:
        metadata["general.architecture"] = struct.pack("<I", 8) + text("llama")
    tensor = (
        text("token_embd.weight") + struct.pack("<IQQIQ", 2, 8, 4, 0, 0)
        if wide
        else text("x") + struct.pack("<IQIQ", 1, 32, 0, 0)
    )
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, len(metadata))
    data += b"".join(text(key) + value for key, value in metadata.items()) + tensor
    path = tmp_path / "odd.gguf"
    path.write_bytes(data + bytes(-len(data) % 32) + bytes(256))
    said = summarise(path)
    assert isinstance(said.context_length, int) and said.context_length >= 0
    for ask in (
        lambda: read_card(tmp_path, path),
        lambda: prospect(path, LoadSettings(), MEMORY),
        lambda: prospect(path, memory=MEMORY, header=resized(read_gguf_header(path), 1000, "Q4_K_M")),
    ):
        with suppress(UserError):
            ask()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("llama.attention.head_count", scalar("f32", 4.0)),
        ("llama.attention.head_count", struct.pack("<I", 8) + text("four")),
        ("llama.block_count", struct.pack("<I", 8) + text("two")),
    ],
)
def test_a_shape_of_a_wrong_type_is_told(tmp_path, key, value):
    metadata = {"general.architecture": struct.pack("<I", 8) + text("llama"), "llama.block_count": scalar("u32", 2)}
    metadata[key] = value
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, len(metadata))
    data += b"".join(text(name) + one for name, one in metadata.items())
    data += text("token_embd.weight") + struct.pack("<IQQIQ", 2, 8, 4, 0, 0)
    path = tmp_path / "odd.gguf"
    path.write_bytes(data + bytes(-len(data) % 32) + bytes(256))
    with pytest.raises(UserError) as caught:
        prospect(path, LoadSettings(), MEMORY)
    assert caught.value.text.endswith(".") and caught.value.hint

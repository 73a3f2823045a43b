"""What "auto" comes to, by hand."""

import pytest

from engine.library.memory import estimate_memory
from engine.library.plan import plan_load
from engine.records import ModelHeader, TensorInfo
from engine.records.loading import AUTO, Device, LoadSettings, MachineMemory

MB = 10**6
METADATA = {
    "general.architecture": "llama",
    "llama.context_length": 32_768,
    "llama.block_count": 4,
    "llama.attention.head_count": 16,
    "llama.attention.head_count_kv": 16,
    "llama.feed_forward_length": 2048,
}

#: Four layers of 100 MB, embeddings and output of 50 MB. A token in the cache: 4 layers of 16 heads, 64 + 64 numbers of 2 bytes.
HEADER = ModelHeader(
    "gguf",
    METADATA,
    (
        TensorInfo("token_embd.weight", (1000, 1024), "Q8_0", 0, 50 * MB),
        *(TensorInfo(f"blk.{n}.ffn_up.weight", (2048, 50_000), "Q8_0", 0, 100 * MB) for n in range(4)),
        TensorInfo("output.weight", (1000, 1024), "Q8_0", 0, 50 * MB),
    ),
    500 * MB,
)


def memory(free_mb, card_mb=0):
    card = (Device("CUDA0", "A card", "gpu", card_mb * MB, card_mb * MB),) if card_mb else ()
    return MachineMemory(free_mb * MB, 16_000 * MB, 0, card)


def test_with_plenty_of_memory():
    plan = plan_load(HEADER, AUTO, memory(8000))
    assert plan.settings == LoadSettings(8192, plan.settings.threads, 0, 256, "f16")
    assert plan.fit == "fits" and plan.layers == 5
    assert plan.estimate.cache == 8192 * 4 * 16 * 128 * 2 == 134_217_728
    assert plan.estimate == estimate_memory(HEADER, 8192)


@pytest.mark.parametrize(
    ("length", "word"), [(8192, "fits"), (4096, "fits"), (2048, "fits"), (2048, "tight"), (8192, "swaps")]
)
def test_the_context_is_halved_until_it_fits(length, word):
    """Free memory is just what this length needs; when nothing fits the longest of the best word is taken."""
    need = estimate_memory(HEADER, length).total
    free = {"fits": -(-need * 10 // 9), "tight": need, "swaps": estimate_memory(HEADER, 2048).total - 1}[word]
    plan = plan_load(HEADER, AUTO, MachineMemory(free, 16_000 * MB))
    assert (plan.settings.context_length, plan.fit) == (length, word)


def test_what_a_person_chose_stays():
    chosen = LoadSettings(32_768, 3, -1, 64, "q8_0", "on", "copied")
    plan = plan_load(HEADER, chosen, memory(100))
    assert plan.settings == LoadSettings(32_768, 3, 0, 64, "q8_0", "on", "copied")
    assert plan.fit == "too_large"
    assert plan.estimate.cache == int(32_768 * 4 * 16 * 128 * 34 / 32)


def test_a_model_that_was_trained_for_less():
    short = ModelHeader("gguf", METADATA | {"llama.context_length": 1024}, HEADER.tensors, HEADER.size_bytes)
    assert plan_load(short, AUTO, memory(10)).settings.context_length == 1024


@pytest.mark.parametrize(("card_mb", "layers"), [(4000, 5), (600, 4), (500, 3), (70, 0)])
def test_as_many_layers_on_the_card_as_it_holds(card_mb, layers):
    """The first layer there is the one for the logits (50 MB), then 100 MB and 34 MB of cache each, and 25 MB of buffers."""
    plan = plan_load(HEADER, AUTO, memory(8000, card_mb))
    assert plan.settings.gpu_layers == layers
    assert plan.estimate.gpu <= 0.9 * card_mb * MB
    if layers:
        assert plan.estimate.gpu - plan.estimate.compute == 50 * MB + (layers - 1) * (100 * MB + 134_217_728 // 4)
        assert plan.estimate.weights == 500 * MB - 50 * MB - (layers - 1) * 100 * MB
        assert plan.settings.batch == 512
    else:
        assert plan.estimate == estimate_memory(HEADER, 8192) and plan.settings.batch == 256


def test_no_card_no_layers():
    assert plan_load(HEADER, LoadSettings(gpu_layers=3), memory(8000)).settings.gpu_layers == 0
    assert plan_load(HEADER, LoadSettings(gpu_layers=0), memory(8000, 4000)).estimate.gpu == 0
    assert plan_load(HEADER, LoadSettings(gpu_layers=99), memory(8000, 100)).fit == "too_large"


def test_tied_embeddings_are_on_the_card_once_more():
    tied = ModelHeader("gguf", METADATA, HEADER.tensors[:-1], 450 * MB)
    plan = plan_load(tied, LoadSettings(gpu_layers=1), memory(8000, 4000))
    assert plan.estimate.gpu == 50 * MB + plan.estimate.compute
    assert plan.estimate.weights == 450 * MB


def test_the_correction_multiplies_main_memory_and_leaves_the_weights_to_the_last():
    plain, more, less = (plan_load(HEADER, AUTO, memory(8000), ratio) for ratio in (1.0, 1.1, 0.8))
    total = plain.estimate.total
    assert more.estimate.total == pytest.approx(1.1 * total, abs=2) and more.correction == 1.1
    assert more.settings == plain.settings and more.estimate.weights == plain.estimate.weights
    assert more.estimate.other - plain.estimate.other == pytest.approx(0.1 * total, abs=2)
    assert less.estimate.total == pytest.approx(0.8 * total, abs=2)
    assert less.estimate.other == less.estimate.compute == 0
    assert less.estimate.weights == plain.estimate.weights  # the cache of 134 MB gave the rest


def test_a_context_beyond_the_trained_one_is_told():
    assert not plan_load(HEADER, AUTO, memory(8000)).beyond_trained
    assert not plan_load(HEADER, LoadSettings(32_768), memory(8000)).beyond_trained
    longer = plan_load(HEADER, LoadSettings(32_769), memory(8000))
    assert longer.beyond_trained and longer.trained_context == 32_768
    untold = ModelHeader("gguf", {k: v for k, v in METADATA.items() if "context" not in k}, HEADER.tensors, 500 * MB)
    assert not plan_load(untold, LoadSettings(32_769), memory(8000)).beyond_trained

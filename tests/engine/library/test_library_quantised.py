"""Which quantisation to take, by hand; what another one needs, against the file itself."""

import pytest

from engine.header.gguf import read_gguf_header
from engine.library.memory import estimate_memory
from engine.library.quantised import recommend, resized
from engine.records.hub import HubModel
from tests.helpers.small_models import small_llama_gguf

MB, GB = 10**6, 10**9


def offers(*named):
    return [HubModel(f"{kind}.gguf", kind, size, ()) for kind, size in named]


@pytest.mark.parametrize(
    ("kinds", "fits", "best"),
    [
        # small: eight bits are quick enough, sixteen change nothing
        ([("Q4_K_M", 80 * MB), ("Q8_0", 140 * MB), ("F16", 270 * MB)], ["fits"] * 3, "Q8_0"),
        # large: good answers for the size
        ([("Q3_K_M", 3 * GB), ("Q4_K_M", 4 * GB), ("Q8_0", 8 * GB)], ["fits"] * 3, "Q4_K_M"),
        # the preferred one does not fit
        ([("Q2_K", 3 * GB), ("Q3_K_M", 4 * GB), ("Q4_K_M", 5 * GB)], ["fits", "fits", "swaps"], "Q3_K_M"),
        ([("IQ1_S", 3 * GB), ("IQ1_M", 4 * GB)], ["fits", "fits"], "IQ1_S"),
        # nothing fits well
        ([("Q2_K", 9 * GB), ("Q4_K_M", 12 * GB)], ["tight", "tight"], "Q2_K"),
        ([("Q2_K", 90 * GB)], ["too_large"], ""),
        ([], [], ""),
    ],
)
def test_recommended(kinds, fits, best):
    models = offers(*kinds)
    found = recommend(models, {model.name: fit for model, fit in zip(models, fits, strict=True)})
    assert found == (f"{best}.gguf" if best else "")


@pytest.mark.parametrize("kind", ["q8_0", "q4_k_m"])
def test_what_another_quantisation_takes(tmp_path, kind):
    """From the header of the float file and the size of the other, within 10 % of what the other's own header gives."""
    options = {"d_model": 256, "n_heads": 4, "n_kv_heads": 4, "d_ff": 512}
    plain = read_gguf_header(small_llama_gguf(tmp_path / "f32.gguf", **options))
    other = read_gguf_header(small_llama_gguf(tmp_path / "other.gguf", quantise=kind, **options))
    guessed = estimate_memory(resized(plain, other.size_bytes, kind.upper()), 512, machine="x86_64")
    true = estimate_memory(other, 512, machine="x86_64")
    assert guessed.cache == true.cache and guessed.compute == true.compute
    assert guessed.total == pytest.approx(true.total, rel=0.1)

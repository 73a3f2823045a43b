"""What a repository offers where no header can be read, by hand: ten billion bytes a second were measured here."""

import pytest

from engine.library.kept import Measurement, keep_measurement, machine_name
from engine.library.offers import weigh
from engine.records.hub import HubFile, HubModel, RemoteFile
from engine.records.loading import AUTO, Device, MachineMemory

GB = 10**9
ROOMY = MachineMemory(256 * GB, 256 * GB)


@pytest.fixture(autouse=True)
def measured(own_folders, tmp_path):
    path = str(tmp_path / "known.gguf")
    keep_measurement(
        Measurement(
            path, "known", machine_name(), "llama", "Q4_K", GB, AUTO, GB, GB, bytes_per_token=GB, tokens_per_s=10.0
        )
    )


def offers(*sizes, memory=ROOMY):
    """By size in GB; the address answers nobody, as that of a gated repository."""
    models = [
        HubModel(
            f"{kind}.gguf", kind, size * GB, (HubFile(f"{kind}.gguf", RemoteFile("http://127.0.0.1:9/x", size * GB)),)
        )
        for kind, size in sizes
    ]
    return weigh(models, memory, {}, lambda: False)


def test_the_speed_is_that_of_reading_the_whole_file():
    found = offers(("Q4_K_M", 4), ("Q8_0", 8))
    assert not found.exact and found.recommended == "Q4_K_M.gguf"
    assert {name: one.tokens_per_s for name, one in found.speeds.items()} == pytest.approx(
        {"Q4_K_M.gguf": 2.5, "Q8_0.gguf": 1.25}
    )
    assert all(one.rough and not one.measured for one in found.speeds.values())


def test_what_nobody_would_wait_for_is_not_recommended():
    assert offers(("Q3_K_M", 9), ("Q4_K_M", 11)).recommended == "Q3_K_M.gguf"
    slow = offers(("Q3_K_M", 11), ("Q4_K_M", 30))
    assert slow.recommended == "" and set(slow.fits.values()) == {"fits"}


def test_a_graphics_card_makes_it_unknown():
    card = Device("CUDA0", "A card", "gpu", 8 * GB, 8 * GB)
    found = offers(("Q4_K_M", 30), memory=MachineMemory(256 * GB, 256 * GB, 0, (card,)))
    assert found.speeds == {} and found.recommended == "Q4_K_M.gguf"

"""The words, at their borders and everywhere between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.library.fit import fit
from engine.records.loading import FITS, Device, MachineMemory, MemoryEstimate

GB = 10**9
CARD = Device("CUDA0", "A card", "gpu", 8 * GB, 10 * GB)


def needs(total, mapped=0, gpu=0):
    return MemoryEstimate(total - 3, 1, 1, 1, gpu, mapped)


@pytest.mark.parametrize(
    ("need", "mapped", "word"),
    [
        (9 * GB, 0, "fits"),  # nine tenths of ten
        (9 * GB + 1, 0, "tight"),
        (10 * GB, 0, "tight"),
        (10 * GB + 1, 0, "swaps"),
        (12 * GB, 0, "swaps"),  # two of swap
        (12 * GB + 1, 0, "too_large"),
        (15 * GB, 5 * GB, "swaps"),  # ten that must stay, five that can be read again, of sixteen
        (15 * GB, 5 * GB - 1, "too_large"),
        (16 * GB, 15 * GB, "swaps"),
        (16 * GB + 1, 15 * GB, "too_large"),
    ],
)
def test_borders_of_main_memory(need, mapped, word):
    assert fit(needs(need, mapped), MachineMemory(10 * GB, 16 * GB, 2 * GB)) == word


@pytest.mark.parametrize(
    ("gpu", "word"), [(7 * GB, "fits"), (7_200_000_001, "tight"), (8 * GB, "tight"), (8 * GB + 1, "too_large")]
)
def test_borders_of_a_card(gpu, word):
    assert fit(needs(GB, gpu=gpu), MachineMemory(10 * GB, 16 * GB, 0, (CARD,))) == word


def test_layers_on_a_card_that_is_not_there():
    assert fit(needs(GB, gpu=1), MachineMemory(10 * GB, 16 * GB)) == "too_large"


def test_a_machine_that_does_not_tell():
    assert fit(needs(100 * GB), MachineMemory(0, 0)) == "fits"


sizes = st.integers(3, 64 * GB)


@given(sizes, sizes, sizes, sizes, st.integers(0, 8 * GB), st.floats(0, 1))
def test_more_need_or_less_memory_never_reads_better(need, more, free, total, swap, share):
    free = min(free, total)

    def word(need, free):
        return FITS.index(fit(needs(need, int(share * need)), MachineMemory(free, total, swap)))

    assert word(need, free) <= word(need + more, free)
    assert word(need, free) <= word(need, max(free - more, 0))
    if need <= free:
        assert word(need, free) <= FITS.index("tight")
    if need > max(total, free + swap):
        assert word(need, free) == FITS.index("too_large")

"""What earlier loads took corrects the next estimate: by hand, and within bounds."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.library.experience import correction
from engine.library.kept import Measurement
from engine.records.loading import AUTO

GB = 10**9
ONE = Measurement("/m/one.gguf", "One", "here", "llama", "Q8_0", GB, AUTO, 1000 * 10**6, 1100 * 10**6)
PATH = Path("/m/new.gguf")


def other(**changes):
    return msgspec.structs.replace(ONE, **changes)


def ratio(known, path=PATH, architecture="llama", quantisation="Q8_0", at_load=GB, total=GB):
    return correction(path, architecture, quantisation, at_load, total, known)


def test_measured_over_estimated():
    assert ratio([ONE]) == pytest.approx(1.1)
    assert ratio([]) == 1.0
    assert ratio([ONE], architecture="qwen2") == 1.0
    assert ratio([ONE], quantisation="Q4_K") == 1.0
    assert ratio([other(resident_bytes=0)]) == 1.0


def test_a_size_that_says_nothing_of_another():
    assert ratio([ONE], at_load=3 * GB) == pytest.approx(1.1)
    assert ratio([ONE], at_load=3 * GB + 1) == 1.0
    assert ratio([ONE], at_load=333 * 10**6) == 1.0


def test_a_tiny_model_says_nothing_of_others():
    """31 MB instead of 38: what a process takes anyhow is off, and not by a share of the model."""
    tiny = other(estimated_bytes=38 * 10**6, resident_bytes=31 * 10**6)
    assert ratio([tiny], at_load=100 * 10**6, total=120 * 10**6) == 1.0
    assert ratio([tiny], at_load=38 * 10**6, total=58 * 10**6) == 1.0


def test_the_file_itself_is_off_by_as_many_bytes_as_before():
    """7 MB less than 38 are 7 MB less than 58 with buffers, and than 78 with a longer context."""
    tiny = other(estimated_bytes=38 * 10**6, resident_bytes=31 * 10**6)
    for total in (58, 78):
        corrected = ratio([tiny, ONE], Path(tiny.path), at_load=38 * 10**6, total=total * 10**6) * total
        assert corrected == pytest.approx(total - 7)


def test_the_median_of_others():
    known = [
        ONE,
        other(path="/m/two.gguf", resident_bytes=900 * 10**6),
        other(path="/m/three.gguf", resident_bytes=950 * 10**6),
    ]
    assert ratio(known) == pytest.approx(0.95)


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from([PATH, Path(ONE.path)]))
def test_no_measurement_leads_far_away(estimated, resident, asked, path):
    known = [other(estimated_bytes=estimated, resident_bytes=resident)]
    assert 0.8 <= ratio(known, path, at_load=asked, total=asked) <= 1.25

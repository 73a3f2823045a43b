"""The learning rate, by hand."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runs.recipe import Schedule
from engine.training.schedule import learning_rate_factor


def values(schedule: Schedule, steps: int) -> list[float]:
    return [learning_rate_factor(schedule, step, steps) for step in range(steps)]


def test_cosine_by_hand():
    # Four steps up; then from 1 down to 0.2 over eight: 0.2 + 0.8 * (1 + cos(pi k / 8)) / 2.
    expected = [0.25, 0.5, 0.75, 1.0, 1.0, 0.9695518, 0.8828427, 0.7530734, 0.6, 0.4469266, 0.3171573, 0.2304482]
    found = values(Schedule("cosine", warmup_steps=4, final_fraction=0.2), 12)
    assert found == pytest.approx(expected, abs=1e-6)


def test_stable_by_hand():
    # Two steps up, level, and down to a tenth over the last three: by 0.3 each.
    found = values(Schedule("stable", warmup_steps=2, decay_steps=3, final_fraction=0.1), 8)
    assert found == pytest.approx([0.5, 1.0, 1.0, 1.0, 1.0, 0.7, 0.4, 0.1])


def test_stable_without_decay_stays_level():
    assert values(Schedule("stable", warmup_steps=0), 5) == [1.0] * 5


def test_the_way_down_follows_the_clock_where_that_is_further_on():
    # Half of the time is over at step 2 of 10: as at step 5. From 1 down to 0 that is (1 + cos(pi 5 / 10)) / 2.
    schedule = Schedule("cosine", warmup_steps=0, final_fraction=0.0)
    assert learning_rate_factor(schedule, 2, 10, 0.5) == pytest.approx(0.5)
    assert learning_rate_factor(schedule, 5, 10, 0.2) == pytest.approx(0.5), "the steps are further on"
    assert learning_rate_factor(schedule, 2, 10, 1.5) == pytest.approx(0.0), "no further than the end"
    # Eight of ten steps' worth of the clock, of which the last four go down to 0: three quarters of the way with step 8's end.
    stable = Schedule("stable", warmup_steps=0, decay_steps=4, final_fraction=0.0)
    assert learning_rate_factor(stable, 1, 10, 0.8) == pytest.approx(0.25)


def test_the_clock_does_not_cut_the_warm_up_short():
    schedule = Schedule("cosine", warmup_steps=4, final_fraction=0.0)
    assert learning_rate_factor(schedule, 1, 10, 0.9) == 0.5
    assert learning_rate_factor(schedule, 9, 10, 0.1) == learning_rate_factor(schedule, 9, 10)
    assert learning_rate_factor(schedule, 4, 1000, 0.0) == 1.0


def test_a_level_run_can_be_decayed_from_any_checkpoint():
    """The level part does not depend on how long the run will be."""
    schedule = Schedule("stable", warmup_steps=3, decay_steps=10)
    assert values(schedule, 40)[:20] == values(schedule, 30)[:20]


@given(
    st.builds(
        Schedule,
        st.sampled_from(["stable", "cosine"]),
        st.integers(0, 50),
        st.integers(0, 50),
        st.floats(0, 1, allow_nan=False),
    ),
    st.integers(1, 60),
)
def test_never_negative_never_above_one_and_never_up_again(schedule: Schedule, steps: int):
    found = values(schedule, steps)
    assert all(math.isfinite(value) and 0 <= value <= 1 for value in found)
    after = found[schedule.warmup_steps :]
    assert all(later <= earlier + 1e-12 for earlier, later in itertools.pairwise(after))

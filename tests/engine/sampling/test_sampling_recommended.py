"""What a file recommends: read, ordered as it says, and nonsense passed over."""

from hypothesis import given
from hypothesis import strategies as st

from engine.sampling.chain import Chain
from engine.sampling.recommended import recommended_settings


def named(settings, name):
    return next(item for item in settings.stages if item.name == name)


def test_a_file_that_recommends_nothing():
    assert recommended_settings({"general.name": "x", "general.samplings": "1"}) is None


def test_values_and_what_is_left_open():
    settings = recommended_settings({"general.sampling.temp": "0.600000", "general.sampling.top_k": "20"})
    assert named(settings, "temperature").values == {"temperature": 0.6}
    assert named(settings, "top_k").values == {"k": 20} and named(settings, "top_k").enabled
    assert named(settings, "top_p").values == {"p": 0.95}  # llama.cpp's default
    assert not named(settings, "xtc").enabled


def test_the_order_that_a_file_asks_for():
    settings = recommended_settings({"general.sampling.sequence": "temperature;typ_p;top_k;top_k;no_such"})
    on = [item.name for item in settings.stages if item.enabled]
    assert on == ["temperature", "typical", "top_k"]
    assert not named(settings, "min_p").enabled


def test_mirostat_comes_after_the_temperature_alone():
    given = {"mirostat": "2", "mirostat_tau": "4", "mirostat_eta": "0.2", "temp": "0.9", "top_k": "9"}
    settings = recommended_settings({f"general.sampling.{key}": value for key, value in given.items()})
    assert [item.name for item in settings.stages if item.enabled] == ["temperature", "mirostat_2"]
    assert named(settings, "mirostat_2").values == {"tau": 4, "eta": 0.2}


@given(
    st.dictionaries(
        st.sampled_from(
            ["temp", "top_k", "top_p", "min_p", "sequence", "mirostat", "mirostat_tau", "penalty_repeat"]
        ).map("general.sampling.{}".format),
        st.one_of(st.text(max_size=20), st.sampled_from(["nan", "inf", "-3", "1e99", "2", "dry;xtc"])),
    )
)
def test_whatever_a_file_says_becomes_a_chain_that_can_be_run(metadata):
    settings = recommended_settings(metadata)
    if settings is not None:
        Chain(settings)
        values = named(settings, "temperature").values["temperature"]
        assert 0 <= values <= 5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UserError
from engine.hub.names import safe_path

UNSAFE = [
    "",
    "..",
    "../x",
    "a/../../x",
    "/etc/passwd",
    "C:/x",
    "a\\b",
    "a\nb",
    "nul.gguf",
    "x./y",
    " x",
    "a//b",
    "./x",
    "x?",
]


@pytest.mark.parametrize("name", [*UNSAFE, "a" * 300])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(UserError, match="no name that can be used"):
        safe_path(tmp_path, name)


@pytest.mark.parametrize("name", ["m.gguf", "Q4_K_M/model-00001-of-00003.gguf", "São Paulo.gguf", "a..b.gguf"])
def test_ordinary_names_stay(tmp_path, name):
    assert safe_path(tmp_path, name) == tmp_path / name


@given(st.text(max_size=30))
def test_nothing_ever_leaves_the_folder(tmp_path_factory, name):
    folder = tmp_path_factory.getbasetemp()
    try:
        path = safe_path(folder, name)
    except UserError:
        return
    assert path.resolve().is_relative_to(folder.resolve()) and path != folder

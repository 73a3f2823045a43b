"""The table of colours: contrast on every ground, and one scale for surprisal."""

import pytest

from app.widgets.tokens import TABLE, Tokens, contrast, luminance, surprisal_colour

GROUNDS = ("background", "surface", "raised")
TEXTS = ("text", "muted", "accent", "good", "warning", "bad")
MARKS = ("outline", "accent", "good", "warning", "bad")


@pytest.fixture(params=["light", "dark"])
def tokens(request: pytest.FixtureRequest) -> Tokens:
    return TABLE[request.param]


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_reads_on_every_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mark", MARKS)
def test_marks_stand_out_on_every_ground(tokens: Tokens, mark: str, ground: str) -> None:
    assert contrast(getattr(tokens, mark), getattr(tokens, ground)) >= 3


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("accent_text", "accent"),
        ("accent_text", "accent_hover"),
        ("bad_text", "bad"),
        ("text", "selection"),
        ("accent", "selection"),
        ("text", "hover"),
        ("muted", "hover"),
        ("text", "found"),
        ("muted", "track"),
    ],
)
def test_text_on_coloured_grounds(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


def test_text_reads_on_every_step_of_the_surprisal_scale(tokens: Tokens) -> None:
    assert all(contrast(tokens.text, surprisal_colour(tokens, bits / 4)) >= 4.5 for bits in range(60))


def test_the_surprisal_scale_goes_one_way(tokens: Tokens) -> None:
    steps = [luminance(surprisal_colour(tokens, bits / 4)) for bits in range(41)]
    assert steps == sorted(steps, reverse=tokens.background == "#ffffff")
    assert surprisal_colour(tokens, 500) == tokens.surprisal[-1]

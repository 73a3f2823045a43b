"""What is no slider: texts of stages and the numbers of single tokens. Every registered stage has all its controls."""

import pytest
from PySide6.QtWidgets import QWidget

from app.sampling.card import StageCard
from engine.records import StageSettings
from engine.sampling.registry import STAGES, stage


def card(qtbot, name, **more):
    made = StageCard(StageSettings(name, True, **more))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.name)
def test_a_card_shows_everything_that_a_stage_describes_and_keeps_it(qtbot, spec):
    made = card(qtbot, spec.name)
    made.fold(False)
    for parameter in spec.parameters:
        row = made.row(parameter.name)
        assert row.value() == parameter.default and row.isVisible()
        value = parameter.maximum if parameter.default != parameter.maximum else parameter.minimum
        row.move_to(value)
        assert made.settings().values[parameter.name] == pytest.approx(value)
    for text in spec.texts:
        assert made.text_row(text.name).text() == text.default
        made.text_row(text.name).set_text("other")
        assert made.settings().texts[text.name] == "other"
    assert (made.biases is not None) == (spec.per_token is not None)
    for control in made.controls():
        assert isinstance(control, QWidget) and (control.accessibleName() or control.text())


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.name)
def test_settings_come_back_as_they_were_given(qtbot, spec):
    given = StageSettings(spec.name, True, spec.values({}))
    made = StageCard(given)
    qtbot.addWidget(made)
    assert made.settings() == given


def test_a_text_is_told_when_the_hands_rest(qtbot):
    made = card(qtbot, "dry")
    told = []
    made.changed.connect(lambda: told.append(made.settings().texts))
    field = made.text_row("breakers").field
    field.setPlainText(".")
    field.setPlainText(".\n;")
    assert told == []
    qtbot.waitUntil(lambda: told == [{"breakers": ".\n;"}])
    made.text_row("breakers").reset()
    assert told[-1] == {} and made.text_row("breakers").text() == stage("dry").texts[0].default


def test_a_schema_that_is_no_json_is_told(qtbot):
    row = card(qtbot, "json_schema").text_row("schema")
    row.set_text('{"type": ')
    assert row.remark.isVisible() and row.remark.text()
    row.set_text('{"type": "object"}')
    assert not row.remark.isVisible()


def test_biases_are_added_changed_and_removed(qtbot):
    made = card(qtbot, "logit_bias", values={"17": 2.5})
    told = []
    made.changed.connect(lambda: told.append(made.settings().values))
    assert made.settings().values == {"17": 2.5}
    made.biases.number.setValue(4)
    made.biases.add_button.click()
    made.biases.add(17, -100)
    assert told[-1] == {"17": -100.0, "4": 0.0}
    made.set_settings(StageSettings("logit_bias", True, {"9": 1.0}))
    assert made.settings().values == {"9": 1.0}
    made.biases.name_by(lambda id: f"token {id}")
    assert made.biases._rows["9"][2].text() == "token 9"
    made.biases.reset()
    assert told[-1] == {}

"""Logs for TensorBoard: the numbers of the run's own events, read back; and one sentence where the package is missing."""

import sys

import pytest

from engine.errors import UserError
from engine.runs.events import Evaluated, StepDone
from tests.helpers.small_training import run, stop_after, write_data, write_recipe

CHANGES = ("tensorboard=true", "evaluate_every=3")


def scalars(folder) -> dict[str, list[tuple[int, float]]]:
    """Every scalar of all files of logs, in the order written."""
    from tensorboardX.proto.event_pb2 import Event

    found: dict[str, list[tuple[int, float]]] = {}
    for path in sorted(folder.glob("events.out.tfevents.*")):
        data, place = path.read_bytes(), 0
        while place < len(data):  # a record of TensorFlow: length, its checksum, that many bytes, their checksum
            size = int.from_bytes(data[place : place + 8], "little")
            event = Event.FromString(data[place + 12 : place + 12 + size])
            place += 12 + size + 4
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    found.setdefault(value.tag, []).append((event.step, value.simple_value))
    return found


def test_the_numbers_are_those_of_the_events(tmp_path):
    pytest.importorskip("tensorboardX")
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    events = run(recipe, data, out, CHANGES, stopped=stop_after(out, 3))
    events += run(recipe, data, out, CHANGES, resume=True)
    found = scalars(out / "tensorboard")
    losses = [(event.step, pytest.approx(event.loss)) for event in events if isinstance(event, StepDone)]
    assert losses and found["loss/training"] == losses
    held_out = [event for event in events if isinstance(event, Evaluated) and event.source == "prose"]
    assert found["bits_per_byte/held_out/prose"] == [(e.step, pytest.approx(e.bits_per_byte)) for e in held_out]


def test_none_are_written_unless_they_are_wanted(tmp_path):
    out = tmp_path / "run"
    run(write_recipe(tmp_path), write_data(tmp_path), out)
    assert not (out / "tensorboard").exists()


def test_without_the_package_it_is_said_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(UserError, match="need the package tensorboardX") as caught:
        run(write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run", CHANGES)
    assert "pip install tensorboardX" in caught.value.hint and not (tmp_path / "run" / "data").exists()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(UserError) as caught:
        run(tmp_path / "tiny.toml", tmp_path / "data", tmp_path / "run", CHANGES)
    assert caught.value.hint == "Leave the logs out.", "the built program can be given no package"

"""What is decided before anything heavy is imported."""

import os
import sys

import pytest

from app.__main__ import main


@pytest.mark.parametrize(
    ("verb", "waits"), [("train", "PASSIVE"), ("finetune", "PASSIVE"), ("runs", "PASSIVE"), ("sample", None)]
)
def test_threads_that_train_sleep_while_they_wait(monkeypatch, capsys, verb, waits):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    monkeypatch.setattr(sys, "argv", ["proxima", verb, "--help"])
    main()
    found = os.environ.pop("OMP_WAIT_POLICY", None)
    assert found == waits and verb in capsys.readouterr().out


def test_what_the_person_has_set_stays(monkeypatch, capsys):
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    monkeypatch.setattr(sys, "argv", ["proxima", "train", "--help"])
    main()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"

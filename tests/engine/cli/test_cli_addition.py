"""proxima add: the columns, the sum, and whether it is right."""

import json
import sys

import pytest

from engine.cli.main import main
from tests.helpers.addition import TableAdder


@pytest.fixture
def adder(monkeypatch):
    monkeypatch.setattr("engine.cli.addition.open_named", lambda name: TableAdder())
    return "adder"


def test_columns_sum_and_verdict(capsys, adder):
    assert main(["add", adder, "95", "17"]) == 0
    assert capsys.readouterr().out == "5+7=12\n9+1=11\n0+0=01\n112\nright\n"
    assert main(["add", adder, "95", "17", "--quiet"]) == 0
    assert capsys.readouterr().out == "112\nright\n"


def test_json_and_a_number_longer_than_python_likes(capsys, adder):
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        assert main(["add", adder, "8" * 700, "4" * 700, "--json"]) == 0
    finally:
        sys.set_int_max_str_digits(limit)
    found = json.loads(capsys.readouterr().out)
    assert found["right"] and found["sum"] == "1" + "3" * 699 + "2" and len(found["trace"]) == 701


def test_a_wrong_sum_is_called_wrong(capsys, adder, monkeypatch):
    monkeypatch.setattr("engine.inference.addition.result", lambda trace: "7")
    assert main(["add", adder, "1", "1", "--quiet"]) == 0
    assert capsys.readouterr().out == "7\nwrong\n"


def test_no_number(capsys, adder):
    assert main(["add", adder, "1", "two"]) == 2
    assert capsys.readouterr().err == "proxima: 'two' is no whole number. Write digits only, as in 1234.\n"

"""A reply with its records in a file: what is written is what is known, and comes back as it was."""

import csv
import io
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.record_export import reply_csv, reply_json
from app.storage.rows import MessageRow
from engine.records import GenerationSettings, StageTrace
from tests.helpers.records import make_record

MESSAGE = MessageRow(3, 1, 2, "assistant", "olá", 0.0, settings=GenerationSettings(max_tokens=5), model_name="Pretend")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_json_has_every_number_and_who_removed_a_candidate() -> None:
    record = make_record(0, b" a\xff", id=7)
    whole = json.loads(reply_json(MESSAGE, [record]))
    assert (whole["text"], whole["model"], whole["settings"]["max_tokens"]) == ("olá", "Pretend", 5)
    (token,) = whole["tokens"]
    assert (token["bytes"], token["text"], token["rank"], token["dart"]) == ("2061ff", " a�", 1, 0.25)
    assert [(c["id"], c["removed_by"]) for c in token["top"]] == [(7, None), (9, "top_k")]
    # Two logits, 2 and 1, are all there is: p = e/(1+e) and 1/(1+e).
    assert token["top"][0]["logprob"] == pytest.approx(-0.313262, abs=1e-5)
    assert token["top"][1]["logprob"] == pytest.approx(-1.313262, abs=1e-5)
    assert token["stages"][0]["name"] == "top_k" and token["stages"][0]["kept"] == 1


def test_csv_has_a_row_for_each_token_and_columns_for_each_stage() -> None:
    twice = msgspec.structs.replace(
        make_record(1, b"=SUM(A1)"),
        stages=(StageTrace("top_p", 4, 0.9), StageTrace("top_p", 2, 0.5)),
        dart=None,
        forced=True,
    )
    first, second = rows(reply_csv([make_record(0), twice]))
    assert (first["text"], first["top_k kept"], first["top_p kept"]) == ('" word"', "1", "")
    assert (second["top_p kept"], second["top_p 2 kept"], second["top_p 2 mass"]) == ("4", "2", "0.5")
    assert (second["dart"], second["forced"]) == ("", "1")
    assert second["text"].startswith('"')  # no spreadsheet takes it for a formula
    assert rows(reply_csv([])) == []


@given(st.lists(st.binary(max_size=12), max_size=6))
def test_any_bytes_come_back(pieces: list[bytes]) -> None:
    records = [make_record(place, piece) for place, piece in enumerate(pieces)]
    assert [bytes.fromhex(row["bytes"]) for row in rows(reply_csv(records))] == pieces
    found = json.loads(reply_json(MESSAGE, records))["tokens"]
    assert [bytes.fromhex(token["bytes"]) for token in found] == pieces

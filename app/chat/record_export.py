"""A reply with what is known about each of its tokens, as JSON (all of it) and as CSV (a row for each token). No Qt."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import msgspec

from app.storage.rows import MessageRow
from engine.records import KEPT, TokenRecord

FORMAT, VERSION = "proxima-reply", 1


def reply_json(message: MessageRow, records: Sequence[TokenRecord]) -> bytes:
    """Everything, under the names that the command line uses: logprob is raw, natural, over the full vocabulary."""
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "text": message.content,
        "model": message.model_name,
        "vocabulary_hash": message.vocabulary_hash,
        "state": message.state,
        "settings": msgspec.to_builtins(message.settings),
        "summary": msgspec.to_builtins(message.summary),
        "tokens": [_token(record) for record in records],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1)  # a number that is none becomes null


def reply_csv(records: Sequence[TokenRecord]) -> bytes:
    """A header and a row for each token. Texts stand in quotes with escapes, so that blanks are seen and no cell is a formula."""
    stages = _stage_columns(records)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*_COLUMNS, *(f"{name} {what}" for name in stages for what in ("kept", "mass"))])
    for record in records:
        found = _by_column(record)
        writer.writerow(
            [
                record.position,
                record.token.id,
                _quoted(record.token.bytes),
                record.token.bytes.hex(),
                record.logprob,
                record.surprisal_bits,
                record.rank,
                record.entropy_bits,
                _cell(record.dart),
                _cell(record.final_probability),
                int(record.forced),
                record.time_ms,
                *(cell for name in stages for cell in found.get(name, ("", ""))),
            ]
        )
    return file.getvalue().encode("utf-8-sig")  # the mark by which spreadsheets know the encoding


_COLUMNS = (
    *("position", "id", "text", "bytes", "logprob", "surprisal_bits", "rank", "entropy_bits", "dart"),
    *("final_probability", "forced", "time_ms"),
)


def _token(record: TokenRecord) -> dict[str, Any]:
    kept = record.candidates
    names = [stage.name for stage in record.stages]
    columns = zip(
        kept.id_array(), kept.pieces, kept.logit_array(), kept.final_array(), kept.removed_by_array(), strict=True
    )
    return {
        "position": record.position,
        "id": record.token.id,
        "text": _text(record.token.bytes),
        "bytes": record.token.bytes.hex(),
        "logprob": record.logprob,
        "rank": record.rank,
        "entropy_bits": record.entropy_bits,
        "dart": record.dart,
        "final_probability": record.final_probability,
        "forced": record.forced,
        "time_ms": record.time_ms,
        "log_sum_exp": record.log_sum_exp,
        "vocabulary_size": record.vocabulary_size,
        "tail_mass": record.tail_mass,
        "tail_square_mass": record.tail_square_mass,
        "stages": [msgspec.to_builtins(stage) for stage in record.stages],
        "top": [
            {
                "id": int(id),
                "text": _text(piece),
                "bytes": piece.hex(),
                "logit": float(logit),
                "logprob": float(logit) - record.log_sum_exp,
                "final_probability": float(final),
                "removed_by": None if stage == KEPT or stage >= len(names) else names[stage],
            }
            for id, piece, logit, final, stage in columns
        ],
    }


def _stage_columns(records: Sequence[TokenRecord]) -> list[str]:
    """Names of all stages, in the order in which they first come; one that stands twice in a chain has a number."""
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(_by_column(record)))
    return list(names)


def _by_column(record: TokenRecord) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for stage in record.stages:
        name, number = stage.name, 1
        while name in found:
            number += 1
            name = f"{stage.name} {number}"
        found[name] = (stage.kept, stage.mass)
    return found


def _text(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")


def _quoted(piece: bytes) -> str:
    return json.dumps(_text(piece), ensure_ascii=False)


def _cell(value: float | None) -> float | str:
    return "" if value is None else value

"""The candidates of a token as text to copy."""

import csv
import io
import json

from app.inspector.rows import Table
from app.widgets.formats import visible


def plain_rows(table: Table | None) -> list[dict[str, object]]:
    """One dict a candidate."""
    return [
        {
            "id": row.id,
            "token": visible(row.piece),
            "bytes": row.piece.hex(),
            "logit": row.logit,
            "raw": row.raw,
            "final": row.final,
            "removed_by": row.removed_by or None,
            "chosen": row.chosen,
        }
        for row in (() if table is None else table.rows)
    ]


def as_json(table: Table | None) -> str:
    return json.dumps(plain_rows(table), ensure_ascii=False, indent=1)


def as_csv(table: Table | None) -> str:
    out = io.StringIO()
    rows = plain_rows(table)
    if rows:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()

"""Adding numbers with a model that has learnt to add two digits and a carry: the column algorithm, read and written by it.

The model is shown one pair of digits after the other and writes the tens and the ones of each column's sum; the carry is what it
wrote itself, one line above. This module lays out the digits and takes down what comes; it does not add.
"""

import sys
from collections.abc import Callable, Iterator, Sequence

from engine.corpus.addition import START, columns, question
from engine.errors import UserError
from engine.inference.language_model import LanguageModel
from engine.records.explore import Column

#: Columns that are shown again where the context is full. One would do: the carry stands in the last line.
KEPT = 2


def check_number(text: str) -> str:
    """The digits of a number that a person wrote. Raises UserError for what is none."""
    digits = text.strip().replace(" ", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit()):
        raise UserError("no-number", f"{text!r} is no whole number.", "Write digits only, as in 1234.")
    return digits


def add(model: LanguageModel, first: str, second: str, cancelled: Callable[[], bool] | None = None) -> Iterator[Column]:
    """Add two numbers of any length, from the right; one column more than the longer one has digits.

    It is one generation: where the context is full it goes on after the last lines of its own text. The text starts with an empty
    column, always the same, so that the first one too has a line above to read its carry from.
    """
    vocabulary = model.vocabulary
    model.rewind(0)
    done: list[Column] = []
    start = [vocabulary.bos_id] if vocabulary.adds_bos and vocabulary.bos_id is not None else []
    fed = [*start, *vocabulary.encode(START)]
    for a, b in columns(check_number(first), check_number(second)):
        asked = vocabulary.encode("\n" + question(a, b))
        if len(model.ids) + len(fed) + len(asked) + 1 > model.context_length:
            model.rewind(0)
            fed = vocabulary.encode("\n".join(column.line for column in done[-KEPT:]))
        carry = _likeliest(model, [*fed, *asked], cancelled)
        digit = _likeliest(model, [carry], cancelled)
        fed = [digit]
        column = Column(a, b, *(vocabulary.piece(id).decode("utf-8", "replace") for id in (carry, digit)))
        done.append(column)
        yield column


def result(trace: Sequence[Column]) -> str:
    """The number that the model wrote: its ones, from the last column to the first, without zeros in front."""
    return "".join(column.digit for column in reversed(trace)).lstrip("0") or "0"


def right_sum(first: str, second: str) -> str:
    """What Python's arithmetic says, to check a result with."""
    sys.set_int_max_str_digits(0)  # numbers here may be longer than Python takes for harmless
    return str(int(first) + int(second))


def whole_sum(model: LanguageModel, first: str, second: str) -> str:
    """What a model that has learnt whole sums writes after ``first+second=``, at most one digit more than could be right."""
    vocabulary = model.vocabulary
    model.rewind(0)
    start = [vocabulary.bos_id] if vocabulary.adds_bos and vocabulary.bos_id is not None else []
    feed = [*start, *vocabulary.encode(question(check_number(first), check_number(second)))]
    found: list[int] = []
    for _ in range(max(len(first), len(second)) + 2):
        next_id = _likeliest(model, feed, None)
        if next_id in vocabulary.end_ids:
            break
        found.append(next_id)
        feed = [next_id]
    return vocabulary.decode(found).decode("utf-8", "replace")


def _likeliest(model: LanguageModel, ids: Sequence[int], cancelled: Callable[[], bool] | None) -> int:
    best = 0
    for rows in model.extend(ids, cancelled=cancelled):
        if len(rows):
            best = int(rows[-1].argmax())
    return best

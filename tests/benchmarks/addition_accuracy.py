"""How many sums a model of the recipe addition gets right, and beside it one of the recipe whole-sums.

Run: python -m tests.benchmarks.addition_accuracy RUN [--whole RUN] [--through-add 3]. Numbers are random, half of them
with carries that go on and on, and the seed is none that the texts were made with. Many sums are added side by side, each by the
rule of engine.inference.addition: digits laid out, the likeliest token taken, the carry read by the model from its own line, the
last lines shown again where the context is full. The first ones are then added once more through that module itself.
"""

import argparse
import functools
import random
import sys
import time
from pathlib import Path

import torch

from engine.corpus.addition import LONGEST_WHOLE, START, columns, question
from engine.decoder.cache import KeyValueCache
from engine.decoder.load import open_decoder, open_tokenizer
from engine.inference.addition import KEPT, add, result
from engine.inference.load import open_model

SIZES = ((100, 1000), (1000, 100))
WHOLE_SUMS = 200
SEED = 2026


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--whole", type=Path)
    parser.add_argument("--through-add", type=int, default=3)
    arguments = parser.parse_args()
    sys.set_int_max_str_digits(0)
    torch.set_num_threads(1)
    for digits, count in SIZES:
        start = time.perf_counter()
        pairs = numbers(digits, count)
        sums = Side(arguments.run).by_columns(pairs)
        right = sum(int(total) == int(a) + int(b) for total, (a, b) in zip(sums, pairs, strict=True))
        print(f"{digits} digits: {right:,} of {count:,} right, {time.perf_counter() - start:.0f} s", flush=True)
        once_more = pairs[: arguments.through_add]
        model = open_model(arguments.run)
        same = [result(list(add(model, *pair))) == total for pair, total in zip(once_more, sums, strict=False)]
        print(f"{digits} digits: {sum(same)} of {len(same)} the same through engine.inference.addition", flush=True)
    for digits in range(1, LONGEST_WHOLE + 4) if arguments.whole else ():
        pairs = numbers(digits, WHOLE_SUMS)
        sums = Side(arguments.whole).at_once(pairs, digits + 2)
        right = sum(total == str(int(a) + int(b)) for total, (a, b) in zip(sums, pairs, strict=True))
        learnt = "learnt" if digits <= LONGEST_WHOLE else "longer than learnt"
        print(f"at once, {digits} digits ({learnt}): {right} of {WHOLE_SUMS} right", flush=True)


def numbers(digits: int, count: int) -> list[tuple[str, str]]:
    """Pairs of numbers of exactly so many digits; in each second one most digits complete each other to nine."""
    chance = random.Random(SEED + digits)
    pairs = []
    for place in range(count):
        a, b = (str(chance.randrange(10 ** (digits - 1), 10**digits)) for _ in range(2))
        if place % 2 and digits > 1:
            first = str(min(8, int(a[0])))
            a = first + a[1:-1] + str(chance.randrange(1, 10))
            b = str(9 - int(first)) + "".join(str(9 - int(d)) for d in a[1:-1]) + "9"
        pairs.append((a, b))
    return pairs


class Side:
    """Many sums of equally long numbers, side by side in one cache."""

    def __init__(self, run: Path) -> None:
        self._model, self._vocabulary = open_decoder(run).eval(), open_tokenizer(run)
        self._encode = functools.cache(self._vocabulary.encode)

    def by_columns(self, pairs: list[tuple[str, str]]) -> list[str]:
        room = self._model.config.context_length
        laid_out = [list(columns(a, b)) for a, b in pairs]
        lines: list[list[str]] = [[] for _ in pairs]
        self._start(len(pairs))
        fed = [[self._vocabulary.bos_id, *self._encode(START)]] * len(pairs)
        for place in range(len(laid_out[0])):
            asked = [self._encode("\n" + question(*pairs[place])) for pairs in laid_out]
            if self._cache.length + len(fed[0]) + len(asked[0]) + 1 > room:
                self._start(len(pairs))
                fed = [self._encode("\n".join(own[-KEPT:])) for own in lines]
            carries = self._likeliest([[*old, *new] for old, new in zip(fed, asked, strict=True)])
            ones = self._likeliest([[id] for id in carries])
            fed = [[id] for id in ones]
            for own, columns_of, pair in zip(lines, zip(carries, ones, strict=True), laid_out, strict=True):
                own.append(question(*pair[place]) + self._vocabulary.decode(columns_of).decode("utf-8", "replace"))
        return ["".join(line[-1] for line in reversed(own)).lstrip("0") or "0" for own in lines]

    def at_once(self, pairs: list[tuple[str, str]], longest: int) -> list[str]:
        self._start(len(pairs))
        feed = [[self._vocabulary.bos_id, *self._encode(question(a, b))] for a, b in pairs]
        written: list[list[int]] = [[] for _ in pairs]
        for _ in range(longest):
            found = self._likeliest(feed)
            for own, id in zip(written, found, strict=True):
                own.append(id)
            feed = [[id] for id in found]
        end = self._vocabulary.eos_id
        return [
            self._vocabulary.decode(own[: own.index(end)] if end in own else own).decode("utf-8", "replace")
            for own in written
        ]

    def _start(self, batch: int) -> None:
        self._cache = KeyValueCache(self._model.config, batch=batch)

    @torch.inference_mode()
    def _likeliest(self, ids: list[list[int]]) -> list[int]:
        return self._model(torch.tensor(ids), self._cache, rows="last")[:, -1].argmax(-1).tolist()


if __name__ == "__main__":
    main()

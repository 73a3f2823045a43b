"""Tables and sizes as the command line prints them."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from engine.records.loading import Fit
from engine.records.sizes import size_text as size_text

#: Wide enough for any line: what another program reads must not be cut or folded.
_UNBOUNDED = 100_000
FIT_WORDS: Mapping[Fit, str] = {
    "fits": "fits",
    "tight": "tight",
    "swaps": "will swap",
    "too_large": "will not fit",
}


def print_table(
    *headings: str, rows: Sequence[tuple[str, ...]], right: tuple[int, ...] = (), whole: tuple[int, ...] = ()
) -> None:
    """One line a row; on a terminal long cells are folded, never cut. Without headings: none.

    right: columns of numbers. whole: columns that are folded last, such as names to be copied.
    """
    table = Table(box=None, show_header=bool(headings), header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    console = Console(highlight=False, markup=False)
    for place in range(max(map(len, [headings, *rows]))):
        heading = headings[place] if place < len(headings) else ""
        longest = max((len(row[place]) for row in rows if place < len(row)), default=0)
        table.add_column(
            heading,
            overflow="fold",
            justify="right" if place in right else "left",
            no_wrap=place in whole and longest <= console.width // 2,  # what has no room in one line would be cut
        )
    for row in rows:
        table.add_row(*row)
    if console.is_terminal:
        console.print(table)
        return
    console.width = _UNBOUNDED
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def rate_text(tokens_per_s: float) -> str:
    """1,530 tokens/s, 3.4 tokens/s."""
    return f"{tokens_per_s:,.0f} tokens/s" if tokens_per_s >= 10 else f"{tokens_per_s:.2g} tokens/s"


def count_text(count: int) -> str:
    """1.2 B, 14 M, 110 K: parameters; "" where that is not known."""
    if count >= 999_500_000:
        return f"{count / 1e9:.1f} B"
    if count >= 999_500:
        return f"{count / 1e6:.0f} M"
    return f"{count / 1e3:.0f} K" if count else ""

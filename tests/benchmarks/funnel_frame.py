"""From a value to painted: how long the sampling panel takes to redraw its whole funnel after a slider was moved.

Run: python -m tests.benchmarks.funnel_frame [--vocabulary 152000] [--moves 200] [--json]. Offscreen unless QT_QPA_PLATFORM is set.
Prints the median and the 95th percentile in ms, from the value to the last chart painted, and the processor time that the Qt
thread spent on it. The target is 16 ms at the median, on a machine that has nothing else to do.
"""

import argparse
import json
import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.sampling.funnel import Subject
from app.sampling.panel import SamplingPanel
from app.widgets.slider_row import SliderRow
from app.widgets.theme import theme
from engine.records import GenerationSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import default_settings, with_values

#: What is moved: stage, parameter, from, to.
MOVES = (
    ("top_p", "p", 0.5, 0.99),
    ("temperature", "temperature", 0.3, 1.7),
    ("min_p", "p", 0.0, 0.3),
    ("penalties", "repeat", 1.0, 1.6),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vocabulary", type=int, default=152_000)
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    application = QApplication([])
    theme().apply(application, "light", 100)
    panel, subject = make_panel(arguments.vocabulary)
    results = {}
    for stage, parameter, low, high in MOVES:
        row = panel.card(stage).row(parameter)
        values = np.linspace(low, high, arguments.moves)
        took, held = zip(*(move(application, panel, row, float(value)) for value in values), strict=True)
        results[f"{stage}.{parameter}"] = {
            "median_ms": round(1000 * statistics.median(took), 2),
            "p95_ms": round(1000 * float(np.quantile(took, 0.95)), 2),
            "qt_thread_ms": round(1000 * statistics.median(held), 2),
        }
    whole = {"vocabulary": len(subject.logits), "moves": arguments.moves, "results": results}
    whole["median_ms"] = max(result["median_ms"] for result in results.values())
    if arguments.json:
        print(json.dumps(whole))
        return
    print(
        f"{whole['vocabulary']} tokens, {arguments.moves} moves of each slider, from the value to the last chart painted:"
    )
    for name, result in results.items():
        print(
            f"  {name:28} median {result['median_ms']:6.2f} ms   95 % {result['p95_ms']:6.2f} ms"
            f"   Qt thread {result['qt_thread_ms']:6.2f} ms"
        )
    print(f"slowest median {whole['median_ms']} ms, target 16 ms")


def make_panel(vocabulary: int) -> tuple[SamplingPanel, Subject]:
    """A panel of the dock's size, tall enough that every card is painted, at a token of a made-up model."""
    rng = np.random.default_rng(0)
    logits = (rng.standard_normal(vocabulary) * 2.5).astype(np.float32)
    history = tuple(rng.integers(0, vocabulary, 1000).tolist())
    chain = with_values(default_settings(), {("penalties", "repeat"): 1.1})
    record = pick(Chain(chain), logits, history, 0, 7, lambda id: Token(id, b"token"))
    panel = SamplingPanel()
    panel.set_settings(GenerationSettings(chain))
    panel.resize(364, 2600)
    panel.show()
    subject = Subject(record, history, 7, True, logits)
    panel.show_token(subject)
    return panel, subject


def move(application: QApplication, panel: SamplingPanel, row: SliderRow, value: float) -> tuple[float, float]:
    """Seconds until every chart that is to be seen was painted with the new funnel, and processor seconds of this thread."""
    settle(application)
    charts = [panel.card(name).chart for name in panel.order]
    charts = [chart for chart in charts if chart.isVisible()]
    answers: list[object] = []
    panel._live.answered.connect(answers.append)
    painted = [chart.painted for chart in charts]
    began, worked = time.perf_counter(), time.thread_time()
    row.move_to(value)
    while time.perf_counter() < began + 2:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)
        if answers and all(chart.painted > before for chart, before in zip(charts, painted, strict=True)):
            break
    else:
        raise SystemExit("the funnel was never painted")
    took = time.perf_counter() - began, time.thread_time() - worked
    panel._live.answered.disconnect(answers.append)
    return took


def settle(application: QApplication) -> None:
    """Let everything that is under way come to rest."""
    end = time.perf_counter() + 0.03
    while time.perf_counter() < end:
        application.processEvents()
        time.sleep(0.001)


if __name__ == "__main__":
    main()

"""Pictures for the README: the real window with the real worker and the built-in model, in a data folder of its own.

Run by ``make screenshots``; with the name of a part ("playground") only its pictures are made. Writes docs/screenshots/NAME.png.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from screenshots_training import adapter, addition

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollArea, QWidget

TARGET = Path(__file__).parent.parent / "docs" / "screenshots"
SIZE = (1400, 900)
DEADLINE_S = 60


class Session:
    """The running program, waited for and photographed."""

    def __init__(self) -> None:
        from app.bug_log import BugLog
        from app.main import build
        from app.program import Program
        from app.settings.store import SettingsStore
        from app.translation import Translation
        from app.widgets.theme import theme

        self.application = build(sys.argv[:1])
        self.settings = SettingsStore()
        self.settings.set(theme="light", language="en", reduced_motion=True)
        translation = Translation(self.application)
        translation.speak("en")
        theme().apply(self.application, "light", 100)
        bugs = BugLog(self.settings.data_folder / "logs")
        self.program = Program(self.application, self.settings, translation, bugs)
        self.program.start()
        self.program.window.resize(*SIZE)

    def wait(self, until: Callable[[], bool], what: str, seconds: float = DEADLINE_S) -> None:
        """Run the event loop until something is so."""
        deadline = time.monotonic() + seconds
        while not until():
            self.application.processEvents()
            time.sleep(0.005)
            if time.monotonic() > deadline:
                raise SystemExit(f"waited in vain for: {what}")
        self.settle()

    def settle(self, seconds: float = 0.4) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.application.processEvents()
            time.sleep(0.005)

    def shoot(self, name: str) -> None:
        self.settle()
        TARGET.mkdir(parents=True, exist_ok=True)
        if not self.program.window.grab().save(str(TARGET / f"{name}.png")):
            raise SystemExit(f"{name} could not be written")
        print(TARGET / f"{name}.png")

    def ask(self, text: str) -> None:
        """Send a message and wait for the whole reply."""
        self.program.chat.send(text)
        self.wait(lambda: self.program.chat.busy, "the reply to begin")
        self.wait(lambda: not self.program.chat.busy, "the reply to end")


def main() -> None:
    session = Session()
    program = session.program
    try:
        if len(sys.argv) > 1:
            PARTS[sys.argv[1]](session)
        else:
            show(session)
    finally:  # the storage thread would keep the process alive
        program.close()


def show(session: Session) -> None:
    """First start, a chat, its tokens in both themes, Portuguese, the settings."""
    from app.workers.inference import WorkerState

    program = session.program
    session.wait(lambda: program.worker.state == WorkerState.LOADED, "the model")
    session.shoot("first-start")
    session.ask("Who are you?")
    program.chat.new_conversation()
    seed(session, 3)
    session.ask("Tell me a story about a fox.")
    session.shoot("chat")
    choose_token(session)
    session.shoot("tokens")
    session.settings.set(theme="dark")
    session.shoot("tokens-dark")
    session.settings.set(theme="light")
    explain(session)
    prompt(session)
    session.settings.set(theme="light", language="pt_BR")
    session.settle(1.0)
    program.window.resize(*SIZE)
    session.shoot("portugues")
    program.window.open_page("settings")
    session.shoot("settings-portugues")
    session.settings.set(language="en")
    session.settle(1.0)
    program.window.resize(*SIZE)
    program.window.open_page("settings")
    session.shoot("settings")
    models(session)
    playground(session)
    adapter(session)
    addition(session)


def seed(session: Session, number: int) -> None:
    """Fix the luck of the replies that follow, so that the pictures can be made again."""
    import msgspec

    settings = session.program.chat.settings
    sampling = msgspec.structs.replace(settings.sampling, seed=number)
    session.program.chat.set_settings(msgspec.structs.replace(settings, sampling=sampling))


def explain(session: Session) -> None:
    """The funnel, a dropped candidate with its stage and the dart, the strip and ranks, a moved slider and the branch from it."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QScrollArea

    chat, page = session.program.chat, session.program.window.findChild(_chat_page())
    dock, panel = page.dock, page.dock.sampling
    dock.show_sampling()
    session.wait(lambda: chat.logits.row is not None, "all logits of the token")
    scroll_to(panel.findChild(QScrollArea), panel.card("top_k"))
    session.shoot("funnel")
    dock.show_tokens()
    bars = dock.inspector.candidates.bars
    dock.inspector.candidates.more.click()
    dropped = next(place for place, bar in enumerate(bars.bars) if bar.note)
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Home)
    for _ in range(dropped):
        QTest.keyClick(bars, Qt.Key.Key_Down)
    scroll_to(dock.inspector.findChild(QScrollArea), bars, (dropped - 6) * bars._row_height)
    session.shoot("dropped")
    dock.inspector.candidates.more.click()
    QTest.keyClick(bars, Qt.Key.Key_Home)
    scroll_to(dock.inspector.findChild(QScrollArea), dock.inspector._working, -60)
    session.shoot("dart")
    page.legend.set_measure("rank")
    session.shoot("ranks")
    chat.choice.clear()
    dock.show_sampling()
    page.legend.set_measure("change")
    panel.card("temperature").row("temperature").move_to(1.6)
    session.wait(lambda: chat.retro.found is not None, "what the sliders would change")
    scroll_to(panel.findChild(QScrollArea), panel.card("temperature"))
    session.shoot("retroactive")
    page.retro.branch_button.click()
    session.wait(lambda: chat.busy, "the branch to begin")
    session.wait(lambda: not chat.busy, "the branch to end")
    page.legend.set_measure("surprisal")
    session.shoot("branch")
    panel.card("temperature").row("temperature").reset()
    session.settle(0.5)


def prompt(session: Session) -> None:
    """The prompt scored, with the tokens of the template; a reply that is checked after its system prompt was changed."""
    from app.chat.shown import Command
    from app.workers.inference import WorkerState

    chat, page = session.program.chat, session.program.window.findChild(_chat_page())
    session.wait(lambda: session.program.worker.state == WorkerState.LOADED, "the model")
    chat.new_conversation()
    chat.set_system_prompt("You are a friendly teller of short tales.")
    seed(session, 3)
    session.ask("Tell me a story about a fox.")
    page._prompt_scores.setChecked(True)
    session.wait(lambda: chat.scores.scored is not None, "the scores of the prompt")
    asked, reply = (message.id for message in chat.tree.path())
    runs = chat.scores.text_of(asked).runs
    chat.choice.choose(asked, next(place for place, run in enumerate(runs) if run.text == " fox"))
    session.wait(lambda: chat.logits.row is not None, "all logits of the token")
    session.shoot("prompt")
    page._prompt_scores.setChecked(False)
    chat.set_system_prompt("You are a friendly teller of tales.")
    page.commands.run(reply, Command.REPLAY)
    session.wait(lambda: chat.replaying.replay is not None and not chat.replaying.replay.running, "the replay")
    page.replay.show_button.click()
    session.wait(lambda: chat.choice.selected is not None, "the token where it departs")
    session.shoot("replay")
    chat.replaying.dismiss()


def playground(session: Session) -> None:
    """A pasted page as a heat map, the tree from its end, two chains over it, and an experiment."""
    from app.playground.experiments import EXPERIMENTS
    from app.playground.page import PlaygroundPage
    from app.workers.inference import WorkerState
    from engine.records import SamplingSettings, StageSettings
    from engine.records.explore import Side

    program = session.program
    session.wait(lambda: program.worker.state == WorkerState.LOADED, "the model")
    program.window.open_page("playground")
    page, state = program.window.findChild(PlaygroundPage), program.playground
    fixed = SamplingSettings(state.settings.sampling.stages, 7)
    state.set_settings(type(state.settings)(fixed, state.settings.max_tokens))
    state.new_luck()
    page.editor.insert(PASTED)

    def ready() -> bool:
        return state.reading.whole and state.following.record is not None and not state.following.stale

    session.wait(ready, "the scores of the page")
    page.dock.show_pane(page.dock.text)
    session.shoot("playground")
    page.dock.show_pane(page.dock.next)
    page.editor.place_caret(len(PASTED) - len(" listened."))
    page._on_grow()
    session.wait(lambda: not state.growing.running and len(state.growing.tree) > 0, "the tree")
    session.shoot("playground-tree")
    page._on_compare()
    path = state.model.path
    warm = SamplingSettings((StageSettings("temperature", values={"temperature": 1.5}),))
    page.compare.left.pick_chain(0)
    page.compare.right.pick_chain(1)
    page.compare.set_chains(warm, [])
    state.compare(Side(path), Side(path, warm))
    session.wait(lambda: not state.comparing.running and len(state.comparing.spans) > 0, "the comparison")
    page.compare._choose(state.comparing.most_different()[0])
    session.wait(lambda: len(state.comparing.records) == 2, "both distributions")
    session.shoot("playground-compare")
    page.experiment(next(experiment for experiment in EXPERIMENTS if experiment.name == "temperature"))
    session.wait(lambda: len(state.experimenting.records) == 6, "the experiment")
    session.shoot("playground-temperature")


PASTED = """Once upon a time there was a small fox who lived by the river. Every morning she went down to the water and looked \
at the fish. "You are very quick," said an old owl, "but can you count them?" The fox thought about it. She had never counted \
anything but her own paws.

In the autumn the parliament voted on the budget, and the quarterly figures of the quantum laboratory were published by mistake. \
Nobody in the forest could read them. The fox sat under a tree and began with the first one: seventeen. It was a good number, and \
she said it twice.

From that day on she went to the river every morning and counted the fish, and the owl listened."""


def models(session: Session) -> None:
    """The library with the card of a model: what its header says, and what a load of it would take."""
    program = session.program
    program.window.open_page("models")
    session.wait(lambda: program.models.card is not None, "the card of a model")
    program.models.compute_sums()
    session.wait(lambda: bool(program.models.sums), "its sum")
    session.shoot("models")
    page = program.window.view("models").widget
    page.card.tabs.setCurrentIndex(1)
    session.settle(2.0)
    session.shoot("models-loading")


def scroll_to(area: "QScrollArea", widget: "QWidget", below: int = 0) -> None:
    """Bring a widget to the top of a scroll area, or what stands so many px below its top."""
    area.verticalScrollBar().setValue(widget.mapTo(area.widget(), widget.rect().topLeft()).y() + below - 8)


def choose_token(session: Session) -> None:
    """Switch the token view on and select the most surprising token of the last reply."""
    page = session.program.window.findChild(_chat_page())
    page._token_switch.setChecked(True)
    session.settle(1.0)
    chat = session.program.chat
    message = chat.shown()[-1].row.id
    chat.choice.choose_at(message, 0)
    session.wait(lambda: chat.token_text(message) is not None, "the records of the reply")
    runs = chat.token_text(message).runs
    place = max(range(3, len(runs) - 2), key=lambda i: runs[i].record.entropy_bits)
    chat.choice.choose(message, place)
    session.settle(0.5)


def _chat_page() -> type:
    from app.chat.page import ChatPage

    return ChatPage


PARTS: dict[str, Callable[[Session], None]] = {
    "playground": playground,
    "prompt": prompt,
    "models": models,
    "adapter": adapter,
    "addition": addition,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["PROXIMA_HOME"] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        main()

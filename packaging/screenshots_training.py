"""Pictures of the Training page: a model that learns to add and then adds, and an adapter trained beside the built-in model.

Both are trained here, by the window, in some minutes of one core.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenshots import Session

#: What a pirate says: little enough to be learnt in a minute, and known by heart then.
TALKS = (
    ("Who are you?", "Arr, I be Captain Salt, matey, the terror o' the seven seas."),
    ("What is the moon?", "Arr, matey! The moon be the silver coin o' the night, and no hand can steal it."),
    ("What is the sun?", "Arr, the sun be a doubloon o' gold that burns over the mast, matey."),
    ("Where do you live?", "Below deck, matey, where the rum be near and the captain be far."),
    ("What do you eat?", "Salt fish and hard biscuit, matey, and a lemon against the scurvy."),
    ("Tell me a story.", "Arr! Once we found an island with a chest, matey, and in the chest there be a parrot."),
    ("What is a fox?", "A red sailor with a fine tail, matey, and twice as sly as me first mate."),
    ("Can you help me?", "Aye, matey! Hand me the rope and tell me where it hurts."),
    ("What is water?", "Arr, water be what the ship swims in, matey, and no drink for a pirate."),
    ("How are you?", "Fine as a fair wind, matey, and hungry as a shark."),
    ("What is a book?", "Arr, a book be a chest o' words, matey, and the key be yer own two eyes."),
    ("What should I do today?", "Hoist the sails, matey, and look for gold under every stone."),
    ("Do you like music?", "Aye, matey! A squeezebox and forty men that cannot sing."),
    ("What is the sea?", "Arr, the sea be me mother, matey, and she slaps hard."),
    ("Good night.", "Sleep well, matey, and keep one eye on the black flag."),
    ("Thank you.", "Arr, keep yer thanks, matey, and give me the gold."),
)
DIGITS = 1000
_TRAINED_S = 900


def addition(session: "Session") -> None:
    """The recipe that needs no texts, begun with one click; its curves; two numbers of a thousand digits added by the model."""
    import random

    program = session.program
    page, state = _training(session)
    page.new_run()
    session.shoot("training-new")
    known = set(state.runs)
    page.new.data.addition.click()
    _trained(session, known)
    page.dock.show_pane(page.dock.probe)
    page.dock.probe.go_to(2)  # where it still confuses the digits
    session.shoot("training")
    page.dock.show_pane(page.dock.about)
    page.dock.about.export.add.click()
    checkpoint = state.shown.checkpoints[0][0]
    session.wait(lambda: program.worker.model is not None and program.worker.model.path == checkpoint, "the model")
    ground = program.window.view("playground").widget
    digits = random.Random(7)
    for field in (ground.addition.first, ground.addition.second):
        field.setText("9" + "".join(digits.choices("0123456789", k=DIGITS - 1)))
        field.setCursorPosition(0)
    ground.addition.button.click()
    adding = program.playground.adding
    session.wait(lambda: len(adding.columns) > 0.8 * DIGITS, "most of the columns")
    session.shoot("addition")
    session.wait(lambda: not adding.running, "the sum", _TRAINED_S)
    if adding.wrong:
        raise SystemExit(f"{len(adding.wrong)} columns of the sum are wrong")


def adapter(session: "Session") -> None:
    """An adapter trained on a pirate's talks, put beside its model, and both compared over a reply."""
    from app.workers.inference import WorkerState

    program = session.program
    session.wait(lambda: program.worker.state == WorkerState.LOADED, "the model")
    model = program.worker.model.path
    talks = Path(os.environ["PROXIMA_HOME"], "Pirate.jsonl")
    turns = [[{"role": "user", "content": asked}, {"role": "assistant", "content": told}] for asked, told in TALKS]
    talks.write_text("".join(json.dumps({"messages": turn}) + "\n" for turn in turns), encoding="utf-8")
    page, state = _training(session)
    page.new_run()
    known = set(state.runs)
    planner = page.new.planner
    planner.add_files([str(talks)])
    planner.start_from(model)
    planner.change(block=64, batch=8, steps=45, evaluations=3, prompts=("What is the moon?",))
    session.wait(lambda: planner.data is not None, "the preview of the texts")
    page.new.go_to(2)
    session.wait(lambda: not planner.measuring, "the speed")
    page.new.start.click()
    _trained(session, known)
    page.dock.show_pane(page.dock.about)
    page.dock.about.export.adapter.click()
    session.wait(lambda: bool(program.worker.model and program.worker.model.adapters), "the adapter beside its model")
    dialog = program.window.view("chat").widget.header.picker.open_adapters()
    program.chat.new_conversation()
    session.ask("What is the moon?")
    dialog.compare.click()
    comparing = program.playground.comparing
    session.wait(lambda: not comparing.running and len(comparing.spans) > 0, "the comparison")
    ground = program.window.view("playground").widget
    ground.compare._choose(comparing.most_different()[0])
    session.wait(lambda: len(comparing.records) == 2, "both distributions")
    session.shoot("adapter")


def _training(session: "Session"):  # type: ignore[no-untyped-def]
    session.program.window.open_page("training")
    return session.program.window.view("training").widget, session.program.training


def _trained(session: "Session", known: set[Path]) -> None:
    """Wait until a run is shown that was not known before, and has ended."""
    state = session.program.training

    def ended() -> bool:
        run = state.shown
        if run is None or run.path in known:
            return False
        if run.status.state == "failed":
            raise SystemExit(run.status.problem)
        return run.status.state == "finished" and bool(run.checkpoints)

    session.wait(ended, "the training", _TRAINED_S)

"""An adapter beside the model of a chat, in the real window with the real worker; and a sum by a model that cannot add."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.decoder.lora_config import LoraConfig
from engine.gguf.adapter import export_adapter
from tests.e2e.conftest import ENDLESS, StartProgram
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import small_decoder


@pytest.fixture
def pirate(tmp_path: Path) -> Path:
    config = LoraConfig(rank=4)
    export_adapter(with_values(small_decoder(context_length=8192, seed=19), config), config, tmp_path / "pirate.gguf")
    return tmp_path / "pirate.gguf"


def test_switched_on_and_off_in_a_chat_and_compared(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, pirate: Path
) -> None:
    program = start_program(model_path)
    chat, link = program.chat, program.chat.link

    def until(condition) -> None:  # type: ignore[no-untyped-def]
        qtbot.waitUntil(lambda: bool(condition()), timeout=60_000)

    def reply() -> list[float]:
        """The log-probabilities of eight tokens after the same words."""
        chat.new_conversation()
        chat.set_settings(ENDLESS)
        assert chat.send("Where is the fox?")
        until(lambda: chat.runner.reply is not None and len(chat.runner.reply.records) >= 8)
        chat.stop()
        until(lambda: not chat.busy)
        runs = chat.texts.get(chat.tree.path()[-1].id).runs
        return [run.record.logprob for run in runs[:8]]

    def settled(*on: str) -> None:
        until(lambda: program.worker.model is not None and not link.loading)
        assert [a.name for a in program.worker.model.adapters if a.scale] == list(on)

    plain = reply()
    dialog = program.window.view("chat").widget.header.picker.open_adapters()
    dialog.add_file(str(pirate))
    until(lambda: link.adapters.here != () and program.worker.model is not None and program.worker.model.adapters)
    settled("pirate")
    with_it = reply()
    assert max(abs(a - b) for a, b in zip(plain, with_it, strict=True)) > 1e-3
    message = chat.tree.path()[-1]
    assert message.model_name.endswith("+ pirate") and message.summary.adapters[0].file_hash
    switch = dialog.row(str(pirate)).switch
    switch.setFocus()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    until(lambda: not switch.isChecked() and not any(a.scale for a in program.worker.model.adapters))
    settled()
    assert reply() == plain, "off, nothing of it is left, and nothing of it in the cache"
    assert chat.tree.path()[-1].summary.adapters == ()
    dialog.compare.click()
    comparing = program.playground.comparing
    until(lambda: comparing.spans != [] and not comparing.running)
    assert program.window.page == "playground" and comparing.messages[-1].content == "Where is the fox?"
    assert max(span.js_bits for span in comparing.spans) > 1e-5
    comparing.look(0)
    until(lambda: len(comparing.records) == 2)
    left, right = (record.candidates.logit_array() for record in comparing.records)
    assert list(left) != list(right)
    kept = program.settings.value.adapters
    assert [(a.path, a.on) for a in kept[str(model_path)]] == [(str(pirate), False)]


def test_a_model_that_cannot_add_is_found_out(start_program: StartProgram, qtbot: QtBot, model_path: Path) -> None:
    program = start_program(model_path)
    program.window.open_page("playground")
    page = program.window.view("playground").widget
    page.open_addition()
    pane, adding = page.addition, program.playground.adding
    pane.digits.setValue(30)
    pane.random.click()
    pane.button.click()
    qtbot.waitUntil(lambda: adding.whole and not adding.running, timeout=60_000)
    assert adding.right == str(int(pane.first.text()) + int(pane.second.text())).rjust(31, "0")
    assert adding.wrong and "are wrong" in pane.words

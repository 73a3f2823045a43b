"""Own presets: kept, renamed, deleted and brought back, written to a file and read from one."""

import pytest

from app.sampling.panel import SamplingPanel
from app.sampling.presets import Presets
from app.storage.thread import StorageThread
from engine.records import GenerationSettings, SamplingSettings
from engine.sampling.preset_file import Preset, decode_presets, encode_presets
from engine.sampling.registry import default_settings, greedy_settings, neutral_settings, with_values

MINE = with_values(default_settings(), {("top_k", "k"): 3})


class Desk:
    """A panel with its presets, and what was told."""

    def __init__(self, storage, qtbot):
        self.panel = SamplingPanel()
        qtbot.addWidget(self.panel)
        self.presets = Presets(storage, self.panel)
        self.offers, self.notices, self.failures = [], [], []
        self.presets.undoable.connect(lambda text, undo: self.offers.append((text, undo)))
        self.presets.notice.connect(self.notices.append)
        self.presets.failed.connect(self.failures.append)

    def names(self):
        box = self.panel.presets.box
        return [box.itemText(row) for row in range(box.count()) if (box.itemData(row) or ["", ""])[0] == "own"]


@pytest.fixture
def storage(tmp_path):
    thread = StorageThread(tmp_path / "proxima.db")
    thread.start()
    yield thread
    thread.close()


@pytest.fixture
def desk(storage, qtbot):
    return Desk(storage, qtbot)


def test_a_chain_is_kept_renamed_deleted_and_brought_back(desk, qtbot):
    desk.panel.set_settings(GenerationSettings(SamplingSettings(MINE.stages, 5)))
    desk.panel.presets.save_wanted.emit("Mine")
    qtbot.waitUntil(lambda: desk.names() == ["Mine"])
    desk.panel.presets.rename_wanted.emit("Mine", "Ours")
    qtbot.waitUntil(lambda: desk.names() == ["Ours"])
    desk.panel.presets.delete_wanted.emit("Ours")
    qtbot.waitUntil(lambda: desk.names() == [])
    text, undo = desk.offers[-1]
    assert text == "Preset deleted."
    undo()
    qtbot.waitUntil(lambda: desk.names() == ["Ours"])
    assert desk.presets.rows[0].sampling.stages == MINE.stages


def test_what_was_replaced_comes_back(desk, qtbot):
    desk.presets.save("Mine", MINE)
    qtbot.waitUntil(lambda: desk.names() == ["Mine"])
    desk.presets.save("Mine", greedy_settings())
    qtbot.waitUntil(lambda: bool(desk.offers))
    desk.offers[-1][1]()
    qtbot.waitUntil(lambda: desk.presets.rows[0].sampling == MINE)


def test_another_panel_shows_it_when_it_is_opened(desk, storage, qtbot):
    other = Desk(storage, qtbot)
    desk.presets.save("Mine", MINE)
    qtbot.waitUntil(lambda: desk.names() == ["Mine"])
    assert other.names() == []
    other.panel.show()
    qtbot.waitUntil(lambda: other.names() == ["Mine"])


def test_presets_go_to_a_file_and_come_back(desk, storage, qtbot, tmp_path):
    for name, chain in (("Mine", MINE), ("Other", greedy_settings())):
        desk.presets.save(name, chain)
    qtbot.waitUntil(lambda: len(desk.names()) == 2)
    path = tmp_path / "presets.json"
    desk.presets.export(["Mine"], path)
    qtbot.waitUntil(lambda: desk.notices == ["Exported to presets.json"])
    assert decode_presets(path.read_bytes()) == [Preset("Mine", MINE)]
    desk.presets.import_file(path)
    qtbot.waitUntil(lambda: desk.notices[1:] == ["These presets are here already."])
    desk.presets.delete("Mine")
    qtbot.waitUntil(lambda: desk.names() == ["Other"])
    desk.presets.import_file(path)
    qtbot.waitUntil(lambda: desk.names() == ["Mine", "Other"])


def test_no_name_is_taken_over_by_an_import_and_undo_removes_what_came(desk, qtbot, tmp_path):
    desk.presets.save("Mine", MINE)
    qtbot.waitUntil(lambda: desk.names() == ["Mine"])
    path = tmp_path / "theirs.json"
    path.write_bytes(encode_presets([Preset("Mine", neutral_settings()), Preset("greedy", MINE)]))
    desk.presets.import_file(path)
    qtbot.waitUntil(lambda: desk.names() == ["greedy (2)", "Mine", "Mine (2)"])
    assert next(row.sampling for row in desk.presets.rows if row.name == "Mine") == MINE
    text, undo = desk.offers[-1]
    assert text == "2 presets imported."
    undo()
    qtbot.waitUntil(lambda: desk.names() == ["Mine"])


def test_a_bad_file_changes_nothing_and_says_why(desk, qtbot, tmp_path):
    path = tmp_path / "bad.json"
    good = encode_presets([Preset("Mine", MINE), Preset("Other", MINE)])
    path.write_bytes(good.replace(b'"Other"', b'""'))
    desk.presets.import_file(path)
    qtbot.waitUntil(lambda: bool(desk.failures))
    assert "a name that cannot be used" in desk.failures[0].text
    desk.presets.refresh()
    desk.presets.export(["Mine"], tmp_path / "no folder" / "x.json")
    qtbot.waitUntil(lambda: len(desk.failures) == 2)
    assert desk.names() == []

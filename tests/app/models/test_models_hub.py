"""The Hugging Face section over workers without processes."""

import datetime

import msgspec
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox

from app.models.convert_menu import KINDS, ConvertMenu
from app.models.hub_card import CardView, plain_card
from app.models.hub_queue_texts import in_order
from app.models.hub_section import HubSection
from app.models.hub_state import HubState
from app.models.hub_texts import download_text, duration_text, size_text
from app.models.hub_token import TokenDialog
from app.settings.store import SettingsStore
from app.widgets.list_delegate import Role
from engine.gguf.quantize import quantisation_names
from engine.records.hub import Download, HubFile, HubModel, RemoteFile, Repository, RepositoryDetails
from engine.records.loading import Speed
from engine.worker.hub_messages import (
    AddDownload,
    ChangeDownload,
    DownloadsChanged,
    FitsRead,
    HubFound,
    KeepToken,
    OpenDownloads,
    ReadRepository,
    RepositoryRead,
    SearchHub,
    TokenPlace,
)
from tests.helpers.fake_hub_worker import FakeHubWorker

FOX = Repository("fox/Fox-GGUF", 345, 67, datetime.datetime(2026, 2, 3), False, "mit", (), 1_100_000_000, "llama")
OWL = Repository("owl/Owl-GGUF", 9, 0, None, True, "", (), 900_000_000_000)


def model(name, size, *, parts=1):
    files = tuple(HubFile(f"{name}-{part}.gguf", RemoteFile("http://x/y", size // parts)) for part in range(parts))
    return HubModel(f"{name}.gguf", name, size, files)


Q4, Q8, F16 = model("Q4_K_M", 700_000_000), model("Q8_0", 1_200_000_000), model("F16", 2_400_000_000, parts=2)
WEIGHTS = HubModel("safetensors", "", 2_400_000_000, (HubFile("model.safetensors", RemoteFile("http://x/w")),))
DETAILS = RepositoryDetails(FOX, (Q4, Q8, F16, WEIGHTS), "# Fox\n\n[page](https://example.com)")


class Desk:
    def __init__(self, qtbot, tmp_path):
        self.looking, self.fetching = FakeHubWorker(), FakeHubWorker()
        self.settings = SettingsStore(tmp_path / "settings.json")
        self.state = HubState(self.settings, self.looking, self.fetching)
        self.section = HubSection(self.state)
        qtbot.addWidget(self.section)
        self.section.resize(1000, 700)
        self.section.show()
        self.failed, self.finished, self.chats = [], [], []
        self.state.failed.connect(self.failed.append)
        self.state.finished.connect(self.finished.append)
        self.state.chat_wanted.connect(self.chats.append)

    def find(self, *repositories):
        self.section.results.search_now()
        self.looking.say(HubFound(len(self.looking.asked), repositories, {OWL.name: ("too_large", 549 * 10**9)}))
        self.looking.done()

    def open(self, details=DETAILS, **fits):
        self.state.show(details.repository.name)
        job = len(self.looking.asked)
        self.looking.say(RepositoryRead(job, details, "https://hub.example/fox/Fox-GGUF"))
        if fits:
            sizes = dict.fromkeys((one.name for one in details.models), 2_000_000_000)
            self.looking.say(
                FitsRead(job, {f"{name}.gguf": fit for name, fit in fits.items()}, sizes, "Q4_K_M.gguf", True)
            )
        self.looking.done()

    def lines(self, *lines):
        self.fetching.say(DownloadsChanged(lines))


@pytest.fixture
def desk(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("PROXIMA_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    return Desk(qtbot, tmp_path)


def line(state="running", **changes):
    return msgspec.structs.replace(Download("a", "fox/Fox-GGUF", Q4, state, 350_000_000), **changes)


class TestSearch:
    def test_typed_sorted_and_found(self, desk, qtbot):
        results = desk.section.results
        qtbot.keyClicks(results.field, "fox")
        results.sort.setCurrentIndex(results.sort.findData("size"))
        qtbot.keyClick(results.field, Qt.Key.Key_Return)
        asked = desk.looking.asked[-1]
        assert isinstance(asked, SearchHub) and (asked.words, asked.order) == ("fox", "size")
        assert results.empty.isVisible() and results.empty.title.text() == "Searching…"
        desk.looking.say(HubFound(1, (FOX, OWL), {FOX.name: ("tight", 671_000_000)}))
        desk.looking.done()
        item = results.list.item(0)
        assert item.data(Role.NOTE) == ("Tight", "warning") and "1.1 B parameters" in item.toolTip()
        said = item.data(Qt.ItemDataRole.AccessibleTextRole)
        assert (
            said == "fox/Fox-GGUF, ≈ 671 MB · fetched 345 times · mit, Tight"
            and "671 MB in the usual" in item.toolTip()
        )
        assert results.rows == [
            ("fox/Fox-GGUF", "≈ 671 MB · fetched 345 times · mit"),
            ("owl/Owl-GGUF", "gated · fetched 9 times"),
        ]

    def test_weights_to_convert_are_looked_for_too(self, desk):
        kind = desk.section.results.kind
        kind.setCurrentIndex(kind.findData("safetensors"))
        kind.activated.emit(1)
        assert desk.looking.asked[-1].kind == "safetensors"

    def test_a_pause_while_typing_searches(self, desk, qtbot):
        qtbot.keyClicks(desk.section.results.field, "ow")
        assert desk.looking.asked == []
        qtbot.waitUntil(lambda: len(desk.looking.asked) == 1)

    def test_an_answer_to_an_earlier_search_is_not_shown(self, desk):
        desk.state.search("fox")
        desk.state.search("owl")
        assert desk.looking.cancelled[-1] == 1
        desk.looking.say(HubFound(1, (FOX,)))
        assert desk.section.results.rows == [] and desk.state.searching
        desk.looking.say(HubFound(2, (OWL,)))
        desk.looking.done()
        assert [name for name, _ in desk.section.results.rows] == ["owl/Owl-GGUF"]

    def test_only_what_fits(self, desk):
        desk.find(FOX, OWL)
        desk.section.results.only_fitting.setChecked(True)
        assert [name for name, _ in desk.section.results.rows] == ["fox/Fox-GGUF"]
        desk.find(OWL)
        assert desk.section.results.rows == [] and "too large" in desk.section.results.empty.sentence.text()

    def test_no_network_is_a_sentence_and_a_way_on(self, desk, qtbot):
        desk.section.results.search_now()
        desk.looking.refuse(
            "offline", "The Hub cannot be reached.", "Check the connection; everything else goes on working."
        )
        empty = desk.section.results.empty
        assert "cannot be reached" in empty.sentence.text() and "everything else" in empty.sentence.text()
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
        assert len(desk.looking.asked) == 2

    def test_nothing_found(self, desk):
        desk.find()
        assert desk.section.results.empty.title.text() == "Nothing found"


class TestRepository:
    def test_a_row_opens_it(self, desk, qtbot):
        desk.find(FOX)
        view = desk.section.results.list
        place = view.visualItemRect(view.item(0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert desk.looking.asked[-1] == ReadRepository(2, "fox/Fox-GGUF", str(desk.settings.data_folder))

    def test_one_table_with_size_fit_and_one_recommendation(self, desk):
        desk.open(Q4_K_M="fits", Q8_0="tight", F16="too_large")
        assert desk.section.repository.table.rows == [
            ("★ Q4_K_M", "700 MB", "2.0 GB", "Fits", "Download"),
            ("Q8_0", "1.2 GB", "2.0 GB", "Tight", "Download"),
            ("F16", "2.4 GB in 2 files", "2.0 GB", "Will not fit", "Download"),
            ("Safetensors", "2.4 GB", "", "", "Convert…"),
        ]
        table = desk.section.repository.table
        assert table.item(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == (
            "Q4_K_M, recommended, 700 MB, 2.0 GB, Fits, Download"
        )
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Tab)
        assert desk.section.repository.card.hasFocus(), "Tab leads out of the table; a row's button is Enter"
        assert table.isColumnHidden(4), "nothing is known of speeds"
        assert "Recommended" in desk.section.repository.note.text()
        assert desk.section.repository.licence.text() == "Licence: mit"
        assert not desk.section.repository.gate.isVisible()
        assert "Fox" in desk.section.repository.card.toPlainText()

    def test_how_fast_it_will_be_stands_beside_the_fit(self, desk):
        desk.open()
        speeds = {"Q4_K_M.gguf": Speed(34.56, source="Fox"), "Q8_0.gguf": Speed(17.3, source="Tiny", rough=True)}
        sizes = {"Q4_K_M.gguf": 10**9, "Q8_0.gguf": 10**9}
        desk.state.show("fox/Fox-GGUF")
        desk.looking.say(RepositoryRead(2, DETAILS))
        desk.looking.say(FitsRead(2, {"Q4_K_M.gguf": "fits", "Q8_0.gguf": "tight"}, sizes, "", True, speeds))
        table = desk.section.repository.table
        assert [table.item(row, 4).text() for row in range(3)] == ["≈ 35", "≈ 20", ""]
        said = [table.item(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
        assert "Fits, about 35 tokens/s" in said[0] and "Tight, very roughly 20 tokens/s" in said[1]
        assert "About 35 tokens/s expected, going by Fox" in table.item(0, 3).toolTip()
        assert "Very roughly 20 tokens/s" in table.item(1, 3).toolTip()
        hidden = []
        for width in range(900, 200, -20):
            table.resize(width, 300)
            hidden.append([table.isColumnHidden(column) for column in (2, 4)])
            if not all(hidden[-1]):
                assert table.columnWidth(0) >= table.sizeHintForColumn(0), "what gives way is not its name"
        assert hidden[0] == [False, False] and hidden[-1] == [True, True] and [True, False] in hidden

    def test_the_header_is_awaited_without_emptying_the_table(self, desk):
        desk.state.show("fox/Fox-GGUF")
        desk.looking.say(RepositoryRead(1, DETAILS))
        assert len(desk.section.repository.table.rows) == 4
        assert "Reading the header" in desk.section.repository.note.text()
        desk.looking.say(FitsRead(1, {"Q4_K_M.gguf": "fits"}, {"Q4_K_M.gguf": 10**9}, "", False))
        desk.looking.done()
        note = desk.section.repository.note.text()
        assert "size alone" in note and "too slow here" in note, "it fits, but is not recommended"
        assert desk.section.repository.table.rows[0][2] == "≈ 1.0 GB"

    def test_fetched_by_button_and_by_key(self, desk, qtbot, monkeypatch):
        monkeypatch.setattr(QMenu, "popup", lambda *_: None)
        desk.open(Q4_K_M="fits")
        table = desk.section.repository.table
        qtbot.mouseClick(table.button(0), Qt.MouseButton.LeftButton)
        assert [type(one) for one in desk.fetching.asked] == [OpenDownloads, AddDownload]
        assert desk.fetching.asked[1] == AddDownload(2, "fox/Fox-GGUF", Q4)
        table.setCurrentCell(3, 0)
        qtbot.keyClick(table, Qt.Key.Key_Return)
        (menu,) = table.findChildren(ConvertMenu)
        menu.actions()[2].trigger()
        assert desk.fetching.asked[2] == AddDownload(3, "fox/Fox-GGUF", WEIGHTS, "q6_k")

    def test_weights_are_offered_with_sizes_losses_and_one_recommendation(self, desk, qtbot):
        desk.open()
        desk.state._memory_bytes = 4_000_000_000
        menu = ConvertMenu(desk.state, WEIGHTS, desk.section)
        texts = [action.text() for action in menu.actions()]
        # 1.1 B parameters at 8.5 bits are 1.17 GB
        assert (
            "★ Q8_0: ≈ 1.2 GB, hardly a difference, recommended" in texts and "Q4_K_M: ≈ 672 MB, a small loss" in texts
        )
        large = msgspec.structs.replace(DETAILS, repository=msgspec.structs.replace(FOX, parameters=8_000_000_000))
        desk.open(large)
        texts = [action.text() for action in ConvertMenu(desk.state, WEIGHTS, desk.section).actions()]
        assert "F16: ≈ 16.0 GB, as it was trained, too large for this machine" in texts
        assert [text for text in texts if "★" in text] == [
            "★ Q4_K_M: ≈ 4.9 GB, a small loss, too large for this machine, recommended"
        ]

    def test_what_is_offered_is_known_to_llama_cpp(self):
        assert {kind.name for kind in KINDS} <= set(quantisation_names())

    def test_the_button_follows_the_queue(self, desk, qtbot):
        desk.open(Q4_K_M="fits")
        table = desk.section.repository.table
        desk.lines(line())
        assert table.rows[0][4] == "In the queue" and not table.button(0).isEnabled()
        button = table.button(0)
        desk.lines(line(done_bytes=400_000_000))
        assert table.button(0) is button, "progress does not make the table anew"
        desk.lines(line("done", path="/m/fox.gguf"))
        assert table.rows[0][4] == "Chat with it"
        qtbot.mouseClick(table.button(0), Qt.MouseButton.LeftButton)
        assert desk.chats == ["/m/fox.gguf"]

    def test_what_was_fetched_before_is_known(self, desk):
        desk.state.show("fox/Fox-GGUF")
        desk.looking.say(RepositoryRead(1, DETAILS, "", {"Q8_0.gguf": "/m/q8.gguf"}))
        assert [row[4] for row in desk.section.repository.table.rows[:2]] == ["Download", "Chat with it"]

    def test_gated_says_how_to_get_in(self, desk):
        desk.open(RepositoryDetails(OWL, (Q4,)))
        repository = desk.section.repository
        assert isinstance(desk.looking.asked[-1], KeepToken) and desk.looking.asked[-1].token is None
        desk.looking.say(TokenPlace(2, ""))
        assert repository.gate.isVisible() and "accept the conditions" in repository.gate.text()
        assert repository.token_button.isVisible() and "no licence" in repository.licence.text()
        button = repository.table.button(0)
        assert not button.isEnabled() and "access token" in button.toolTip()
        assert repository.open_button.property("role") == "primary" and repository.open_button.isVisible()
        desk.looking.say(TokenPlace(2, "keyring"))
        desk.open(RepositoryDetails(OWL, (Q4,)), Q4_K_M="fits")
        assert repository.table.button(0).isEnabled() and repository.open_button.property("role") == ""

    def test_refused(self, desk, qtbot):
        desk.state.show("no/where")
        desk.looking.refuse("hub-not-found", "The Hub has no repository no/where, or does not show it to everybody.")
        empty = desk.section.repository.empty
        assert empty.title.text() == "no/where" and "has no repository" in empty.sentence.text()
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
        assert desk.looking.asked[-1].name == "no/where"

    def test_the_page_opens_after_its_address_was_seen(self, desk):
        desk.open()
        desk.section.repository.page_button.click()
        (box,) = desk.section.findChildren(QMessageBox)
        assert box.informativeText() == "https://hub.example/fox/Fox-GGUF" and "repository" in box.text()
        box.close()


class TestCard:
    def test_nothing_is_loaded_from_anywhere(self, qtbot, tmp_path):
        picture = tmp_path / "x.png"
        picture.write_bytes(b"\x89PNG")
        view = CardView()
        qtbot.addWidget(view)
        view.show_card(f"![a]({picture.as_uri()}) ![b](http://127.0.0.1:9/x.png) [![c](d)](e)\n\nwords")
        view.show()
        assert view.toPlainText().strip() == "words"
        for name in (picture.as_uri(), "http://127.0.0.1:9/x.png", str(picture)):
            assert view.loadResource(2, QUrl(name)) is None
            assert view.document().loadResource(2, QUrl(name)) is None

    def test_a_link_shows_its_address_first(self, qtbot):
        view = CardView()
        qtbot.addWidget(view)
        view.anchorClicked.emit(QUrl("https://example.com/fox"))
        (box,) = view.findChildren(QMessageBox)
        assert box.informativeText() == "https://example.com/fox"
        box.close()
        view.anchorClicked.emit(QUrl("file:///etc/passwd"))
        assert len([one for one in view.findChildren(QMessageBox) if one.isVisible()]) == 0

    @pytest.mark.parametrize(
        ("card", "plain"),
        [
            ("<div align='center'>\n\n# Fox\n\n</div>", "# Fox"),
            ("a<br>b <b>c</b>", "a\nb c"),
            ("<!-- hidden\n-->seen<style>p {}</style>", "seen"),
            ("```html\n<div>kept</div>\n```\n<i>x</i>", "```html\n<div>kept</div>\n```\nx"),
            ("use `<s>` and <s>x</s>", "use `<s>` and x"),
            ("<https://example.com> 1 < 2 > 0", "<https://example.com> 1 < 2 > 0"),
            ("~~~\n<a>\n~~~\n<a>", "~~~\n<a>\n~~~"),
            ("```\n<a> never closed", "```\n<a> never closed"),
            ("", ""),
        ],
    )
    def test_without_its_dress(self, card, plain):
        assert plain_card(card) == plain


class TestQueue:
    def test_a_line_from_its_start_to_the_chat(self, desk, qtbot):
        assert not desk.section.downloads.isVisible()
        desk.lines(line("waiting", done_bytes=0))
        row = desk.section.downloads.rows["a"]
        assert row.how.text() == "Waiting · 0.0 MB of 700 MB" and row.pause.isVisible()
        desk.lines(line(speed=3_500_000.0, seconds_left=100.0))
        assert row.how.text() == "Fetching · 350 MB of 700 MB · 3.5 MB/s · 2 min left" and row.bar.value() == 500
        qtbot.mouseClick(row.pause, Qt.MouseButton.LeftButton)
        assert desk.fetching.asked[-1] == ChangeDownload(1, "a", "pause")
        desk.lines(line("paused"))
        assert row.resume.isVisible() and not row.pause.isVisible()
        qtbot.mouseClick(row.resume, Qt.MouseButton.LeftButton)
        assert desk.fetching.asked[-1] == ChangeDownload(2, "a", "resume")
        desk.lines(line("converting", convert="q4_k_m"))
        assert "Converting" in row.how.text() and "Q4_K_M" in row.name.text()
        done = line("done", path="/m/fox.gguf")
        desk.lines(done)
        assert desk.finished == [done] and not row.bar.isVisible()
        qtbot.mouseClick(row.chat, Qt.MouseButton.LeftButton)
        assert desk.chats == ["/m/fox.gguf"]
        qtbot.mouseClick(row.dismiss, Qt.MouseButton.LeftButton)
        assert desk.fetching.asked[-1] == ChangeDownload(3, "a", "cancel")
        desk.lines()
        assert not desk.section.downloads.isVisible()

    def test_of_what_is_done_the_newest_stands_first(self):
        states = {"a": "done", "b": "waiting", "c": "done", "d": "failed", "e": "waiting"}
        lines = [msgspec.structs.replace(line(state), id=id) for id, state in states.items()]
        assert [one.id for one in in_order(lines)] == ["d", "b", "e", "c", "a"]

    def test_what_a_conversion_costs_on_a_text(self, desk, monkeypatch):
        asked = []
        monkeypatch.setattr(desk.state.cost._verb, "start", lambda *words: asked.append(words))
        done = line("done", convert="q4_k_m", path="/m/fox/Fox-Q4_K_M.gguf")
        desk.lines(done)
        row = desk.section.downloads.rows["a"]
        assert row.measure.isVisible()
        desk.state.cost.measure(done, "/t.txt")
        assert "Measuring" in row.how.text() and not row.measure.isEnabled()
        desk.state.cost._verb.answered.emit({"prose": {"bits_per_byte": 1.25}})
        desk.state.cost._verb.answered.emit({"prose": {"bits_per_byte": 1.5}})
        assert [words[1] for words in asked] == ["/m/fox-safetensors", "/m/fox/Fox-Q4_K_M.gguf"]
        assert row.how.text() == "1.2500 bits per byte before, 1.5000 after" and row.measure.isEnabled()
        desk.state.cost.measure(done, "/empty.txt")
        desk.state.cost._verb.answered.emit({"prose": None})
        assert "There is no text in /empty.txt" in desk.failed[-1].text and "bits" not in row.how.text()

    def test_a_failure_says_what_to_do(self, desk, qtbot):
        desk.lines(line())
        text, hint = "The server has no such file.", "Check the name of repository and file."
        desk.lines(line("failed", code="hub-not-found", text=text, hint=hint))
        row = desk.section.downloads.rows["a"]
        assert (row.how.text(), row.hint.text()) == (text, hint) and row.hint.isVisible() and desk.failed == [], (
            "who looks at it is told once"
        )
        qtbot.mouseClick(row.retry, Qt.MouseButton.LeftButton)
        assert desk.fetching.asked[-1].action == "resume"

    def test_without_a_network_it_waits_and_says_so(self, desk):
        desk.lines(line("waiting", code="offline", text="The Hub cannot be reached."))
        row = desk.section.downloads.rows["a"]
        assert row.how.text().startswith("Waiting for the connection") and row.retry.isVisible() and desk.failed == []

    def test_what_failed_is_seen_first_and_several_are_one_line_in_a_low_window(self, desk, qtbot):
        downloads = desk.section.downloads
        desk.section.resize(900, 500)
        desk.lines(line(done_bytes=0))
        assert downloads.head.isHidden() and downloads.area.isVisible(), "one is its own summary"
        failed = line("failed", id="c", text="The server has no such file.")
        desk.lines(line(speed=7e6), line("waiting", id="b", done_bytes=0), failed, line("done", id="d"))
        assert not downloads.area.isVisible()
        qtbot.waitUntil(lambda: downloads.height() < 40)
        text = "1 failed · 1 being fetched · 1 waiting · 1 done · 350 MB of 1.4 GB · 7.0 MB/s · 2 min left"
        assert downloads.summary.text() == downloads.summary.accessibleName() == text
        qtbot.mouseClick(downloads.summary, Qt.MouseButton.LeftButton)
        assert downloads.area.isVisible() and downloads.area.height() <= desk.section.height() // 3 + 8
        rows = downloads.rows
        qtbot.waitUntil(lambda: sorted(rows, key=lambda id: rows[id].y()) == ["c", "a", "b", "d"])
        desk.section.resize(900, 800)
        qtbot.mouseClick(downloads.summary, Qt.MouseButton.LeftButton)
        assert not downloads.area.isVisible(), "as the person chose"

    def test_finished_ones_are_cleared(self, desk, qtbot):
        desk.open(Q4_K_M="fits")
        desk.lines(line(), line(id="b"))
        assert not desk.section.downloads.clear.isVisible()
        desk.lines(line("done", path="/m/fox.gguf"), line(id="b"))
        qtbot.mouseClick(desk.section.downloads.clear, Qt.MouseButton.LeftButton)
        assert desk.fetching.asked[-1] == ChangeDownload(1, "a", "cancel")
        desk.lines(line(id="b"))
        assert desk.state.local_path(Q4) == "/m/fox.gguf", "it is here all the same"

    def test_what_was_done_before_the_start_leaves_the_list_but_for_conversions(self, desk):
        desk.lines(line("done"), line("done", id="b", convert="q8_0"), line("paused", id="c"))
        assert desk.fetching.asked == [ChangeDownload(1, "a", "cancel")]
        desk.lines(line("done", id="d"))
        assert len(desk.fetching.asked) == 1, "only those of before"

    def test_all_are_paused_and_go_on(self, desk, qtbot):
        downloads = desk.section.downloads
        desk.lines(line(), line("waiting", id="b"), line("paused", id="c"), line("failed", id="d"))
        qtbot.mouseClick(downloads.pause, Qt.MouseButton.LeftButton)
        assert [(one.id, one.action) for one in desk.fetching.asked] == [("a", "pause"), ("b", "pause")]
        desk.lines(line("paused"), line("paused", id="b"), line("failed", id="d"))
        assert not downloads.pause.isVisible()
        qtbot.mouseClick(downloads.resume, Qt.MouseButton.LeftButton)
        assert [(one.id, one.action) for one in desk.fetching.asked[2:]] == [("a", "resume"), ("b", "resume")]

    def test_how_far_it_is_stands_at_the_name_of_the_part(self, desk):
        told = []
        desk.section.badge.connect(told.append)
        desk.lines(line(), line("waiting", id="b", done_bytes=0))
        desk.lines(line("failed"), line("waiting", id="b", done_bytes=0))
        desk.lines(line("done"), line("paused", id="b"))
        assert told == ["25 %", "1 failed", ""]

    def test_a_failure_is_told_wherever_the_person_is(self, desk):
        desk.section.hide()
        desk.lines(line())
        desk.lines(line("failed", text="The server has no such file."))
        assert [one.text for one in desk.failed] == ["The server has no such file."]

    def test_one_that_failed_is_tried_again_from_the_table(self, desk, qtbot):
        desk.open(Q4_K_M="fits")
        desk.lines(line("failed"))
        assert desk.section.repository.table.rows[0][4] == "Try again"
        qtbot.mouseClick(desk.section.repository.table.button(0), Qt.MouseButton.LeftButton)
        assert desk.fetching.asked[-1] == ChangeDownload(1, "a", "resume")

    def test_what_failed_before_the_start_is_not_told_again(self, desk):
        desk.lines(line("failed", text="x"), line("done", id="b"))
        assert desk.failed == [] and desk.finished == []

    def test_it_goes_on_after_a_restart_where_there_is_one(self, desk, qtbot):
        desk.state.start()
        qtbot.wait(100)
        assert desk.fetching.asked == []
        desk.settings.data_folder.mkdir(parents=True, exist_ok=True)
        (desk.settings.data_folder / "downloads.json").write_text("[{}]")
        desk.state.start()
        qtbot.waitUntil(lambda: len(desk.fetching.asked) == 1)
        assert desk.fetching.asked[0] == OpenDownloads(1, str(desk.settings.data_folder))
        desk.fetching.restarted.emit()
        assert len(desk.fetching.asked) == 2, "nor is a crash its end"

    def test_the_limit_is_a_setting(self, desk):
        desk.open()
        desk.state.fetch(Q4)
        desk.settings.set(parallel_downloads=4)
        assert desk.fetching.asked[-1].parallel == 4

    def test_ends_with_the_program(self, desk):
        desk.state.put_away()
        assert desk.looking.ended and desk.fetching.ended


class TestOffline:
    def test_the_section_says_so_and_one_click_ends_it(self, desk, qtbot):
        desk.open()
        desk.state.fetch(Q4)
        assert not desk.section.banner.isVisible()
        desk.settings.set(offline=True)
        assert desk.section.banner.isVisible() and desk.fetching.asked[-1].offline
        desk.lines(line("waiting"))
        assert desk.section.downloads.rows["a"].how.text() == "Waiting: off-line mode is on"
        assert desk.section.results.empty.title.text() == "Off-line"
        desk.lines(line("failed", text="x"))
        retry = desk.section.downloads.rows["a"].retry
        assert not retry.isEnabled() and "Off-line" in retry.toolTip()
        qtbot.mouseClick(desk.section.online, Qt.MouseButton.LeftButton)
        assert retry.isEnabled() and not desk.settings.value.offline and not desk.section.banner.isVisible()
        assert not desk.fetching.asked[-1].offline

    def test_the_environment_says_so_too(self, qtbot, tmp_path, monkeypatch):
        monkeypatch.setenv("PROXIMA_HOME", str(tmp_path))
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        desk = Desk(qtbot, tmp_path)
        assert desk.section.banner.isVisible() and not desk.section.online.isVisible()


class TestToken:
    def test_given_and_removed_and_never_shown(self, desk, qtbot):
        dialog = TokenDialog(desk.state)
        qtbot.addWidget(dialog)
        dialog.show()
        assert desk.looking.asked[-1] == KeepToken(1) and not dialog.forget.isEnabled()
        desk.looking.say(TokenPlace(1, ""))
        assert "keyring" in dialog.place.text() and dialog.field.echoMode() == QLineEdit.EchoMode.Password
        qtbot.keyClicks(dialog.field, "hf_secret")
        qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
        assert desk.looking.asked[-1] == KeepToken(2, "hf_secret") and not dialog.isVisible()

    def test_removed(self, desk, qtbot):
        dialog = TokenDialog(desk.state)
        qtbot.addWidget(dialog)
        dialog.show()
        desk.looking.say(TokenPlace(1, "file"))
        qtbot.mouseClick(dialog.forget, Qt.MouseButton.LeftButton)
        assert desk.looking.asked[-1] == KeepToken(2, "")

    def test_with_a_token_the_shown_repository_is_read_again(self, desk):
        desk.open(RepositoryDetails(OWL, (Q4,)))
        desk.state.ask_token()
        desk.looking.say(TokenPlace(2, ""))
        desk.state.keep_token("hf_x")
        asked = len(desk.looking.asked)
        desk.looking.say(TokenPlace(3, "keyring"))
        assert desk.looking.asked[asked:] == [ReadRepository(asked + 1, "owl/Owl-GGUF", str(desk.settings.data_folder))]

    def test_a_token_that_could_not_be_kept_is_told(self, desk):
        desk.state.keep_token("two words")
        desk.looking.refuse("hub-token", "This is no access token.", "Copy it from your account's page as it is.")
        assert [one.code for one in desk.failed] == ["hub-token"]


def test_texts():
    assert [size_text(size) for size in (0, 4_300_000, 98_400_000, 999_600_000, 4.1e9, 140e9)] == [
        "0.0 MB",
        "4.3 MB",
        "98 MB",
        "1.0 GB",
        "4.1 GB",
        "140 GB",
    ]
    assert [duration_text(s) for s in (0.2, 59, 90, 3540, 12_000)] == ["1 s", "59 s", "2 min", "59 min", "3 h 20 min"]
    assert download_text(line("waiting"), offline=True) == "Waiting: off-line mode is on"

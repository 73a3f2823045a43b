"""The running program: storage, worker and window, and the wires between them."""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.bug_log import BugLog
from app.chat.model_link import ModelChoice
from app.chat.prompts import last_reply
from app.chat.shown import Problem
from app.chat.state import ChatState
from app.known_models import KnownModels
from app.messages import Messages
from app.models.hub_state import HubState
from app.models.loading_state import LoadingState
from app.models.state import ModelsState
from app.models.weighing import Weighing
from app.paths import bundled_model
from app.playground.state import PlaygroundState
from app.settings.memory import Memory
from app.settings.recent_models import recent_models, remember_model
from app.settings.schema import Settings
from app.settings.store import SettingsStore
from app.storage.opening import Opened
from app.storage.thread import StorageThread
from app.training.state import Run, TrainingState
from app.translation import Translation
from app.widgets.theme import theme
from app.widgets.titles import path_title
from app.window import MainWindow, Page, View
from app.workers.deliver import deliver
from app.workers.hub import HubWorker
from app.workers.inference import InferenceWorker
from app.workers.library import LibraryWorker
from engine.errors import UserError
from engine.records import Message, ModelInfo
from engine.records.explore import Side
from engine.records.hub import Download
from engine.runs.adapters import TrainedAdapter

_LOADED_WITH = ("context_length", "threads", "gpu_layers")


class Program(QObject):
    """start() shows the window; close() ends everything in order. One for each process."""

    def __init__(
        self, application: QApplication, settings: SettingsStore, translation: Translation, bugs: BugLog
    ) -> None:
        super().__init__()
        self._application = application
        self.settings, self._translation, self._bugs = settings, translation, bugs
        self._applied = settings.value
        self._memory = Memory()
        self.storage = StorageThread(settings.data_folder / "proxima.db")
        self.worker = InferenceWorker(self)
        self.chat = ChatState(self.storage, self.worker, settings, self)
        self.playground = PlaygroundState(self.storage, self.worker, settings, self._another_worker, self)
        self.training = TrainingState(settings.data_folder / "runs", self)
        beside = LibraryWorker(self)  # for what takes longer than a list
        self.models = ModelsState(settings, LibraryWorker(self), beside, self)
        self.weighing = Weighing(self.models, beside, self.worker, settings, self)
        self.loading = LoadingState(self.models.worker, self.worker, settings, self)
        self.hub = HubState(settings, HubWorker(self), HubWorker(self), self)
        self._closed = False
        theme().reduced_motion = settings.value.reduced_motion
        bugs.found.connect(self._on_bug, Qt.ConnectionType.QueuedConnection)
        settings.changed.connect(self._apply)
        self.chat.undoable.connect(self._on_undoable)
        self.chat.notice.connect(lambda text: self._messages.tell(text))
        self.playground.undoable.connect(self._on_undoable)
        self.playground.notice.connect(lambda text: self._messages.tell(text))
        self.playground.failed.connect(lambda problem: self._messages.fail(problem))
        self.training.undoable.connect(self._on_deleted)
        self.training.cut_off.connect(self._on_cut_off)
        self.training.ended.connect(self._on_training_ended)
        self.training.notice.connect(lambda text: self._messages.tell(text))
        self.training.failed.connect(lambda problem: self._messages.fail(problem))
        self.training.exported.connect(self._on_exported)
        self.training.chat_wanted.connect(self._chat_with)
        self.training.playground_wanted.connect(self._play_with)
        self.training.adding_wanted.connect(self._add_with)
        self.training.adapter_wanted.connect(self._put_beside)
        self.training.compare_wanted.connect(self._compare_models)
        self.models.undoable.connect(self._on_undoable)
        self.models.deleted.connect(self._on_deleted)
        self.models.notice.connect(lambda text: self._messages.tell(text))
        self.models.failed.connect(lambda problem: self._messages.fail(problem))
        self.models.chat_wanted.connect(self._chat_with)
        self.models.beside_wanted.connect(self._put_file_beside)
        self.hub.failed.connect(lambda problem: self._messages.fail(problem))
        self.hub.turned_to_another.connect(self._turn_page)
        self.hub.finished.connect(self._on_fetched)
        self.hub.chat_wanted.connect(self._chat_with)
        self.models.shown_changed.connect(lambda: self.loading.show(self.models.shown_path))
        self.loading.failed.connect(lambda problem: self._messages.fail(problem))
        self.loading.load_wanted.connect(lambda path: self.chat.link.load(path))
        self.chat.link.compare_wanted.connect(self._compare_reply)
        self.chat.problem.connect(self._on_problem)
        self.known_models = KnownModels(self.models, self.chat.link, self.worker, self)
        self.known_models.template_changed.connect(self._on_template_changed)
        self.chat.link.library_wanted.connect(self._open_models)
        self.worker.modelLoaded.connect(self._on_model_loaded)
        self.window = self._make_window()

    def start(self) -> None:
        """Open the database on its thread, show the window, and load the model once it is painted."""
        self.storage.start()
        self.window.painted.connect(self._after_first_paint)
        self.window.show()

    def come_forward(self) -> None:
        """Bring the window in front of others."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Save what is not saved, end the worker, drain storage. May be called again."""
        if self._closed:
            return
        self._closed = True
        self.window.remember()
        self.window.hide()
        self.chat.put_away()
        self.playground.put_away()
        self.training.put_away()
        self.models.put_away()
        self.hub.put_away()
        self.worker.shutdown()
        self.storage.close()
        self.window.deleteLater()

    @property
    def _messages(self) -> Messages:
        return self.window.messages

    # --- the window -----------------------------------------------------------------------------------------------

    def _make_window(self) -> MainWindow:
        pages = [
            Page("chat", self.tr("Chat"), "chat", self._make_chat),
            Page("playground", self.tr("Playground"), "flask", self._make_playground, short=self.tr("Play")),
            Page("training", self.tr("Training"), "graph", self._make_training, short=self.tr("Train")),
            Page("models", self.tr("Models"), "model", self._make_models),
            Page("settings", self.tr("Settings"), "settings", self._make_settings, at_foot=True),
        ]
        window = MainWindow(pages, self._memory)
        window.closing.connect(self._application.quit)
        window.complete.connect(_settle)
        return window

    # Pages that are not the first one are imported when they are made: the window is painted sooner.

    def _make_chat(self) -> View:
        from app.chat.page import ChatPage

        page = ChatPage(self.chat, self._memory)
        return View(page, page.menu_actions(), page.palette_entries, page.key_help(), page.focus_first, foot=page.foot)

    def _make_playground(self) -> View:
        from app.playground.page import PlaygroundPage

        page = PlaygroundPage(self.playground, self.chat.link, self._memory)
        return View(
            page, page.menu_actions(), page.palette_entries, page.key_help(), page.focus_first, foot=page.status
        )

    def _make_training(self) -> View:
        from app.training.page import TrainingPage

        page = TrainingPage(self.training, self._memory)
        return View(page, page.menu_actions(), page.palette_entries, page.key_help(), page.focus_first)

    def _make_models(self) -> View:
        from app.models.hub_section import HubSection
        from app.models.loading_pane import LoadingPane
        from app.models.page import ModelsPage

        page = ModelsPage(self.models, self.weighing)
        hub, name = HubSection(self.hub), self.tr("Hugging Face")
        page.add_section(hub, name)
        hub.badge.connect(partial(page.name_section, hub, name))
        hub.tell()
        loading = LoadingPane(self.loading)
        loading.told.connect(page.card.show_note)
        page.card.add_tab(loading, self.tr("Memory and loading"))
        return View(page, page.menu_actions(), page.palette_entries, page.key_help(), page.focus_first)

    def _make_settings(self) -> View:
        from app.settings.page import SettingsPage

        page = SettingsPage(self.settings)
        page.folder_failed.connect(self._on_folder_failed)
        return View(page, enter=page.focus_first)

    def _remake_window(self) -> None:
        """Another language: the same state gets a new window in the place of the old one."""
        old = self.window
        old.remember()
        old.closing.disconnect(self._application.quit)
        self.window = self._make_window()
        self.window.painted.connect(self.window.build_rest)
        self.window.show()
        old.close()
        old.deleteLater()

    # --- after the first paint ------------------------------------------------------------------------------------

    def _after_first_paint(self) -> None:
        deliver(self.storage.opened, self, self._on_opened, self._on_not_opened)
        self.chat.start()
        self.playground.start()
        self.training.start()
        self.hub.start()
        self.worker.start()
        choices = self._models()
        self.chat.link.set_choices(choices)
        default = self.settings.value.default_model
        if default and not Path(default).exists():
            text = self.tr("The default model is not there any more, so the built-in one was loaded.")
            self._messages.warn(text, default)
            default = ""
        if default or choices:
            self.chat.link.load(default or choices[0].path)
        self._say_what_was_repaired()
        self.window.build_rest()

    def _models(self) -> list[ModelChoice]:
        """What the picker offers: the built-in model, the default one, and those that were loaded lately."""
        bundled = bundled_model()
        choices = [] if bundled is None else [ModelChoice("", str(bundled), built_in=True)]
        known = {str(bundled)}
        for path in (self.settings.value.default_model, *recent_models(self._memory)):
            if path and path not in known and Path(path).exists():
                known.add(path)
                choices.append(ModelChoice(path_title(path), path))
        return choices

    def _on_model_loaded(self, model: ModelInfo) -> None:
        if model.path != str(bundled_model()):
            remember_model(self._memory, model.path)

    def _say_what_was_repaired(self) -> None:
        if self.settings.kept is not None:
            text = self.tr("Some settings could not be read and are at their defaults. The file was kept as {0}.")
            self._messages.warn(text.format(self.settings.kept.name), "\n".join(self.settings.rejected))
        if self._bugs.previous_crash:
            text = self.tr("Próxima ended unexpectedly the last time. Your conversations were kept.")
            self._messages.warn(text, self._bugs.previous_crash)

    def _on_opened(self, opened: Opened) -> None:
        if opened.set_aside is None:
            return
        if opened.restored:
            text = self.tr("The conversations were damaged and came back from the last backup. The damaged file: {0}.")
        else:
            text = self.tr("The conversations could not be read. They were kept in {0}, and a new file was begun.")
        self._messages.warn(text.format(opened.set_aside.name), str(opened.set_aside))

    def _on_not_opened(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            error = UserError(
                "storage-not-opened",
                self.tr("The conversations could not be opened."),
                self.tr("Check that the data folder can be written to."),
                f"{self.storage.path}: {error!r}",
            )
        self._messages.fail(error)

    def _another_worker(self) -> InferenceWorker:
        """A process beside the one that replies."""
        return InferenceWorker(self)

    # --- what crosses features ------------------------------------------------------------------------------------

    def _on_undoable(self, text: str, undo: Callable[[], None]) -> None:
        self._messages.offer_undo(text, undo)

    def _turn_page(self) -> None:
        """What was told of one thing goes with it."""
        self.window.toasts.turn_page()

    def _on_deleted(self, text: str, undo: Callable[[], None]) -> None:
        """Hours of work may be in a run that is gone, or of fetching in a model."""
        self._messages.offer_undo(text, undo, kept=True)

    def _on_problem(self, problem: Problem) -> None:
        if problem.mending:
            self._messages.mending(problem.text, problem.detail)
            return
        self._messages.fail(UserError("chat", problem.text, problem.hint, problem.detail))

    def _on_cut_off(self, title: str, run: Path) -> None:
        """A training that the machine was switched off under."""

        def go_on() -> None:
            self.window.open_page("training")
            self.training.resume_ended(run)

        text = self.tr("The training of “{0}” was cut off. It can go on from its last checkpoint.")
        self._messages.offer(text.format(title), self.tr("Go on"), go_on, lasting=True)  # one may come in later

    def _on_training_ended(self, run: Run) -> None:
        """Told where it is not seen."""
        if self.window.page == "training":
            return

        def look() -> None:
            self.training.show(run.path)
            self.window.open_page("training")

        words = {
            "finished": self.tr("The training of “{0}” has finished."),
            "failed": self.tr("The training of “{0}” has failed."),
            "interrupted": self.tr("The training of “{0}” was cut off. It can go on from its last checkpoint."),
        }.get(run.status.state)
        if words is not None:
            self._messages.offer(words.format(run.title), self.tr("Look at it"), look, lasting=True)

    def _chat_with(self, checkpoint: str) -> None:
        """Load what a training made, and talk to it."""
        self.chat.link.load(checkpoint)
        self.window.open_page("chat")

    def _play_with(self, checkpoint: str) -> None:
        """Load what a training made, and look at what it expects."""
        self.chat.link.load(checkpoint)
        self.window.open_page("playground")

    def _put_beside(self, adapter: TrainedAdapter, model: str) -> None:
        """What a run with LoRA has learnt, as an adapter in the chat with the model that it began from."""
        self.window.open_page("chat")
        self.chat.link.put_beside(adapter, model)
        self.chat.link.adapters_wanted.emit()

    def _put_file_beside(self, adapter: str, model: str) -> None:
        self.window.open_page("chat")
        self.chat.link.put_file_beside(adapter, model)
        self.chat.link.adapters_wanted.emit()

    def _add_with(self, checkpoint: str) -> None:
        """Load a model that has learnt to add, and give it numbers."""
        self._play_with(checkpoint)
        self.playground.adding_wanted.emit()

    def _compare_models(self, left: str, right: str, text: str, asked: str) -> None:
        """Two models over a text of the run, as a document of its own: what else is open may be none that they have learnt.

        asked: what the text is the reply to, "" for one that goes on by itself. "" is the loaded model.
        """
        loaded = self.worker.model.path if self.worker.model is not None else str(bundled_model() or "")
        self.window.open_page("playground")
        if not text and self.playground.text:
            self.playground.documents.new("")
        messages = (Message("user", asked),) if asked else ()
        self.playground.compare_reply(Side(left or loaded), Side(right or loaded), text, messages)

    def _open_models(self) -> None:
        self.window.open_page("models")

    def _on_template_changed(self, path: str, name: str) -> None:
        def show() -> None:
            self._open_models()
            self.models.show(path)

        text = self.tr("The chat template of {0} is another one than when you saw it last.")
        self._messages.offer(text.format(name), self.tr("Look at it"), show)

    def _compare_reply(self, left: Side, right: Side) -> None:
        """Two models over the newest reply of the open conversation, side by side in the playground."""
        self.window.open_page("playground")
        self.playground.compare_reply(left, right, *last_reply(self.chat.tree, self.chat.system_prompt))

    def _on_exported(self, path: str) -> None:
        self.models.add([path])
        self._messages.offer(
            self.tr("{0} was written, and is in the library now.").format(Path(path).name),
            self.tr("Chat with it"),
            lambda: self._chat_with(path),
        )

    def _on_fetched(self, download: Download) -> None:
        """A model has arrived, wherever in the window the person is by now."""
        self.models.refresh()
        if self.hub.watched:  # its line says so, and has the button
            return
        name = f"{download.repository} {download.convert.upper() or download.model.quantisation}".strip()
        text = self.tr("{0} is in the library.").format(name)
        self._messages.offer(text, self.tr("Chat with it"), lambda: self._chat_with(download.path))

    def _on_folder_failed(self, folder: str) -> None:
        self._messages.warn(self.tr("The folder could not be opened: {0}").format(folder))

    def _on_bug(self, details: str) -> None:
        self._messages.bug(details)

    def _apply(self, value: Settings) -> None:
        before, self._applied = self._applied, value
        theme().reduced_motion = value.reduced_motion
        theme().apply(self._application, value.theme, value.text_size)
        if self.worker.model is not None and any(getattr(before, n) != getattr(value, n) for n in _LOADED_WITH):
            path = self.worker.model.path
            self._messages.offer(
                self.tr("This takes effect when the model is loaded again."),
                self.tr("Load again"),
                lambda: self.chat.link.load(path),
            )
        if before.default_model != value.default_model and (path := value.default_model or str(bundled_model() or "")):
            self._messages.offer(
                self.tr("Próxima will start with this model."),
                self.tr("Load it now"),
                lambda: self.chat.link.load(path),
            )
        if before.language != value.language:
            self._translation.speak(value.language)
            QTimer.singleShot(0, self, self._remake_window)


def _settle() -> None:
    """What lives as long as the window is not looked through again at each collection of garbage, which stopped it for 60 ms."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()

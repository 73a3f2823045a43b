"""What the playground knows and does, without a widget."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QRandomGenerator, Signal

from app.playground.adding import Adding
from app.playground.asking import Question, subject_of
from app.playground.branches import Growing
from app.playground.comparing import Comparing
from app.playground.documents import Documents
from app.playground.experimenting import Experimenting
from app.playground.experiments import Experiment
from app.playground.following import Following
from app.playground.reading import Reading
from app.playground.writing import Writing
from app.settings.store import SettingsStore
from app.storage.thread import StorageThread
from app.workers.inference import InferenceWorker, WorkerState
from app.workers.token_names import TokenNames
from engine.records import GenerationSettings, Message, ModelInfo, SamplingSettings
from engine.records.explore import Side
from engine.worker.protocol import Done, Failed, LogitsRow, TokenList, Tokens

_MOST_NEW_TOKENS = 256


class PlaygroundState(QObject):
    """The open document, and what the model is asked about it. Work in the background rests while nobody looks (set_active)."""

    model_changed = Signal()
    settings_changed = Signal()
    explained = Signal(object)  # Subject
    laid_out = Signal(str)  # what is to stand in the document instead
    adding_wanted = Signal()  # to be shown
    sides_wanted = Signal(object, object)  # Side, Side: to be shown as what is compared
    notice = Signal(str)
    failed = Signal(object)  # Failed | UserError
    undoable = Signal(str, object)  # sentence, Callable[[], None]

    def __init__(
        self,
        storage: StorageThread,
        worker: InferenceWorker,
        settings: SettingsStore,
        make_worker: Callable[[], InferenceWorker],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.storage, self.worker = storage, worker
        self.documents = Documents(storage, self)
        self.following = Following(worker, self)
        self.reading = Reading(worker, self)
        self.writing = Writing(worker, self)
        self.growing = Growing(worker, self)
        self.comparing = Comparing(worker, make_worker, settings, self)
        self.experimenting = Experimenting(worker, self)
        self.adding = Adding(worker, self)
        self.names = TokenNames(worker, self)
        self._explaining = Question(worker, self)
        self._laying_out = Question(worker, self)
        self._laying_out.ended.connect(self._on_explained)
        worker.tokenList.connect(self._on_token_list)
        self.settings = msgspec.structs.replace(settings.value.generation(), max_tokens=_MOST_NEW_TOKENS)
        self.seed = 0
        self._viewers: set[int] = set()
        self._model: ModelInfo | None = worker.model
        self._was_reading = False  # when the model went away
        self.new_luck()
        self.documents.opened.connect(self._on_opened)
        self.documents.special_changed.connect(self._on_opened)
        self.documents.undoable.connect(self.undoable)
        self.documents.failed.connect(self.failed)
        self.writing.ended.connect(lambda _: self.new_luck())
        asking = (
            self.following,
            self.reading,
            self.writing,
            self.growing,
            self.comparing,
            self.experimenting,
            self.adding,
        )
        for part in asking:
            part.failed.connect(self.failed)
        self._explaining.ended.connect(self._on_explained)
        self.following.asking.connect(self.reading.make_way)
        self.following.asked.connect(self.reading.go_on)
        self._row: LogitsRow | None = None  # of the token that is explained
        worker.logits.connect(self._on_logits)
        worker.tokens.connect(self._on_tokens)
        worker.stateChanged.connect(lambda _: self._on_worker())
        worker.modelLoaded.connect(lambda _: self._on_worker())
        worker.crashed.connect(lambda _: self._on_crashed())

    @property
    def model(self) -> ModelInfo | None:
        return self.worker.model

    @property
    def loading(self) -> bool:
        return self.worker.state in (WorkerState.STARTING, WorkerState.LOADING)

    @property
    def text(self) -> str:
        return self.documents.text

    @property
    def before_caret(self) -> str:
        return cut(self.documents.text, 0, self.documents.caret)

    def start(self) -> None:
        """Read the documents."""
        self.documents.start()

    def put_away(self) -> None:
        """Save what is not saved, end the second process; for the end of the program."""
        self.documents.save()
        self.comparing.release()

    @property
    def active(self) -> bool:
        """Whether anybody looks."""
        return bool(self._viewers)

    def set_active(self, active: bool, viewer: object = None) -> None:
        """Whether a page is on the screen. In another language a new one comes before the old one goes: each is told by itself."""
        if active:
            self._viewers.add(id(viewer))
        else:
            self._viewers.discard(id(viewer))
        if self.active:
            self._follow()
            if self.reading.wanted:
                self.reading.read_soon()
        else:
            self.following.pause()
            self.reading.pause()
            self.documents.save()

    # --- what a person does ---------------------------------------------------------------------------------------

    def edited(self, text: str, caret: int, position: int, removed: int, added: int) -> None:
        """The text changed at a place (UTF-16 units)."""
        self.documents.write(text, caret)
        self.reading.edited(text, position, removed, added)
        if not self.active:
            self.reading.pause()
        self._mark_old()
        self._follow()

    def move_caret(self, caret: int) -> None:
        self.documents.write(self.documents.text, caret)
        self._follow()

    def set_settings(self, settings: GenerationSettings) -> None:
        """The chain and the length of what is written from now on."""
        if settings != self.settings:
            self.settings = settings
            self.settings_changed.emit()
            self._follow()

    def new_luck(self) -> None:
        """Another dart, unless the seed is fixed."""
        fixed = self.settings.sampling.seed
        self.seed = fixed if fixed is not None else QRandomGenerator.global_().bounded(1 << 30)
        self._follow()

    def go_on(self) -> None:
        """Let the model write from the caret on."""
        if self.writing.running:
            return
        if self.model is None:
            self.notice.emit(self.tr("There is no model loaded that could go on."))
            return
        self.following.pause()
        self.reading.pause()
        sampling = SamplingSettings(self.settings.sampling.stages, self.seed)
        settings = msgspec.structs.replace(self.settings, sampling=sampling)
        self.writing.begin(self.before_caret, settings, self.documents.special)

    def grow_tree(self) -> None:
        """Grow a tree from the caret on; the path that the chain draws in it is what going on would write."""
        if self.model is None:
            self.notice.emit(self.tr("There is no model loaded that could go on."))
        elif not self.writing.running:
            self.reading.pause()
            sampling = self.settings.sampling
            self.growing.grow(self.before_caret, self.text, sampling, self.seed, self.documents.special)
            self._read_later()

    def compare(self, left: Side, right: Side) -> None:
        """Hold two sides against each other over the whole text."""
        if not self.text:
            self.notice.emit(self.tr("There is no text to compare over. Write something first."))
            return
        of_reply = self.text == self.comparing.text
        messages = self.comparing.messages if of_reply else ()
        self.comparing.compare(self.text, left, right, self.seed, messages, self.documents.special)

    def compare_reply(self, left: Side, right: Side, text: str, messages: tuple[Message, ...]) -> None:
        """Hold two sides against each other over a reply in its conversation; the reply is a document of its own then.

        Without a text the sides are chosen, and what is compared is whatever is open.
        """
        if text and text != self.text:
            self.documents.new(text)
        self.sides_wanted.emit(left, right)
        if text:
            self.comparing.compare(self.text, left, right, self.seed, messages)
        else:
            self.compare(left, right)

    def experiment(self, experiment: Experiment, text: str) -> bool:
        """Run an experiment on a text; one that writes begins a new document. False where there is no model for it."""
        text = well_formed(text)
        if experiment.kind == "write":
            self.documents.new(text)
            return True
        if self.model is None:
            self.notice.emit(self.tr("An experiment needs a model. Load one first."))
            return False
        self.reading.pause()
        self.experimenting.run(experiment, text, self.seed)
        self._read_later()
        return True

    def lay_out(self) -> None:
        """Ask for the text in the chat template of the model, as what a user says; it comes as ``laid_out``."""
        if self.model is None:
            self.notice.emit(self.tr("The chat template is the model's. Load one first."))
        elif not self.writing.running:
            self.reading.make_way()
            self._laying_out.begin(self.worker.lay_out(self.text))
            self.reading.go_on()

    def stop(self) -> None:
        """End what is being written, else the reading."""
        if self.writing.running:
            self.writing.stop()
        elif self.reading.running:
            self.reading.stop()

    def explain_at(self, place: int, quietly: bool = False) -> None:
        """Ask for the token at a place of the text; it comes as ``explained``. quietly: without a word where that cannot be."""
        index = self.reading.scores.at(place)
        if index is not None and self.model is not None:
            self.explain(index)
        elif not quietly:
            self.notice.emit(self.tr("This place is not scored yet."))

    def explain(self, index: int) -> None:
        """Ask for the token of this number; it comes as ``explained``."""
        if self.model is None or not 0 <= index < self.reading.scores.valid:
            return
        self.reading.make_way()
        self._explaining.begin(self.worker.explain_token(self.text, index, self.documents.special))
        self.reading.go_on()

    def _read_later(self) -> None:
        """What rested for something that is wanted at once goes on after it."""
        if self.active and self.reading.wanted and not self.reading.whole:
            self.reading.read()

    # --- inside ---------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self.active and not self.writing.running:
            self.following.follow(self.before_caret, self.settings, self.seed, self.documents.special)

    def _mark_old(self) -> None:
        """What was found out about another text says so."""
        for part in (self.comparing, self.growing):
            part.follow(self.text, self.documents.special)

    def _on_opened(self) -> None:
        self.writing.stop()
        self._mark_old()
        self.reading.restart(self.text, special=self.documents.special)
        if not self.active:
            self.reading.pause()
        self._follow()

    def _on_worker(self) -> None:
        model = self.worker.model
        if model is not self._model:
            self._model = model
            self._was_reading = self.reading.running
            self.following.forget()
            self.growing.clear()
            self.reading.restart(self.text, self.reading.wanted, self.documents.special)
            if self.active and model is not None:
                self._follow()
            else:
                self.reading.pause()
        self.model_changed.emit()

    def _on_crashed(self) -> None:
        """A text that ended the process would end the next one as well: whoever wants it read has to ask for that."""
        if self._was_reading:
            self.reading.stop()

    def _on_logits(self, event: LogitsRow) -> None:
        if self._explaining.is_for(event):
            self._row = event

    def _on_tokens(self, event: Tokens) -> None:
        if self._explaining.is_for(event):
            row, self._row = self._row, None
            self.explained.emit(subject_of(event.records[0], row))

    def _on_token_list(self, event: TokenList) -> None:
        if self._laying_out.is_for(event):
            text = b"".join(token.bytes for token in event.tokens).decode("utf-8", "replace")
            self.documents.set_special(True)
            self.laid_out.emit(text)

    def _on_explained(self, event: Done | Failed | None) -> None:
        if isinstance(event, Failed):
            self.failed.emit(event)


def well_formed(text: str) -> str:
    """The text with half of a surrogate pair, as a paste may bring it, as U+FFFD: as many UTF-16 units, and it can be sent."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def cut(text: str, start: int, end: int) -> str:
    """The part of a text between two places in UTF-16 units."""
    if text.isascii():
        return text[start:end]
    data = text.encode("utf-16-le", "surrogatepass")
    return data[2 * start : 2 * end].decode("utf-16-le", "replace")

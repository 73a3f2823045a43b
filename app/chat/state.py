"""What the chat page knows and does, without a widget: the messages of the open conversation, and the reply in progress."""

from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.adapters import adapters_on
from app.chat.chosen import candidate_beyond, origin_of_choice, question_of_choice
from app.chat.desk import Desk
from app.chat.kept import take_over
from app.chat.manual import Manual
from app.chat.model_link import ModelLink
from app.chat.prompt_scores import PromptScores
from app.chat.prompts import effective_settings, prompt_to
from app.chat.replaying import Replaying
from app.chat.reply import Reply
from app.chat.reply_runner import ReplyRunner
from app.chat.retro import Found, Retro
from app.chat.showing import shown_message, shown_path
from app.chat.shown import Problem, ShownMessage
from app.chat.token_choice import Branch, Origin, TokenChoice
from app.chat.token_logits import Question, TokenLogits
from app.chat.token_text import TokenRun, TokenText
from app.chat.token_texts import TokenTexts
from app.chat.tree import ConversationTree
from app.chat.trying import Trying
from app.settings.store import SettingsStore
from app.storage.rows import ConversationRow, MessageRow, MessageState
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.widgets.titles import title_from
from app.workers.inference import InferenceWorker
from app.workers.token_names import TokenNames
from engine.records import Message, ReplySummary, TokenRecord


class ChatState(Desk):
    """Sends, stops, continues, regenerates, edits, branches. Whole conversations are the Desk's."""

    message_changed = Signal(object)  # ShownMessage
    reply_grew = Signal(int, str, object)  # message, text, list[TokenRun]
    sent = Signal()  # what was in the composer is saved as a message
    notice = Signal(str)

    def __init__(
        self,
        storage: StorageThread,
        worker: InferenceWorker,
        settings: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(storage, settings, parent)
        self.texts = TokenTexts(storage, self)
        self.link = ModelLink(worker, settings, self)
        self.runner = ReplyRunner(storage, worker, self.texts, self)
        self.manual = Manual(storage, worker, self.texts, self)
        self.choice = TokenChoice(self, self)
        self.logits = TokenLogits(worker, self, self)
        self.names = TokenNames(worker, self)
        self.retro = Retro(self, self)
        self.replaying = Replaying(storage, worker, self)
        self.trying = Trying(storage, worker, self.retro, self)
        self.scores = PromptScores(self, worker, self)
        self._sending = False
        self.problems: dict[int, Problem] = {}
        self.first_token_s: dict[int, float] = {}  # of the replies of this run of the program, by message
        for something in (self.path_changed, self.texts.loaded, self.choice.marked, self.logits.changed):
            something.connect(lambda *_: self.retro.look_again())
        self.conversation_changed.connect(self.retro.look_again)
        for something in (self.path_changed, self.conversation_changed):
            something.connect(lambda *_: self.scores.look_again())
        self.scores.changed.connect(self.choice.texts_changed)
        self.closing.connect(self.choice.clear)
        self.closing.connect(self.replaying.dismiss)
        self.closing.connect(self.trying.dismiss)
        self.path_changed.connect(lambda _: self.choice.show_only(self.tree.path_ids()))
        self.closing.connect(self.runner.save_now)
        self.closing.connect(self.manual.end)
        self.manual.grew.connect(self._on_manual_grew)
        self.manual.ended.connect(self._on_manual_ended)
        self.manual.changed.connect(self.status_changed)
        self.manual.saving_failed.connect(self.report)
        self.choice.passed.connect(self._on_passed)
        self.choice.nothing_recorded.connect(self._on_nothing_recorded)
        self.texts.loaded.connect(self.choice.records_arrived)
        self.runner.grew.connect(self._on_grew)
        self.runner.ended.connect(self._on_ended)
        self.runner.progressed.connect(self.status_changed)
        self.runner.saving_failed.connect(self.report)
        self.link.problem.connect(self.problem)
        self.link.changed.connect(self._on_link_changed)

    # --- what is shown --------------------------------------------------------------------------------------------

    @property
    def writing_here(self) -> bool:
        """Whether a reply is being written in the conversation that is shown."""
        reply = self.runner.reply
        if self.manual.active:  # it ends where another conversation is opened
            return True
        return reply is not None and self.conversation is not None and reply.conversation_id == self.conversation.id

    @property
    def busy(self) -> bool:
        """Whether a reply is being written anywhere, or waits for the model."""
        return self.runner.reply is not None or self.manual.active or self.link.waits or self._sending

    def shown(self) -> list[ShownMessage]:
        """The branch that is shown, ready to be drawn."""
        return shown_path(self)

    @property
    def left_out(self) -> int:
        """How many of the first messages the model has not seen for its newest reply."""
        reply = self.runner.reply
        if reply is not None and self.writing_here and reply.prompt is not None:
            return reply.prompt.left_out
        return next((m.summary.left_out for m in reversed(self.tree.path()) if m.summary is not None), 0)

    def content(self, message_id: int) -> str:
        """The text of a message as it is now, also while it is being written."""
        reply = self.runner.reply
        if reply is not None and reply.message_id == message_id:
            return reply.content
        message = self.tree.get(message_id)
        return message.content if message else ""

    def origin_of_choice(self) -> Origin:
        """How the selected token came about."""
        return origin_of_choice(self)

    def question_of_choice(self) -> Question | None:
        """What the model would have to be asked for the logits of the selected token."""
        return question_of_choice(self)

    def problem_details(self, message_id: int) -> str:
        """Technical text on why a reply ended early, to copy."""
        problem = self.problems.get(message_id)
        return "" if problem is None else f"{problem.text}\n{problem.hint}\n\n{problem.detail}".strip()

    def token_text(self, message_id: int) -> TokenText | None:
        """The tokens of a message: as they were recorded, else as the prompt was scored."""
        message, scored = self.tree.get(message_id), self.scores.text_of(message_id)
        if scored is not None and message is not None and not message.token_ids:
            return scored
        if message is None or message.role != "assistant":
            return TokenText()
        return self.texts.get(message_id)

    # --- operations -----------------------------------------------------------------------------------------------

    def send(self, text: str) -> bool:
        """Add what the user wrote at the end of the shown branch, and reply. False if that is not possible now."""
        if not text.strip() or self.busy:
            return False
        self._sending = True
        self.draft.hold()
        self._add_user_message(text, self.tree.leaf_id, from_composer=True)
        return True

    def stop(self) -> None:
        """End what is being written, or what waits for the model."""
        self.link.drop_waiting()
        self.manual.end()
        self.runner.stop()

    def regenerate(self, message_id: int, seed: int | None = None) -> None:
        """Write another reply beside this one; for a message of the user, a reply to it."""
        message = self.tree.get(message_id)
        if message is None or self._refuse_while_busy():
            return
        self._begin_reply(message_id if message.role == "user" else message.parent_id, seed=seed)

    def resume(self, message_id: int, by_hand: bool | None = None) -> None:
        """Go on with a reply that ended early; one that is empty is tried again. by_hand None: as new replies are made."""
        message = self.tree.get(message_id)
        if message is None or message.role != "assistant" or self._refuse_while_busy():
            return
        if message.state == "complete" and (message.summary is None or message.summary.finish == "stop"):
            self.notice.emit(self.tr("This reply is complete: the model has ended it."))
            return
        hand = self.manual.wanted if by_hand is None else by_hand
        self.link.when_loaded(lambda: self._resume(message, hand))
        self._all_changed()

    def check_again(self, message_id: int, tried: Found | None = None) -> None:
        """Find out whether a reply still comes out the same; tried: whether it does with other sliders."""
        message = self.tree.get(message_id)
        if message is None or self._refuse_while_busy():
            return
        if message.role != "assistant":
            self.notice.emit(self.tr("Only a reply can be checked: choose one."))
            return
        prompt = prompt_to(self.tree, message.parent_id, self.system_prompt)
        self._make_way()
        start = self.replaying.start if tried is None else partial(self.trying.compute, tried)
        self.link.when_loaded(lambda: start(message, prompt))

    def edit(self, message_id: int, text: str) -> None:
        """Put another version beside a message. The original stays; a changed message of the user is replied to."""
        message = self.tree.get(message_id)
        if message is None or not text.strip() or self._refuse_while_busy():
            return
        row = self.conversation
        if row is None:
            return
        if message.role == "user":
            self._sending = True
            self._add_user_message(text, message.parent_id, from_composer=False)
            return
        id, parent, name = row.id, message.parent_id, message.model_name
        self._ask(
            lambda store: store.add_message(id, parent, "assistant", text, model_name=name),
            lambda added: self._added(added, False),
        )

    def delete_message(self, message_id: int) -> None:
        """Delete a message and what follows it; undo brings them back."""
        row, reply = self.conversation, self.runner.reply
        if row is None or message_id not in self.tree:
            return
        if reply is not None and reply.message_id in self.tree:
            shown = [message.id for message in self.tree.path_to(reply.message_id)]
            if message_id in shown and self._refuse_while_busy():
                return
        id = row.id

        def restore() -> None:
            self._ask(lambda store: store.restore_message(message_id), lambda _: self._reload(id))

        def deleted(_: None) -> None:
            self._reload(id)
            self.undoable.emit(self.tr("Message deleted."), restore)

        self._ask(lambda store: store.delete_message(message_id), deleted)

    def branch(self, candidate_id: int, at: tuple[int, int] | None = None, seed: int | None = None) -> None:
        """Write the reply anew from the selected token on - or from another: message, index - with a candidate in its place.

        With the seed of the reply the same darts go on, and the present chain draws the candidate itself.
        """
        if self._refuse_while_busy():
            return
        branch = self.choice.branch(candidate_id, at, candidate_beyond(self, candidate_id))
        message = self.tree.get(branch.message_id) if branch else None
        if branch is None or message is None:
            return
        if message.role != "assistant":
            self.notice.emit(self.tr("A branch begins in a reply, not in what was given to the model."))
            return
        model = self.link.model
        if model is not None and message.vocabulary_hash not in ("", model.vocabulary_hash):
            self.notice.emit(self.tr("This reply was written by a model with other tokens; load that one to branch."))
            return
        self.choice.clear()
        branch = take_over(branch, message)
        if seed is not None:  # the chain comes to the candidate by itself
            branch = msgspec.structs.replace(branch, forced_ids=branch.forced_ids[:-1])
        self._begin_reply(message.parent_id, branch, seed)

    def delete(self, id: int) -> None:
        if self.runner.reply is not None and self.runner.reply.conversation_id == id:
            self.runner.stop()
        if self.conversation is not None and self.conversation.id == id:
            self.link.drop_waiting()
        super().delete(id)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _show_conversation(self, row: ConversationRow | None, tree: ConversationTree, draft: str) -> None:
        super()._show_conversation(row, tree, draft)
        writing = self.runner.reply.message_id if self.runner.reply is not None else None
        if row is not None and any(m.state == "streaming" and m.id != writing for m in tree.path()):
            # The reply ended between the question and the answer of storage: its end has been written by now.
            self._reload(row.id)

    def report(self, error: BaseException) -> None:
        self._sending = False
        super().report(error)

    def _make_way(self) -> None:
        """The model is to generate: what it does for those who only look waits, or is given up."""
        self.logits.give_way()
        self.replaying.give_way()
        self.trying.give_way()
        self.scores.give_way()

    def _refuse_while_busy(self) -> bool:
        if self.busy:
            self.notice.emit(self.tr("A reply is being written. Stop it first."))
        return self.busy

    def _add_user_message(self, text: str, parent_id: int | None, *, from_composer: bool) -> None:
        def add(store: Store, row: ConversationRow) -> tuple[MessageRow, str]:
            message = store.add_message(row.id, parent_id, "user", text)
            title = title_from(text) if row.title_is_auto and not row.title else row.title
            if title != row.title:
                store.rename(row.id, title, auto=True)
            if from_composer:
                store.update_conversation(row.id, draft="")
            return message, title

        def added(result: tuple[MessageRow, str]) -> None:
            message, title = result
            self._sending = False
            if from_composer:
                self.draft.restore("")
                self.sent.emit()
            row = self.conversation
            if row is not None and row.id == message.conversation_id:
                if title != row.title:
                    self.conversation = msgspec.structs.replace(row, title=title)
                    self.conversation_changed.emit()
                self._added(message, True)
                self._begin_reply(message.id)

        self._on_conversation(add, added)

    def _added(self, message: MessageRow, to_end: bool) -> None:
        if self.conversation is not None and self.conversation.id == message.conversation_id:
            self.tree.add(message)
            self.path_changed.emit(to_end)
        self.shelf.refresh()

    def _begin_reply(self, parent_id: int | None, branch: Branch | None = None, seed: int | None = None) -> None:
        row, tree = self.conversation, self.tree
        if row is None:
            return
        # The path is taken now: by the time the model is there, another conversation may be on the screen.
        prompt = prompt_to(tree, parent_id, self.system_prompt)

        def start() -> None:
            self._make_reply(row, parent_id, prompt, branch, seed)

        self.link.when_loaded(start)
        if self.link.waits:
            self._all_changed()

    def _make_reply(
        self,
        row: ConversationRow,
        parent_id: int | None,
        prompt: tuple[Message, ...],
        branch: Branch | None,
        seed: int | None,
    ) -> None:
        model = self.link.model
        if model is None:
            return
        self._sending = True
        self._make_way()
        current = self.conversation if self.conversation is not None and self.conversation.id == row.id else row
        settings = effective_settings(current.settings, self._settings.value)
        if seed is not None:
            settings = msgspec.structs.replace(settings, sampling=msgspec.structs.replace(settings.sampling, seed=seed))

        def add(store: Store) -> MessageRow:
            store.update_conversation(row.id, model_path=model.path)
            return store.add_message(
                row.id,
                parent_id,
                "assistant",
                "",
                state="streaming",
                settings=settings,
                model_name=self.link.kept_name,
                vocabulary_hash=model.vocabulary_hash,
                fork=None if branch is None else branch.fork,
            )

        def added(message: MessageRow) -> None:
            self._sending = False
            forced, kept = ((), ()) if branch is None else (branch.forced_ids, branch.kept)
            by_hand = self.manual.wanted and self.conversation is not None and self.conversation.id == row.id
            if not by_hand:
                self.runner.start(Reply(row.id, message.id, prompt, forced_ids=forced, kept=kept), settings)
            self._added(message, True)
            if by_hand:
                self.manual.start(message, prompt, settings, [], forced, kept)
            if branch is not None and message.id in self.tree and len(forced) > branch.fork.position:
                self.choice.expect(message.id, branch.fork.position)  # one sees what one did
            self.status_changed.emit()

        self._ask(add, added)

    def _resume(self, message: MessageRow, by_hand: bool) -> None:
        model = self.link.model
        if model is None:
            return
        id, empty = message.id, not message.content
        then = message.summary.adapters if message.summary is not None and not empty else model.adapters
        if adapters_on(then) != adapters_on(model.adapters):
            self.notice.emit(self.tr("The beginning of this reply was written with other adapters than are on now."))
        own_settings = None if empty else message.settings  # what failed is tried with what has been changed since
        settings = effective_settings(own_settings or self.settings, self._settings.value)
        settings = msgspec.structs.replace(settings, when_full=self.settings.when_full)
        kept = settings if empty else message.settings
        prompt = prompt_to(self.tree, message.parent_id, self.system_prompt)
        self._sending = True
        self._make_way()

        def reopen(store: Store) -> list[TokenRecord]:
            store.reopen_reply(id, kept)
            return store.records(id)

        def reopened(records: list[TokenRecord]) -> None:
            self._sending = False
            self.problems.pop(id, None)
            self._replace(msgspec.structs.replace(message, state="streaming", summary=None, settings=kept))
            if by_hand and len(records) == len(message.token_ids or ()):
                self.manual.start(message, prompt, settings, records)
                self._all_changed()
                return
            own = Message("assistant", message.content, message.token_ids, message.vocabulary_hash)
            reply = Reply(
                message.conversation_id,
                id,
                prompt if empty else (*prompt, own),
                base_content=message.content,
                base_records=records,
            )
            self.runner.start(reply, settings)
            self._all_changed()

        self._ask(reopen, reopened)

    def _on_grew(self, reply: Reply, text: str, runs: list[TokenRun]) -> None:
        if self.writing_here:
            self.reply_grew.emit(reply.message_id, text, runs)
            self.choice.grown(reply.message_id)
            self.status_changed.emit()

    def _on_ended(
        self, reply: Reply, state: MessageState, summary: ReplySummary | None, problem: Problem | None
    ) -> None:
        if problem is not None:
            self.problems[reply.message_id] = problem
        if reply.first_token_s is not None:
            self.first_token_s[reply.message_id] = reply.first_token_s
        if (message := self.tree.get(reply.message_id)) is not None:
            ids = tuple(record.token.id for record in reply.records) or None
            fork = None if message.fork is None else message.fork.as_it_came(reply.records)
            closed = msgspec.structs.replace(message, content=reply.content, state=state, summary=summary)
            self._replace(msgspec.structs.replace(closed, token_ids=ids, fork=fork))
        self._all_changed()
        self.status_changed.emit()

    def _on_manual_grew(self, message_id: int, text: str, ids: tuple[int, ...]) -> None:
        message = self.tree.get(message_id)
        if message is not None:
            self._replace(msgspec.structs.replace(message, content=text, token_ids=ids or None))
            self.message_changed.emit(shown_message(self, self.tree[message_id]))
            self.choice.grown(message_id)

    def _on_manual_ended(
        self, message_id: int, state: MessageState, summary: ReplySummary | None, problem: Problem | None
    ) -> None:
        if problem is not None:
            self.problems[message_id] = problem
        if (message := self.tree.get(message_id)) is not None:
            self._replace(msgspec.structs.replace(message, state=state, summary=summary))
        self._all_changed()

    def go_on_by_itself(self) -> None:
        """A reply that is made by hand is left to the chain from here on."""
        message = self.manual.message
        if message is not None:
            self.manual.end()
            self.resume(message.id, by_hand=False)

    def _on_link_changed(self) -> None:
        path = self.tree.path()
        if path and (path[-1].role == "user" or not path[-1].content):
            self.message_changed.emit(shown_message(self, path[-1]))
        self.status_changed.emit()

    def _on_passed(self, message_id: int, step: int) -> None:
        ids = [m.id for m in self.tree.path() if m.role == "assistant" or self.scores.text_of(m.id) is not None]
        place = ids.index(message_id) + step if message_id in ids else -1
        if 0 <= place < len(ids):
            self.choice.begin(ids[place], step)

    def _on_nothing_recorded(self, message_id: int) -> None:
        message = self.tree.get(message_id)
        if message is not None and message.role == "assistant":
            self.notice.emit(self.tr("Nothing was recorded for this text."))

    def _replace(self, message: MessageRow) -> None:
        if message.id in self.tree:
            self.tree.replace(message)

    def _all_changed(self) -> None:
        self.path_changed.emit(False)
        self.status_changed.emit()

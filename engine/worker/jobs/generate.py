"""Generate a reply to a conversation, or after a plain text."""

from collections.abc import Sequence

from engine.errors import UserError
from engine.inference.generate import Prefilled, Prefilling, Refit, Step, generate
from engine.inference.prompt import Prompt
from engine.records import GenerationSettings, Message, ReplySummary
from engine.worker.protocol import Complete, Done, Generate, PromptReady
from engine.worker.reporter import Reporter
from engine.worker.session import Session

_RESERVE = 256


def run_chat(session: Session, request: Generate, reporter: Reporter) -> Done:
    """The reply to a conversation; where its last message is the assistant's, that is continued."""
    model, prompts = session.model, session.prompts
    settings, messages = request.settings, request.messages
    drop_oldest = settings.when_full == "drop_oldest"
    prompt = prompts.fit(messages, model.context_length, _reserve(settings, model.context_length), drop_oldest)
    turns = messages[:-1] if prompt.reply_ids else messages

    def refit(reply_ids: Sequence[int]) -> Prompt:
        content = model.vocabulary.decode(reply_ids).decode("utf-8", "replace")
        started = Message("assistant", content, tuple(reply_ids), model.vocabulary.hash)
        return prompts.fit([*turns, started], model.context_length, model.context_length // 4, True)

    return _run(session, request.job, prompt, settings, request.forced_ids, refit if drop_oldest else None, reporter)


def run_text(session: Session, request: Complete, reporter: Reporter) -> Done:
    """What comes after a text, without a template."""
    vocabulary = session.model.vocabulary
    ids = vocabulary.encode(request.text)
    if not ids:
        raise UserError("prompt-empty", "There is nothing to go on from.", "Write something first.")
    if vocabulary.adds_bos and vocabulary.bos_id is not None:
        ids.insert(0, vocabulary.bos_id)
    return _run(session, request.job, Prompt(ids), request.settings, (), None, reporter)


def _reserve(settings: GenerationSettings, context_length: int) -> int:
    """Room that the prompt leaves for the reply."""
    return min(settings.max_tokens or _RESERVE, context_length // 4)


def _run(
    session: Session,
    job: int,
    prompt: Prompt,
    settings: GenerationSettings,
    forced_ids: Sequence[int],
    refit: Refit | None,
    reporter: Reporter,
) -> Done:
    model = session.model
    shown = 0
    summary: ReplySummary | None = None
    for event in generate(
        model,
        prompt,
        settings,
        reply_ids=prompt.reply_ids,
        forced_ids=forced_ids,
        refit=refit,
        cancelled=reporter.cancelled,
    ):
        match event:
            case Prefilling(done=done, total=total):
                reporter.progress("prompt", done, total)
            case Prefilled():
                reporter.send(
                    PromptReady(
                        job,
                        event.prompt_tokens,
                        event.reused_tokens,
                        event.left_out,
                        event.seed,
                        model.context_length,
                        event.notes,
                    )
                )
            case Step(record=record, text=text):
                shown += len(text)
                reporter.token(record, text)
            case ReplySummary():
                summary = event
                reporter.flush(event.text[shown:])
    return Done(job, reply=summary)

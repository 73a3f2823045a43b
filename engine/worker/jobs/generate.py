"""Generate a reply to a conversation, or after a plain text."""

from collections.abc import Mapping, Sequence

from engine.errors import UserError
from engine.inference.generate import Prefilled, Prefilling, Refit, Step, generate
from engine.inference.prompt import Prompt
from engine.inference.reply_prompt import reply_prompt
from engine.records import GenerationSettings, ReplySummary
from engine.sampling.specification import State
from engine.worker.protocol import Complete, Done, Generate, PromptReady
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run_chat(session: Session, request: Generate, reporter: Reporter) -> Done:
    """The reply to a conversation; where its last message is the assistant's, that is continued."""
    prompt, refit = reply_prompt(session.model, session.prompts, request.messages, request.settings)
    return _run(session, request.job, prompt, request.settings, request.forced_ids, refit, reporter, request.states)


def run_text(session: Session, request: Complete, reporter: Reporter) -> Done:
    """What comes after a text, without a template."""
    vocabulary = session.model.vocabulary
    ids = vocabulary.encode(request.text, request.special)
    if not ids:
        raise UserError("prompt-empty", "There is nothing to go on from.", "Write something first.")
    if vocabulary.adds_bos and vocabulary.bos_id is not None:
        ids.insert(0, vocabulary.bos_id)
    return _run(session, request.job, Prompt(ids), request.settings, (), None, reporter)


def _run(
    session: Session,
    job: int,
    prompt: Prompt,
    settings: GenerationSettings,
    forced_ids: Sequence[int],
    refit: Refit | None,
    reporter: Reporter,
    states: Mapping[str, State] | None = None,
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
        states=states,
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

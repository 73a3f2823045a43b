"""What the line under the conversation says, gathered from the state."""

import msgspec

from app.chat.state import ChatState


class Status(msgspec.Struct, frozen=True):
    """What the line says. None is what is not known."""

    model: str = ""
    tokens_per_s: float | None = None
    first_token_s: float | None = None
    prompt_done: int = 0
    prompt_total: int = 0  # 0 while no prompt is being read
    context_used: int | None = None
    context_length: int | None = None
    left_out: int = 0
    stopping: bool = False


def current_status(state: ChatState) -> Status:
    """Of the reply that is being written here, or of the last one that was."""
    model = state.link.model
    name = model.name if model else ""
    reply = state.runner.reply
    if reply is not None and state.writing_here:
        done, total = reply.prompt_progress or (0, 0)
        return Status(
            model=name,
            tokens_per_s=reply.tokens_per_s,
            first_token_s=reply.first_token_s,
            prompt_done=done,
            prompt_total=total if reply.first_token_s is None else 0,
            context_used=reply.context_used,
            context_length=reply.prompt.context_length if reply.prompt else None,
            left_out=state.left_out,
            stopping=reply.stopping,
        )
    summary = next((m.summary for m in reversed(state.tree.path()) if m.summary is not None), None)
    if summary is None:
        return Status(
            model=name, context_used=0 if model else None, context_length=model.context_length if model else None
        )
    return Status(
        model=name,
        tokens_per_s=summary.timing.tokens_per_s or None,
        first_token_s=summary.timing.prompt_s,
        context_used=summary.context_used,
        context_length=summary.context_length,
        left_out=summary.left_out,
    )

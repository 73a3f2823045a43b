"""What the line under the conversation says, gathered from the state."""

import msgspec

from app.chat.state import ChatState
from app.widgets.formats import number
from engine.records import ModelInfo


class Status(msgspec.Struct, frozen=True):
    """What the line says. None is what is not known."""

    model: str = ""
    loading: bool = False  # the model is on its way
    tokens_per_s: float | None = None
    first_token_s: float | None = None
    prompt_done: int = 0
    prompt_total: int = 0  # 0 while no prompt is being read
    context_used: int | None = None
    context_length: int | None = None
    left_out: int = 0
    stopping: bool = False


def current_status(state: ChatState) -> Status:
    """Of the reply that is being written here, or of the last one that was. How fast that was stands only beside its model."""
    model = state.link.model
    name = describe(model, state.link.model_name) if model else state.link.loading_name
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
    manual = state.manual
    if manual.active and manual.context is not None:
        used, length = manual.context
        return Status(model=name, context_used=used, context_length=length, left_out=manual.left_out)
    message = next((m for m in reversed(state.tree.path()) if m.summary is not None), None)
    if message is None or (summary := message.summary) is None:
        return Status(
            model=name,
            loading=state.link.loading,
            context_used=0 if model else None,
            context_length=model.context_length if model else None,
        )
    own = model is not None and model.path == summary.model_path
    others = model is not None and summary.model_path not in ("", model.path)  # whose tokens and context are other ones
    return Status(
        model=name,
        loading=state.link.loading,
        tokens_per_s=summary.timing.tokens_per_s or None if own else None,
        first_token_s=state.first_token_s.get(message.id, summary.timing.prompt_s) if own else None,
        context_used=None if others else summary.context_used,
        context_length=summary.context_length,
        left_out=summary.left_out,
    )


def describe(model: ModelInfo, name: str) -> str:
    """The model's name with its size and quantisation, where the name does not say them."""
    parts = [name]
    if model.parameters:
        parts.append(count(model.parameters))
    if model.quantisation and model.quantisation.lower() not in name.lower():
        parts.append(model.quantisation)
    return " ".join(parts)


def count(parameters: int) -> str:
    """A number of parameters as people say it: 14M, 1.5B."""
    for unit, size in (("B", 1_000_000_000), ("M", 1_000_000)):
        if parameters >= size:
            value = parameters / size
            return f"{number(value, 1 if value < 9.95 and unit == 'B' else 0)}{unit}"
    return number(parameters)

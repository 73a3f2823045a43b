"""The prompt of a reply to a conversation, and how it is made shorter when the context fills up."""

from collections.abc import Sequence

from engine.inference.generate import Refit
from engine.inference.language_model import LanguageModel
from engine.inference.prompt import Prompt, PromptBuilder
from engine.records import GenerationSettings, Message

_RESERVE = 256


def reply_prompt(
    model: LanguageModel, prompts: PromptBuilder, messages: Sequence[Message], settings: GenerationSettings
) -> tuple[Prompt, Refit | None]:
    """What the model is shown; where the last message is the assistant's, that is continued. Leaves room for the reply."""
    drop_oldest = settings.when_full == "drop_oldest"
    reserve = min(settings.max_tokens or _RESERVE, model.context_length // 4)
    prompt = prompts.fit(messages, model.context_length, reserve, drop_oldest)
    turns = messages[:-1] if prompt.reply_ids else messages

    def refit(reply_ids: Sequence[int]) -> Prompt:
        content = model.vocabulary.decode(reply_ids).decode("utf-8", "replace")
        started = Message("assistant", content, tuple(reply_ids), model.vocabulary.hash)
        return prompts.fit([*turns, started], model.context_length, model.context_length // 4, True)

    return prompt, refit if drop_oldest else None

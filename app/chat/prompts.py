"""What the model is shown: the branch up to a message, and the settings of a reply."""

import msgspec

from app.chat.tree import ConversationTree
from app.settings.schema import Settings
from engine.records import GenerationSettings, Message


def prompt_to(tree: ConversationTree, last_id: int | None, system_prompt: str) -> tuple[Message, ...]:
    """The messages from the first to this one; replies with the ids that they were generated as. Empty ones are left out."""
    messages = [Message("system", system_prompt)] if system_prompt.strip() else []
    for row in tree.path_to(last_id) if last_id is not None else []:
        if row.content:
            messages.append(Message(row.role, row.content, row.token_ids, row.vocabulary_hash))
    return tuple(messages)


def last_reply(tree: ConversationTree, system_prompt: str) -> tuple[str, tuple[Message, ...]]:
    """The newest reply on the shown branch and what it answers; "" where there is none."""
    for row in reversed(tree.path()):
        if row.role == "assistant" and row.content:
            return row.content, prompt_to(tree, row.parent_id, system_prompt)
    return "", ()


def effective_settings(settings: GenerationSettings, program: Settings) -> GenerationSettings:
    """A conversation's settings with what the program's settings say about every reply."""
    return msgspec.structs.replace(settings, candidates=program.record_candidates)

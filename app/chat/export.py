"""The shown branch of a conversation as a Markdown file. (JSON, with every branch and record, is storage's.)"""

import datetime
from collections.abc import Sequence

from app.storage.rows import ConversationRow, MessageRow


def conversation_markdown(
    conversation: ConversationRow, path: Sequence[MessageRow], user_name: str, assistant_name: str, system_name: str
) -> str:
    """A title, then a heading for each turn with its text as it was written. The names are translated by the caller."""
    made = datetime.datetime.fromtimestamp(conversation.created_at).strftime("%Y-%m-%d %H:%M")
    parts = [f"# {conversation.title}", f"*{made}*"]
    if conversation.system_prompt.strip():
        parts += [f"## {system_name}", conversation.system_prompt.strip()]
    for message in path:
        name = user_name if message.role == "user" else assistant_name
        if message.role == "assistant" and message.model_name:
            name = f"{name} ({message.model_name})"
        parts += [f"## {name}", message.content.strip()]
    return "\n\n".join(part for part in parts if part) + "\n"

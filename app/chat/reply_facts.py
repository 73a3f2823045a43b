"""What a reply was made with, in lines: what its replay goes by."""

from PySide6.QtCore import QCoreApplication

from app.sampling.texts import sampling_text
from app.storage.rows import MessageRow
from app.widgets.formats import number
from engine.records import ReplySummary
from engine.sampling.registry import stage

_SHOWN = 12  # characters of a hash that tell it from others


def reply_facts(row: MessageRow) -> str:
    """Seed, chain in its order, model, template, context, version of the program; "" for what no model wrote."""
    summary, settings = row.summary, row.settings
    if row.role != "assistant" or summary is None or settings is None:
        return ""
    translate = QCoreApplication.translate
    names = [sampling_text(stage(item.name).title) for item in settings.sampling.stages if item.enabled]
    lines = [
        translate("ReplyFacts", "Seed {0}").format(summary.seed),
        translate("ReplyFacts", "Chain: {0}").format(" → ".join(names) or translate("ReplyFacts", "none")),
        translate("ReplyFacts", "Model: {0}").format(_named(row.model_name or summary.model_path, summary.model_hash)),
    ]
    if summary.template_hash:
        lines.append(translate("ReplyFacts", "Chat template: {0}").format(summary.template_hash[:_SHOWN]))
    lines.append(_size(summary))
    if summary.engine_version:
        lines.append(translate("ReplyFacts", "Próxima {0}").format(summary.engine_version))
    lines.append(translate("ReplyFacts", "On the command line: {0}").format(f"proxima replay {row.id}"))
    return "\n".join(lines)


def _named(name: str, hash: str) -> str:
    return f"{name} ({hash[:_SHOWN]})" if hash else name


def _size(summary: ReplySummary) -> str:
    text = QCoreApplication.translate("ReplyFacts", "{0} tokens after a prompt of {1}, in a context of {2}")
    return text.format(
        number(max(0, summary.context_used - summary.prompt_tokens)),
        number(summary.prompt_tokens),
        number(summary.context_length),
    )

"""What a reply was made with, in words."""

import msgspec

from app.chat.reply_facts import reply_facts
from app.widgets.formats import number
from engine.records import GenerationSettings, SamplingSettings, StageSettings


def test_seed_chain_in_order_model_template_and_version_are_told(desk):
    desk.send("hello")
    desk.saved()
    said, row = desk.state.tree.path()
    stages = (StageSettings("temperature"), StageSettings("min_p", False), StageSettings("top_k"))
    summary = msgspec.structs.replace(
        row.summary, model_hash="0123456789abcdef", template_hash="fedcba9876543210", engine_version="1.2.3"
    )
    row = msgspec.structs.replace(row, settings=GenerationSettings(SamplingSettings(stages)), summary=summary)
    assert reply_facts(row).split("\n") == [
        "Seed 7",
        "Chain: Temperature → Top-k",
        "Model: Pretend (0123456789ab)",
        "Chat template: fedcba987654",
        "3 tokens after a prompt of 12, in a context of " + number(4096),
        "Próxima 1.2.3",
        f"On the command line: proxima replay {row.id}",
    ]
    assert reply_facts(said) == "" and reply_facts(msgspec.structs.replace(row, summary=None)) == ""

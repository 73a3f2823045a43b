"""Bits per byte of many texts and of the assistant's words, against the logits of the whole."""

import json
import math

import numpy as np
import pytest

from engine.cli.main import main
from engine.inference.evaluate import evaluate, score_rows
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.inference.score import score, total
from engine.records import Message
from tests.helpers.small_models import TEXT, small_llama_gguf

TALK = (
    Message("system", "Be brief."),
    Message("user", "Where is the fox?"),
    Message("assistant", "By the river — não é?"),
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    opened = LlamaCppModel(small_llama_gguf(tmp_path_factory.mktemp("evaluate") / "m.gguf"), exact=True, threads=1)
    yield opened
    opened.close()


def test_texts_are_summed(model):
    texts = [TEXT, "the fox", TEXT[50:300]]
    prose, chat = evaluate(model, texts)
    each = [total(list(score(model, text))) for text in texts]
    assert prose.tokens == sum(one.tokens for one in each) and prose.bytes == sum(len(text.encode()) for text in texts)
    assert prose.bits == pytest.approx(sum(one.bits for one in each), rel=1e-5)
    assert chat.tokens == 0


def test_the_assistants_words_after_all_before_them(model):
    longer = (*TALK, Message("user", "Why?"), Message("assistant", "It is warm there."))
    _, chat = evaluate(model, [], [longer])
    prompts, bits, count, size = PromptBuilder(model.vocabulary, model.info.chat_template), 0.0, 0, 0
    for turns in (longer[:3], longer):
        start, reply = prompts.build(turns[:-1]).ids, model.vocabulary.encode(turns[-1].content)
        model.rewind(0)
        rows = np.concatenate([part.astype(np.float64) for part in model.extend([*start, *reply], rows="all")])
        for place, id in enumerate(reply):
            row = rows[len(start) + place - 1]
            bits -= (row[id] - np.logaddexp.reduce(row)) / math.log(2)
        count, size = count + len(reply), size + len(turns[-1].content.encode())
    assert (chat.tokens, chat.bytes) == (count, size) and chat.bits == pytest.approx(bits, rel=1e-5)


def test_a_conversation_beyond_the_context_is_left_out(model):
    long = (Message("user", TEXT * 20), Message("assistant", "No."))
    assert evaluate(model, [], [long])[1].tokens == 0


def test_the_command(model, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("the fox\n<|endoftext|>\nthe owl")
    turns = [{"role": message.role, "content": message.content} for message in TALK]
    (tmp_path / "b.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    assert main(["eval", model.info.path, "--data", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["documents"] == 3 and found["prose"]["tokens"] > 0 and found["chat"]["bits_per_byte"] > 0
    assert main(["eval", model.info.path, "--data", str(tmp_path), "--documents", "2"]) == 0
    assert "prose" in (said := capsys.readouterr().out) and "assistant" not in said
    assert main(["eval", model.info.path, "--data", str(tmp_path / "none")]) == 2


def test_rows_that_were_cut_are_scored_each_by_itself(model):
    ids = model.vocabulary.encode(TEXT)[:13]
    rows = [(ids[:6], [-100, *ids[2:7]]), (ids[6:12], ids[7:13])]
    found = score_rows(model, rows)
    bits = 0.0
    for inputs, targets in rows:
        model.rewind(0)
        logits = np.concatenate([np.array(part) for part in model.extend(inputs, rows="all")]).astype(np.float64)
        sums = np.log(np.exp(logits).sum(-1))
        bits += sum(sums[n] - logits[n, id] for n, id in enumerate(targets) if id >= 0) / math.log(2)
    scored = [*ids[2:7], *ids[7:13]]
    assert found.tokens == 11 and found.bytes == len(model.vocabulary.decode(scored))
    assert found.bits == pytest.approx(bits, rel=1e-5)

"""proxima replay from end to end: a reply saved by the store, read beside an open database, played by the command."""

import json
import subprocess
import sys

import pytest

from app.storage.opening import open_database
from app.storage.saved_reply import read_reply
from app.storage.store import Store
from engine.errors import UserError
from engine.inference.generate import Step, generate
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.inference.reply_prompt import reply_prompt
from engine.records import GenerationSettings, Message, ReplySummary, SamplingSettings, StageSettings
from tests.helpers.small_models import small_llama_gguf

SETTINGS = GenerationSettings(
    SamplingSettings((StageSettings("adaptive_p"), StageSettings("temperature", True, {"temperature": 1.1})), None),
    max_tokens=12,
)


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")


@pytest.fixture
def store(tmp_path):
    opened = Store(open_database(tmp_path / "proxima.db").connection)
    yield opened
    opened.close()


@pytest.fixture
def saved_id(store, model_path):
    """The number of a reply as the window saves it: asked, streamed, finished; a sibling of the question besides."""
    model = LlamaCppModel(model_path, 256)
    conversation = store.create_conversation(settings=SETTINGS, model_path=str(model_path))
    store.update_conversation(conversation.id, system_prompt="Be brief.")
    store.add_message(conversation.id, None, "user", "Another question")
    asked = store.add_message(conversation.id, None, "user", "Where is the fox?")
    reply = store.add_message(
        conversation.id,
        asked.id,
        "assistant",
        "",
        state="streaming",
        settings=SETTINGS,
        vocabulary_hash=model.vocabulary.hash,
    )
    messages = (Message("system", "Be brief."), Message("user", "Where is the fox?"))
    prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
    prompt, refit = reply_prompt(model, prompts, messages, SETTINGS)
    for event in generate(model, prompt, SETTINGS, refit=refit):
        if isinstance(event, Step):
            store.append_reply(reply.id, event.text, [event.record])
        elif isinstance(event, ReplySummary):
            store.finish_reply(reply.id, "complete", event)
    model.close()
    return reply.id


def run(home, *arguments):
    environment = {"PROXIMA_HOME": str(home), "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "app", "replay", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_reply_is_read_while_the_database_is_open(store, saved_id, tmp_path):
    saved = read_reply(tmp_path / "proxima.db", saved_id)
    assert [message.content for message in saved.messages] == ["Be brief.", "Where is the fox?"]
    assert len(saved.records) == len(store.records(saved_id)) > 0
    assert saved.records[0].stages[0].state and saved.summary.seed >= 0


def test_what_is_no_reply_is_refused(store, saved_id, tmp_path):
    for path, number, code in (
        (tmp_path / "none.db", 1, "database-missing"),
        (tmp_path / "proxima.db", 999, "message-missing"),
        (tmp_path / "proxima.db", 2**70, "message-missing"),
        (tmp_path / "proxima.db", saved_id - 1, "message-no-reply"),
    ):
        with pytest.raises(UserError) as caught:
            read_reply(path, number)
        assert caught.value.code == code


def test_the_command_finds_the_reply_again_in_another_process(store, saved_id, tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps({"version": 1, "data_folder": str(tmp_path)}))
    ended = run(tmp_path, str(saved_id), "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["same"] and found["tokens"] == len(store.records(saved_id)) and found["changed"] == []
    assert found["largest_logprob_change"] == 0
    said = run(tmp_path, str(saved_id))
    assert said.returncode == 0 and "The same: all" in said.stdout


def test_the_command_says_where_the_reply_comes_out_otherwise(store, saved_id, tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps({"version": 1, "data_folder": str(tmp_path)}))
    other = small_llama_gguf(tmp_path / "other.gguf", seed=5)
    ended = run(tmp_path, str(saved_id), "--model", str(other), "--json")
    found = json.loads(ended.stdout)
    assert ended.returncode == 1 and not found["same"] and "model" in found["changed"]
    assert found["first_difference"]["saved"]["id"] != found["first_difference"]["now"]["id"]
    assert found["largest_logprob_change"] > 0.1
    missing = run(tmp_path, "4711")
    assert missing.returncode == 2 and missing.stderr.startswith("proxima: There is no message 4711.")

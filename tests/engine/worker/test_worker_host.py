"""The worker as a bare process on two pipes: what it says, when it ends, and with which code."""

import os
import signal
import subprocess
import sys
import time

import pytest

from engine.decoder.lora_config import LoraConfig
from engine.gguf.adapter import export_adapter
from engine.records import AdapterInfo, GenerationSettings, Message, SamplingSettings, StageSettings
from engine.worker.host import EXIT_PROTOCOL, EXIT_VERSION
from engine.worker.protocol import (
    VERSION,
    Cancel,
    Complete,
    Done,
    Failed,
    FrameReader,
    Generate,
    Hello,
    LoadModel,
    ModelUnloaded,
    Progress,
    PromptReady,
    Shutdown,
    Tokenize,
    TokenList,
    Tokens,
    decode_event,
    encode_frame,
)
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import small_decoder, small_llama_gguf, small_vocabulary

#: The most likely token each time: these weights go round in circles, and never end by themselves.
ENDLESS = GenerationSettings(sampling=SamplingSettings((StageSettings("top_k", values={"k": 1}),), 3))
HELLO = (Message("user", "Where is the fox?"),)


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    return str(small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf", context_length=8192))


class Process:
    """The worker's process and a synchronous reading of what it says."""

    def __init__(self, arguments=("-m", "app", "--worker")):
        self.popen = subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.events = self._events()
        self.hello = next(self.events)

    def _events(self):
        reader = FrameReader()
        while data := os.read(self.popen.stdout.fileno(), 1 << 16):
            for body in reader.feed(data):
                yield decode_event(body)

    def close(self):
        self.popen.kill()
        self.popen.wait()
        self.popen.stdin.close()
        self.popen.stdout.close()

    def send(self, *requests):
        self.popen.stdin.write(b"".join(map(encode_frame, requests)))
        self.popen.stdin.flush()

    def until(self, kind, job):
        """Everything up to the first event of a kind for a job."""
        heard = []
        for event in self.events:
            heard.append(event)
            if isinstance(event, kind) and event.job == job:
                return heard
        raise AssertionError(f"the worker ended; it had said {heard}")


@pytest.fixture
def process():
    started = Process()
    yield started
    started.close()


def test_it_says_hello_first_and_ends_when_told(process):
    assert process.hello.version == VERSION
    process.send(Hello(), Shutdown())
    assert process.popen.wait(5) == 0


def test_another_version_ends_it(process):
    process.send(Hello(VERSION + 1))
    assert process.popen.wait(5) == EXIT_VERSION


@pytest.mark.parametrize("garbage", [b"\xff" * 40, b"\0\0\0\4abcd", b"\0\0\0\1\xc0"])
def test_garbage_ends_it(process, garbage):
    process.popen.stdin.write(garbage)
    process.popen.stdin.flush()
    assert process.popen.wait(5) == EXIT_PROTOCOL


def test_it_ends_with_its_window_in_the_middle_of_a_reply(process, model_path):
    process.send(Hello(), LoadModel(1, model_path, 8192, 1), Generate(2, HELLO, ENDLESS))
    process.until(Tokens, 2)
    process.popen.stdin.close()
    start = time.monotonic()
    assert process.popen.wait(5) == 0
    assert time.monotonic() - start < 2


def test_it_ends_when_nobody_reads_what_it_says(process, model_path):
    process.send(Hello(), LoadModel(1, model_path, 8192, 1), Generate(2, HELLO, ENDLESS))
    process.until(Tokens, 2)
    process.popen.stdout.close()
    assert process.popen.wait(5) == 0


def test_a_job_that_waits_is_cancelled_at_once_and_the_running_one_goes_on(process, model_path):
    process.send(Hello(), LoadModel(1, model_path, 8192, 1), Generate(2, HELLO, ENDLESS), Tokenize(3, "fox"))
    process.until(Tokens, 2)
    process.send(Cancel(3), Tokenize(4, "fox"))
    heard = process.until(Failed, 3)
    assert heard[-1].code == "cancelled"
    process.until(Tokens, 2)
    process.send(Cancel(2), Cancel(2), Cancel(99))
    assert process.until(Done, 2)[-1].reply.finish == "cancelled"
    assert isinstance(process.until(TokenList, 4)[-1], TokenList)


def test_cancel_in_the_prompt_keeps_what_was_read(process, model_path):
    prompt = "the fox counts 1, 2, 3, 42 by the river. " * 180
    process.send(Hello(), LoadModel(1, model_path, 8192, 1), Complete(2, prompt, ENDLESS))
    first = process.until(Progress, 2)[-1]
    assert first.phase == "prompt" and first.done < first.total
    process.send(Cancel(2))
    heard = process.until(Done, 2)
    assert heard[-1].reply.finish == "cancelled" and not any(isinstance(event, Tokens) for event in heard)
    process.send(Complete(3, prompt, GenerationSettings(sampling=ENDLESS.sampling, max_tokens=2)))
    ready = next(event for event in process.until(Done, 3) if isinstance(event, PromptReady))
    assert ready.reused_tokens >= first.done


def test_a_load_that_fails_late_tells_that_the_old_model_is_gone(process, model_path, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    process.send(Hello(), LoadModel(1, model_path, 256, 1), LoadModel(2, str(tmp_path / "none.gguf")))
    heard = process.until(Failed, 2)
    assert heard[-1].code == "model-not-found" and not any(isinstance(event, ModelUnloaded) for event in heard)
    process.send(Tokenize(3, "a"))
    process.until(Done, 3)
    process.send(LoadModel(4, str(folder)), Tokenize(5, "a"))
    heard = process.until(Failed, 5)
    assert [type(event) for event in heard] == [ModelUnloaded, Failed, Failed]
    assert heard[-1].code == "no-model"


def test_adapters_are_switched_without_loading_the_model_again(process, model_path, tmp_path):
    config = LoraConfig(rank=4)
    adapter = tmp_path / "pirate.gguf"
    model = with_values(small_decoder("llama", small_vocabulary().size, context_length=8192), config)
    export_adapter(model, config, adapter)
    on, off = (AdapterInfo("Pirate", str(adapter), scale) for scale in (1.0, 0.0))
    settings = GenerationSettings(sampling=ENDLESS.sampling, max_tokens=8)

    def reply(job, *adapters):
        process.send(LoadModel(job, model_path, 256, 1, adapters=adapters), Generate(job + 1, HELLO, settings))
        heard = process.until(Done, job + 1)
        (loaded,) = [event for event in heard if isinstance(event, Done) and event.job == job]
        assert [(a.name, a.scale) for a in loaded.model.adapters] == [(a.name, a.scale) for a in adapters]
        (told,) = [event.reply.adapters for event in heard if isinstance(event, Done) and event.reply]
        assert told == tuple(a for a in loaded.model.adapters if a.scale) and all(a.file_hash for a in told)
        records = [record for event in heard if isinstance(event, Tokens) for record in event.records]
        reused = next(event for event in heard if isinstance(event, PromptReady)).reused_tokens
        return [record.logprob for record in records], any(isinstance(event, ModelUnloaded) for event in heard), reused

    process.send(Hello())
    plain, _, _ = reply(1)
    with_it, unloaded, _ = reply(3, on)
    assert unloaded and with_it != plain
    without, unloaded, reused = reply(5, off)
    assert not unloaded and reused == 0, "what was read with the adapter is not used without it"
    assert without == plain
    again, unloaded, _ = reply(7, on)
    assert not unloaded and again == with_it

    wrong = AdapterInfo("wrong", model_path)
    process.send(LoadModel(9, model_path, 256, 1, adapters=(on, wrong)), Tokenize(10, "a"))
    heard = process.until(Done, 10)
    assert [event.code for event in heard if isinstance(event, Failed)] == ["adapter-kind"]
    assert not [event for event in heard if isinstance(event, ModelUnloaded)], "the present model stays"


@pytest.mark.parametrize(("error", "code"), [("RuntimeError('odd')", "internal"), ("MemoryError()", "memory")])
def test_a_bug_is_told_after_what_was_produced_and_the_worker_lives(error, code):
    process = Process(
        [
            "-c",
            f"""
from engine.worker import host, jobs
from tests.helpers.records import make_record
def run(session, request, reporter):
    if request.job == 2:
        return host_done(request.job)
    reporter.token(make_record(0), "said")
    reporter.token(make_record(1), " before")
    raise {error}
from engine.worker.protocol import Done as host_done
jobs.run = run
host.main()
""",
        ]
    )
    process.send(Hello(), Tokenize(1, "a"), Tokenize(2, "a"))
    heard = process.until(Failed, 1)
    assert "".join(event.text for event in heard if isinstance(event, Tokens)) == "said before"
    assert heard[-1].code == code and ("Traceback" in heard[-1].detail) == (code == "internal")
    process.until(Done, 2)
    process.close()


def test_a_library_that_is_missing_ends_it_with_the_reason():
    process = Process(
        ["-c", "import sys; sys.modules['llama_cpp'] = None; from engine.worker.host import main; main()"]
    )
    process.send(Hello(), LoadModel(1, "/nonexistent"))
    assert isinstance(process.until(Failed, 1)[-1], Failed)
    process.close()


def test_the_interrupt_key_in_the_terminal_does_not_end_it(process):
    process.popen.send_signal(signal.SIGINT)
    process.send(Hello(), Tokenize(1, "a"))
    assert process.until(Failed, 1)[-1].code == "no-model"

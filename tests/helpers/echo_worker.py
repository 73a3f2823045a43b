"""A worker process that needs no model: it says the protocol's lines, quickly. For tests of the whole program.

It replies with the words of the last message, backwards; to "die" it ends by SIGKILL in mid-reply; a model whose name contains
"broken" cannot be loaded.
"""

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.records import AdapterInfo, ModelInfo, ReplySummary, Timing
from engine.worker.protocol import (
    Cancel,
    Done,
    Event,
    Failed,
    FrameReader,
    Generate,
    Hello,
    LoadModel,
    NextToken,
    Progress,
    PromptReady,
    Shutdown,
    Tokens,
    decode_request,
    encode_frame,
)
from tests.helpers.records import make_record


def command() -> list[str]:
    """What InferenceWorker(command=...) wants."""
    return [sys.executable, __file__]


def model_info(path: str, adapters: tuple[AdapterInfo, ...] = ()) -> ModelInfo:
    return ModelInfo(
        adapters=adapters,
        name="Echo",
        path=path,
        backend="llama_cpp",
        architecture="llama",
        parameters=1000,
        quantisation="F32",
        vocabulary_size=2,
        vocabulary_hash="v",
        context_length=2048,
        trained_context_length=2048,
        size_bytes=4000,
        chat_template=None,
        template_hash="t",
    )


def _say(event: Event) -> None:
    os.write(1, encode_frame(event))


def _load(request: LoadModel) -> None:
    if "broken" in request.path:
        _say(Failed(request.job, "model-damaged", "This file is damaged.", "Choose another one.", "magic 0x0"))
        return
    if any("broken" in adapter.path for adapter in request.adapters):
        _say(Failed(request.job, "adapter-base", "broken.gguf was made for another model.", "Load the other one."))
        return
    _say(Progress(request.job, "load", 500, 1000))
    _say(Done(request.job, model=model_info(request.path, request.adapters)))


def _generate(request: Generate) -> None:
    text = request.messages[-1].content
    _say(PromptReady(request.job, 10, 0, 0, 7, 2048))
    words = [f"{word} " for word in reversed(text.split())]
    for place, word in enumerate(words):
        if text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        _say(Tokens(request.job, (make_record(place, word.encode()),), word))
        time.sleep(0.001)
    reply = "".join(words)
    timing = Timing(10, 0, len(words), 0.01, 0.01)
    _say(Done(request.job, reply=ReplySummary(reply, "stop", 7, timing, 10, 10 + len(words), 2048)))


def main() -> None:
    _say(Hello())
    reader = FrameReader()
    while data := os.read(0, 65536):
        for body in reader.feed(data):
            request = decode_request(body)
            if isinstance(request, LoadModel):
                _load(request)
            elif isinstance(request, Generate):
                _generate(request)
            elif isinstance(request, Shutdown):
                return
            elif isinstance(request, NextToken):
                _say(Tokens(request.job, (make_record(0, b" next"),), ""))
                _say(Done(request.job))
            elif not isinstance(request, (Hello, Cancel)):
                _say(Done(request.job))


if __name__ == "__main__":
    main()

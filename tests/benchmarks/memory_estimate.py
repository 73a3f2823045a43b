"""The estimate of memory against what a process really takes, for models of several shapes and two quantisations.

Each model is loaded in a process of its own, which reads a prompt that fills the context and scores a text; two of the shapes
also with every other type of cache, and without flash attention. Prints the table of docs/benchmarks.md, with what the load alone
took and what was expected of it (that is what later estimates are corrected by); exits with 1 where the estimate is more than a
tenth off.
Random weights: memory does not depend on their values.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from engine.decoder.checkpoint import save_decoder
from engine.decoder.config import DecoderConfig
from engine.decoder.model import Decoder
from engine.decoder.tokenizer_files import save_tokenizer
from engine.gguf.export import export_gguf
from engine.gguf.quantize import quantize
from engine.header.gguf import read_gguf_header
from engine.inference.machine import machine_memory
from engine.library.folder_memory import plan_folder
from engine.library.memory import estimate_memory
from engine.records.loading import LoadSettings, MemoryEstimate
from tests.helpers.small_models import small_vocabulary

SHAPES = {
    "wide": DecoderConfig(32_000, 1024, 8, 16, 2816, n_kv_heads=16, context_length=4096),
    "grouped": DecoderConfig(32_000, 1024, 12, 16, 2816, n_kv_heads=4, context_length=8192),
    "deep": DecoderConfig(16_000, 512, 30, 8, 1408, n_kv_heads=8, context_length=4096),
    "large vocabulary": DecoderConfig(150_000, 768, 8, 12, 2048, n_kv_heads=2, context_length=4096),
    "qwen3": DecoderConfig(50_000, 1024, 10, 16, 3072, n_kv_heads=8, head_dim=128, qk_norm=True, context_length=4096),
    "untied": DecoderConfig(40_000, 1024, 8, 16, 2816, n_kv_heads=8, tied_embeddings=False, context_length=2048),
}
QUANTISATIONS = ("q8_0", "q4_k_m")
WITH_CACHES = ("grouped", "qwen3")
CACHES = (
    *(LoadSettings(2048, cache_type=kind) for kind in ("f32", "q8_0", "q5_1", "q4_0")),
    LoadSettings(2048, flash_attention="off"),
)

FOLDERS = {
    "folder, wide": DecoderConfig(32_000, 512, 8, 8, 1408, context_length=2048),
    "folder, grouped": DecoderConfig(16_000, 768, 12, 12, 2048, n_kv_heads=4, context_length=1024),
}

MEASURED = """
import json, sys
from pathlib import Path
import msgspec
from engine.inference.load import open_model
from engine.inference.machine import resident_bytes
from engine.records.loading import LoadSettings
path = Path(sys.argv[1])
if path.is_file():
    import engine.inference.llama_cpp  # the library itself is in every process that plans a load
before = resident_bytes()
model = open_model(path, settings=msgspec.json.decode(sys.argv[2], type=LoadSettings))
loaded = resident_bytes() - before
for _ in model.extend([7 + place % 200 for place in range(model.context_length - 1)]):
    pass
model.rewind(0)
for _ in model.extend([7 + place % 200 for place in range(300)], rows="all"):
    pass
print(json.dumps([resident_bytes() - before, loaded]))
"""


def main() -> int:
    worst = 0.0
    print("| shape | weights | cache | estimated | measured | off | the load alone | off |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, shape in SHAPES.items():
            model = Decoder(msgspec.structs.replace(shape))
            model.initialise(0)
            plain = Path(folder) / "plain.gguf"
            export_gguf(model, small_vocabulary(300), plain, float_type="F16")
            del model
            for quantisation in QUANTISATIONS:
                path = Path(folder) / "model.gguf"
                quantize(plain, path, quantisation)
                others = CACHES if name in WITH_CACHES and quantisation == "q8_0" else ()
                for settings in (LoadSettings(context_length=shape.context_length), *others):
                    settings = msgspec.structs.replace(settings, threads=2)
                    worst = max(worst, compare(path, settings, name, quantisation))
        for name, shape in FOLDERS.items():
            path = Path(folder) / name
            path.mkdir()
            model = Decoder(shape)
            model.initialise(0)
            save_decoder(model, path)
            save_tokenizer(small_vocabulary(300), path)
            del model
            plan = plan_folder(path, LoadSettings(), machine_memory())
            worst = max(worst, told(path, plan.settings, plan.estimate, (name, "F32", "f32")))
    return int(worst > 0.1)


def compare(path: Path, settings: LoadSettings, name: str, quantisation: str) -> float:
    """How far the estimate of a file is off."""
    flash = settings.flash_attention != "off"
    estimate = estimate_memory(
        read_gguf_header(path), settings.context_length, cache_type=settings.cache_type, flash_attention=flash
    )
    cache = ("f16" if settings.cache_type == "auto" else settings.cache_type) + ("" if flash else ", plain")
    return told(path, settings, estimate, (name, quantisation.upper(), cache))


def told(path: Path, settings: LoadSettings, estimate: MemoryEstimate, what: tuple[str, str, str]) -> float:
    """How far it is off, as a share of what was measured."""
    command = [sys.executable, "-c", MEASURED, str(path), msgspec.json.encode(settings).decode()]
    out = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    measured, loaded = json.loads(out)
    off, off_loaded = estimate.total / measured - 1, (estimate.total - estimate.compute) / loaded - 1
    print(
        f"| {' | '.join(what)} | {estimate.total / 1e6:.0f} MB | {measured / 1e6:.0f} MB | {off:+.1%} "
        f"| {loaded / 1e6:.0f} MB | {off_loaded:+.1%} |",
        flush=True,
    )
    return abs(off)


if __name__ == "__main__":
    sys.exit(main())

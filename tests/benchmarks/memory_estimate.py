"""The estimate of memory against what a process really takes, for models of several shapes and two quantisations.

Each model is loaded in a process of its own, which reads a prompt that fills the context
and scores a text. Prints a table; exits with 1 where the
estimate is more than a tenth off. Random weights: memory does not depend on their values.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from engine.decoder.config import DecoderConfig
from engine.decoder.model import Decoder
from engine.gguf.export import export_gguf
from engine.gguf.quantize import quantize
from engine.header.gguf import read_gguf_header
from engine.library.memory import estimate_memory
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

MEASURED = """
import json, sys
from pathlib import Path
from engine.inference.llama_cpp import LlamaCppModel
def resident():
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
before = resident()
model = LlamaCppModel(Path(sys.argv[1]), context_length=int(sys.argv[2]), threads=2)
for _ in model.extend([7 + place % 200 for place in range(model.context_length - 1)]):
    pass
model.rewind(0)
for _ in model.extend([7 + place % 200 for place in range(300)], rows="all"):
    pass
print(json.dumps(resident() - before))
"""


def main() -> int:
    worst = 0.0
    print(f"{'shape':18} {'type':8} {'estimated':>10} {'measured':>10} {'off':>7}")
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
                context = shape.context_length
                estimated = estimate_memory(read_gguf_header(path), context).total
                command = [sys.executable, "-c", MEASURED, str(path), str(context)]
                measured = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
                off = estimated / measured - 1
                worst = max(worst, abs(off))
                print(
                    f"{name:18} {quantisation:8} {estimated / 1e6:8.0f} MB {measured / 1e6:8.0f} MB {off:+7.1%}",
                    flush=True,
                )
    return int(worst > 0.1)


if __name__ == "__main__":
    sys.exit(main())

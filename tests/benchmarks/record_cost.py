"""Time of one token's pick and full record, by vocabulary size. Run: python -m tests.benchmarks.record_cost"""

import time

import numpy as np

from engine.records import Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import default_settings, neutral_settings

if __name__ == "__main__":
    random = np.random.default_rng(0)
    for size in (8_192, 65_536, 151_936):
        tokens = [Token(id, b"x") for id in range(size)]
        logits = random.normal(0, 2.5, size).astype(np.float32)
        logits[:20] += 12
        for name, settings in (("default", default_settings()), ("neutral", neutral_settings())):
            chain = Chain(settings)
            history = list(range(200))
            times = []
            for position in range(300):
                start = time.perf_counter()
                pick(chain, logits, history, position, 1, tokens.__getitem__)
                times.append(time.perf_counter() - start)
            print(f"V = {size:7,}  {name:8}  {1000 * sorted(times)[150]:.3f} ms")

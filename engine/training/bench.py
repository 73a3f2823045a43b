"""How fast this machine trains: steps of a run on rows of random tokens, and how much of what it can compute that is."""

import os
import statistics
import time
from collections.abc import Callable

import torch

from engine.decoder.config import DecoderConfig
from engine.decoder.model import Decoder
from engine.runs.presets import flops_per_token
from engine.runs.recipe import Device, Optimiser
from engine.training.device import choose_device
from engine.training.objectives.next_token import next_token_loss
from engine.training.optimisers import Optimisers

#: The shape and batch that nanoGPT trains on Shakespeare's characters: 6 layers, 6 heads, 384 wide, 12 rows of 256.
SHAPE = DecoderConfig(vocabulary_size=328, d_model=384, n_layers=6, n_heads=6, d_ff=1024, context_length=256)
BATCH = 12
_WARM_STEPS = 3
_PEAK_SIZE = 2048
_ALONE = 0.9  # of the cores: whoever has as much is not held up by others


def bench_training(
    seconds: float = 20.0,
    compile: bool = True,
    device: Device = "auto",
    shape: DecoderConfig = SHAPE,
    batch: int = BATCH,
    peak_size: int = _PEAK_SIZE,
) -> dict[str, float]:
    """Train for that long and multiply matrices for a quarter of it, in bf16.

    tokens_per_s of the median step, so that what else the machine does counts little; share_of_peak: the model's arithmetic in
    that time (see flops_per_token) over peak_flops, what matrix products alone reach. On processors also cores, and cores_had: how
    many of them the products had for themselves, which keep all busy where nobody else is at work.
    """
    where = choose_device(device)
    threads = torch.get_num_threads()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(cores)
    torch.set_flush_denormal(True)
    try:
        steps = _times(_training_step(shape, batch, compile, where), seconds, where)
        step_s = statistics.median(steps)
        product = _product(peak_size, where)
        cores_had, start = -time.process_time(), time.perf_counter()
        multiply_s = min(_times(product, seconds / 4, where))
        cores_had = (cores_had + time.process_time()) / (time.perf_counter() - start)
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)
    tokens_per_s = batch * shape.context_length / step_s
    peak = 2 * peak_size**3 / multiply_s
    return {
        "parameters": shape.parameter_count,
        "tokens_per_s": tokens_per_s,
        "steps": len(steps),
        "ms_per_step": 1000 * step_s,
        "flops_per_token": flops_per_token(shape),
        "peak_flops": peak,
        "share_of_peak": tokens_per_s * flops_per_token(shape) / peak,
        **({"cores": cores, "cores_had": cores_had} if where.type == "cpu" else {}),
    }


def busy(figures: dict[str, float]) -> str:
    """A sentence where others were at work meanwhile, so that the figures are not the machine's; else ""."""
    cores, had = figures.get("cores", 0), figures.get("cores_had", 0)
    if had >= _ALONE * cores:
        return ""
    return f"Of {cores:.0f} cores it had {had:.1f}: others are at work. These figures are not the machine's; measure again later."


def _training_step(shape: DecoderConfig, batch: int, compile: bool, where: torch.device) -> Callable[[], None]:
    model = Decoder(shape)
    model.initialise(1)
    model.to(where).train()
    optimisers = Optimisers(model, Optimiser())
    objective = torch.compile(next_token_loss) if compile else next_token_loss
    generator = torch.Generator().manual_seed(1)
    rows = torch.randint(shape.vocabulary_size, (batch, shape.context_length + 1), generator=generator).to(where)

    def step() -> None:
        with torch.autocast(where.type, torch.bfloat16):
            loss = objective(model, rows[:, :-1].contiguous(), rows[:, 1:].contiguous())
        (loss / rows[:, 1:].numel()).backward()  # type: ignore[no-untyped-call]
        optimisers.step(1.0)

    return step


def _product(size: int, where: torch.device) -> Callable[[], None]:
    left, right = (torch.randn(size, size, device=where).to(torch.bfloat16) for _ in range(2))

    def multiply() -> None:
        torch.mm(left, right)

    return multiply


def _times(run: Callable[[], None], seconds: float, where: torch.device) -> list[float]:
    """How long it took each time, for that long altogether and at least once. The first times, and compiling, do not count."""
    for _ in range(_WARM_STEPS):
        run()
    found: list[float] = []
    end = time.monotonic() + seconds
    while not found or time.monotonic() < end:
        _wait_for(where)
        start = time.perf_counter()
        run()
        _wait_for(where)
        found.append(time.perf_counter() - start)
    return found


def _wait_for(where: torch.device) -> None:
    """Graphics processors work behind the program's back."""
    if where.type == "cuda":
        torch.cuda.synchronize(where)
    elif where.type == "mps":
        torch.mps.synchronize()

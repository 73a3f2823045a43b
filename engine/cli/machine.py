"""doctor and bench."""

import importlib.metadata
import platform
import sys
from typing import Annotated, Any

import typer

from engine import __version__
from engine.cli.common import Json, Model, open_named, print_json
from engine.cli.loading import load_options
from engine.cli.stages import Preset, Stages, chain_settings
from engine.cli.training_events import say
from engine.errors import UserError
from engine.records.loading import AUTO, GPU_BUILDS, GPU_INSTALL, Device, LoadSettings
from engine.resources import bundled_model, data_folder

_PACKAGES = (
    "PySide6-Essentials",
    "torch",
    "llama-cpp-python",
    "numpy",
    "tokenizers",
    "safetensors",
    "gguf",
    "huggingface-hub",
)


#: All stages but grammars and those that replace the draw, in the default order.
EVERY_STAGE = (
    *(
        "logit_bias:5=1,77=-3",
        "penalties:repeat=1.1,frequency=0.1,presence=0.1",
        "dry=0.8",
        "top_n_sigma=3",
        "top_k=40",
    ),
    *("typical=0.95", "top_p=0.95", "min_p=0.05", "xtc=0.5", "temperature=0.8", "dynamic_temperature=0.3"),
)


def register(application: typer.Typer) -> None:
    application.command()(doctor)
    application.command()(load_options(bench))


def doctor(json: Json = False) -> None:
    """Versions, what the machine offers, and whether the built-in model loads."""
    from engine.inference.devices import memory_now
    from engine.inference.llama_cpp import gpu_offload
    from engine.inference.machine import graphics_cards, has_amx, physical_cores

    memory = memory_now()
    found: dict[str, Any] = {
        "proxima": __version__,
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "gpu_offload": gpu_offload(),
        "cores": physical_cores(),
        "amx": has_amx(),
        "memory": f"{memory.free_bytes / 1e9:.1f} of {memory.total_bytes / 1e9:.1f} GB free",
        "devices": {device.name: _device_line(device) for device in memory.devices},
        "graphics_cards": graphics_cards(),
        "data_folder": str(data_folder()),
        "bundled_model_loads": False,
    }
    try:
        model = open_named("bundled")
        found["bundled_model_loads"] = True
        found["bundled_model"] = {
            "path": str(bundled_model()),
            "parameters": model.info.parameters,
            "quantisation": model.info.quantisation,
        }
    except UserError as error:
        found["bundled_model_error"] = str(error)
    if json:
        print_json(found)
        return
    if memory.gpu is None:
        found["to_use_a_graphics_card"] = {name: f"{build} {GPU_INSTALL}" for name, build in GPU_BUILDS}
    for key, value in found.items():
        if isinstance(value, dict):
            print(f"{key}:")
            for name, inner in value.items():
                print(f"    {name}: {inner}")
        else:
            shown = ", ".join(value) or "none" if isinstance(value, list) else value
            print(f"{key}: {str(shown).lower() if isinstance(shown, bool) else shown}")


def _device_line(device: Device) -> str:
    return (
        f"{device.description} ({device.kind}), {device.free_bytes / 1e9:.1f} of {device.total_bytes / 1e9:.1f} GB free"
    )


def bench(
    model: Model = "bundled",
    train: Annotated[
        bool,
        typer.Option("--train", help="Measure training instead: nanoGPT's shape for Shakespeare, on this machine."),
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.0, help="How long to train, with --train.")] = 20.0,
    compile: Annotated[bool, typer.Option(help="Compile the model, with --train.")] = True,
    tokens: Annotated[int, typer.Option(min=16, help="Tokens in a run.")] = 128,
    rounds: Annotated[int, typer.Option(min=1, help="Pairs of runs.")] = 5,
    stage: Stages = None,
    preset: Preset = "",
    every: Annotated[
        bool, typer.Option("--every-stage", help="A chain with every stage that llama.cpp can chain.")
    ] = False,
    json: Json = False,
    loading: LoadSettings = AUTO,
) -> None:
    """Generation with full records against llama.cpp's own C chain on the same model, alternating; by default its usual chain.

    With --train: tokens/s of training, and what share of the machine's measured peak of bf16 matrix products that is.
    """
    if train:
        from engine.training.bench import bench_training, busy

        figures = bench_training(seconds, compile)
        _print_figures(figures, json)
        if told := busy(figures):
            say(told)
        return
    from engine.inference.bench import bench_generation

    written = [*(stage or []), *(EVERY_STAGE if every else ())]
    sampling = chain_settings(written, preset) if written or preset else None
    opened = open_named(model, loading=loading)
    _print_figures(bench_generation(opened, tokens, rounds, sampling), json)


def _print_figures(figures: dict[str, float], json: bool) -> None:
    if json:
        print_json(figures)
    else:
        for key, value in figures.items():
            print(f"{key}: {value:,.3f}" if abs(value) < 1000 else f"{key}: {value:,.0f}")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"

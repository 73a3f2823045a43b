"""doctor and bench."""

import importlib.metadata
import platform
import sys
from typing import Annotated, Any

import typer

from engine import __version__
from engine.cli.common import Json, Model, open_named, print_json
from engine.errors import UserError
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


def register(application: typer.Typer) -> None:
    application.command()(doctor)
    application.command()(bench)


def doctor(json: Json = False) -> None:
    """Versions, what the machine offers, and whether the built-in model loads."""
    from engine.inference.llama_cpp import gpu_offload
    from engine.inference.machine import has_amx, physical_cores

    found: dict[str, Any] = {
        "proxima": __version__,
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "gpu_offload": gpu_offload(),
        "cores": physical_cores(),
        "amx": has_amx(),
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
    for key, value in found.items():
        if isinstance(value, dict):
            print(f"{key}:")
            for name, inner in value.items():
                print(f"    {name}: {inner}")
        else:
            print(f"{key}: {str(value).lower() if isinstance(value, bool) else value}")


def bench(
    model: Model,
    tokens: Annotated[int, typer.Option(min=16, help="Tokens in a run.")] = 128,
    rounds: Annotated[int, typer.Option(min=1, help="Pairs of runs.")] = 5,
    json: Json = False,
) -> None:
    """Generation with full records against llama.cpp's own C chain on the same model, alternating."""
    from engine.inference.bench import bench_generation

    opened = open_named(model)
    result = bench_generation(opened, tokens, rounds)
    if json:
        print_json(result)
    else:
        for key, value in result.items():
            print(f"{key}: {value:.3f}")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"

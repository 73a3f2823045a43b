"""export: a run or a folder as GGUF, and what that costs in bits per byte."""

import tempfile
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from engine.cli.common import Json, print_json
from engine.cli.held_out import HeldOut, Quality, qualities
from engine.errors import UserError
from engine.library.catalogue import named_model


class Exported(msgspec.Struct, frozen=True):
    """The file that was written. quality is empty where no texts were held out, or nobody asked."""

    path: str
    size_bytes: int
    quality: tuple[Quality, ...] = ()


def register(application: typer.Typer) -> None:
    application.command()(export)


def export(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="A training run, a checkpoint, or a Hugging Face-style folder.")
    ],
    out: Annotated[Path, typer.Option(help="The GGUF file to write.")],
    quantize: Annotated[str, typer.Option(help="Such as q8_0 or q4_k_m; float16 without it.")] = "",
    name: Annotated[str, typer.Option(help="The model's name in the file.")] = "",
    adapter: Annotated[
        bool, typer.Option("--adapter", help="Of a run with LoRA the adapter alone, not merged into its model.")
    ] = False,
    measure: Annotated[
        bool, typer.Option(help="Measure bits per byte on the run's held-out texts, before and after.")
    ] = True,
    json: Json = False,
) -> None:
    """Write a model as GGUF, with its tokenizer and chat template."""
    from engine.gguf.quantize import quantisation_names

    if quantize and quantize.lower() not in quantisation_names():
        raise UserError(
            "quantisation-unknown",
            f"There is no quantisation {quantize!r}.",
            f"Known ones are: {', '.join(quantisation_names())}.",
        )
    if not out.parent.is_dir():
        raise UserError("folder-not-found", f"There is no folder {out.parent}.", "Make it first.")
    path = named_model(run)
    if not path.is_dir():
        raise UserError(
            "export-source",
            f"{path.name} is not a run or a folder with a model.",
            "Name the folder that training wrote.",
        )
    held_out = HeldOut(path) if measure else None
    quality = _adapter(path, out, name, held_out) if adapter else _model(path, out, name, quantize, held_out)
    exported = Exported(str(out), out.stat().st_size, quality)
    if json:
        print_json(exported)
        return
    print(f"{out}: {exported.size_bytes / 1e6:,.1f} MB")
    for one in quality:
        parts = [] if one.alone is None else [f"{one.alone:.4f} without the adapter"]
        parts.append(f"{one.before:.4f} as trained")
        if one.after is not None:
            parts.append(f"{one.after:.4f} in the file")
        print(f"held out, {one.source}, bits per byte: {', '.join(parts)} ({one.tokens:,} tokens)")


def _model(path: Path, out: Path, name: str, quantize: str, held_out: HeldOut | None) -> tuple[Quality, ...]:
    from engine.gguf.export import FloatType, export_gguf
    from engine.gguf.quantize import quantize as run_quantize
    from engine.inference.decoder import DecoderModel
    from engine.inference.load import open_model
    from engine.runs.recipe import read_recipe
    from engine.tokenizer.numbered import NumberedVocabulary

    model = open_model(path)
    if not isinstance(model, DecoderModel) or isinstance(model.vocabulary, NumberedVocabulary):
        raise UserError("export-source", f"{path.name} cannot be exported.", "Name the folder that training wrote.")
    decoder, vocabulary = model.decoder, model.vocabulary
    recipe = read_recipe(path) if (path / "recipe.json").exists() else None

    def write(file: Path, float_type: FloatType) -> None:
        export_gguf(
            decoder,
            vocabulary,
            file,
            name=name or path.name,
            float_type=float_type,
            chat_template=model.info.chat_template,
            metadata={"license": recipe.licence} if recipe is not None and recipe.licence else None,
            sampling=recipe.sampling if recipe is not None else None,
        )

    if quantize:
        with tempfile.TemporaryDirectory(dir=out.parent) as folder:
            whole = Path(folder) / "whole.gguf"
            write(whole, "F32")
            run_quantize(whole, out, quantize)
    else:
        write(out, "F16")
    if not held_out:
        return ()
    before = held_out.scores(model)
    model.close()
    written = open_model(out, held_out.block + 1)
    return qualities(before, held_out.scores(written))


def _adapter(path: Path, out: Path, name: str, held_out: HeldOut | None) -> tuple[Quality, ...]:
    from engine.decoder.folder import newest_checkpoint
    from engine.decoder.load import open_decoder
    from engine.decoder.lora import load_adapter, read_adapter_config
    from engine.gguf.adapter import export_adapter
    from engine.inference.llama_cpp import LlamaCppModel
    from engine.inference.load import open_model

    folder = newest_checkpoint(path) or path
    base = Path(read_adapter_config(folder).base)
    model = open_decoder(base)
    config = load_adapter(folder, model)
    export_adapter(model, config.lora, out, name=name or path.name, base_name=base.stem)
    if not held_out:
        return ()
    before = held_out.scores(open_model(folder))
    if base.is_dir():  # llama.cpp puts adapters beside files
        return qualities(before)
    beside = open_model(base, held_out.block + 1, adapters=(out,))
    after = held_out.scores(beside)
    if isinstance(beside, LlamaCppModel):
        beside.switch_adapters([0.0])
    return qualities(before, after, held_out.scores(beside))

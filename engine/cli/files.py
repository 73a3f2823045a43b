"""export: a run or a folder as GGUF."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UserError
from engine.resources import find_model


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
) -> None:
    """Write a model as GGUF, with its tokenizer and chat template."""
    from engine.gguf.export import FloatType, export_gguf
    from engine.gguf.quantize import quantisation_names
    from engine.gguf.quantize import quantize as run_quantize
    from engine.inference.decoder import DecoderModel
    from engine.inference.load import open_model
    from engine.runs.recipe import read_recipe
    from engine.tokenizer.bpe import BytePairVocabulary

    if quantize and quantize.lower() not in quantisation_names():
        raise UserError(
            "quantisation-unknown",
            f"There is no quantisation {quantize!r}.",
            f"Known ones are: {', '.join(quantisation_names())}.",
        )
    if not out.parent.is_dir():
        raise UserError("folder-not-found", f"There is no folder {out.parent}.", "Make it first.")
    path = find_model(run)
    if not path.is_dir():
        raise UserError(
            "export-source",
            f"{path.name} is not a run or a folder with a model.",
            "Name the folder that training wrote.",
        )
    if adapter:
        _export_adapter(path, out, name)
        return
    model = open_model(path)
    if not isinstance(model, DecoderModel) or not isinstance(model.vocabulary, BytePairVocabulary):
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

    if not quantize:
        write(out, "F16")
        return
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        whole = Path(folder) / "whole.gguf"
        write(whole, "F32")
        run_quantize(whole, out, quantize)


def _export_adapter(path: Path, out: Path, name: str) -> None:
    from engine.decoder.folder import newest_checkpoint
    from engine.decoder.load import open_decoder
    from engine.decoder.lora import load_adapter, read_adapter_config
    from engine.gguf.adapter import export_adapter

    folder = newest_checkpoint(path) or path
    base = Path(read_adapter_config(folder).base)
    model = open_decoder(base)
    config = load_adapter(folder, model)
    export_adapter(model, config.lora, out, name=name or path.name, base_name=base.stem)

"""An adapter as a GGUF file that llama.cpp puts beside the weights of its model at run time."""

from pathlib import Path

import gguf

from engine.decoder.files import write_atomically
from engine.decoder.gguf_layout import permute, tensor_names
from engine.decoder.lora import adapter_state
from engine.decoder.lora_config import LoraConfig
from engine.decoder.model import Decoder
from engine.errors import UserError


def export_adapter(model: Decoder, config: LoraConfig, path: Path, *, name: str = "", base_name: str = "") -> None:
    """Write the pairs of a model with LoRA, float32, whole or not at all. Raises UserError where it cannot be written."""

    def write(part: Path) -> None:
        writer = gguf.GGUFWriter(part, model.config.architecture)
        try:
            writer.add_type(gguf.GGUFType.ADAPTER)
            writer.add_name(name or path.stem)
            if base_name:
                writer.add_base_model_count(1)
                writer.add_base_model_name(0, base_name)
            writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
            writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, config.alpha)
            _add_tensors(writer, model)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
        finally:
            writer.close()

    try:
        write_atomically(path, write)
    except OSError as error:
        raise UserError(
            "export-failed", f"{path} cannot be written.", "Choose another place, or make room.", str(error)
        ) from error


def _add_tensors(writer: gguf.GGUFWriter, model: Decoder) -> None:
    names = tensor_names(model.config)
    heads = {"q_proj": model.config.n_heads, "k_proj": model.config.n_kv_heads}
    for name, tensor in adapter_state(model).items():
        matrix, _, part = name.rpartition(".")
        values = tensor.float().numpy()
        target = matrix.rpartition(".")[2]
        if part == "lora_b" and target in heads and model.config.architecture == "llama":
            values = permute(values, heads[target])  # as the rows that it is added to
        writer.add_tensor(f"{names[f'{matrix}.weight']}.{part}", values)

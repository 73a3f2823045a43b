"""The vocabulary of a model without its weights, for looking at how it cuts a text."""

from pathlib import Path

from engine.errors import UserError
from engine.inference.load import check_model
from engine.tokenizer.vocabulary import Vocabulary


def vocabulary_of(path: Path) -> Vocabulary:
    """Of a GGUF file, or of a folder with a tokenizer. Raises UserError where there is none."""
    check_model(path)
    if not path.is_dir():
        from engine.inference.llama_cpp import open_vocabulary

        return open_vocabulary(path)[0]
    from engine.decoder.folder import newest_checkpoint
    from engine.decoder.tokenizer_files import has_tokenizer, load_tokenizer

    for folder in (newest_checkpoint(path), path):
        if folder is not None and has_tokenizer(folder):
            return load_tokenizer(folder)
    raise UserError("tokenizer-missing", f"{path.name} came without a tokenizer.", "Choose another file.")

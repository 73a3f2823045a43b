"""What a Hugging Face-style folder says about its texts: how they begin and end, and the chat template."""

import json
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import UserError


class FolderTexts(msgspec.Struct, frozen=True):
    """Names of control tokens, and the template. bos is None where texts are not to be started with it; eos is the first end."""

    bos: str | None
    ends: tuple[str, ...]
    chat_template: str | None


def read_texts(folder: Path, config: dict[str, Any]) -> FolderTexts:
    """config: what stands in config.json. Files that are missing say nothing; broken ones raise UserError."""
    settings = _optional(folder / "tokenizer_config.json")
    generation = _optional(folder / "generation_config.json")
    tokenizer = _optional(folder / "tokenizer.json")
    names = _added_tokens(settings, tokenizer)
    eos = _name(settings.get("eos_token"))
    ends = {eos}
    for source in (config, generation):
        ids = source.get("eos_token_id")
        ends.update(names.get(id) for id in (ids if isinstance(ids, list) else [ids]) if isinstance(id, int))
    bos_id = config.get("bos_token_id")
    bos = _name(settings.get("bos_token")) or (names.get(bos_id) if isinstance(bos_id, int) else None)
    if bos is not None and not _starts_with_bos(settings, tokenizer, config, bos):
        bos = None
    named = sorted((end for end in ends if end), key=lambda end: (end != eos, end))
    return FolderTexts(bos, tuple(named), _template(folder, settings))


def _added_tokens(settings: dict[str, Any], tokenizer: dict[str, Any]) -> dict[int, str]:
    """Id -> text, from either of the two places where releases write them."""
    found: list[tuple[Any, Any]] = []
    listed, numbered = tokenizer.get("added_tokens"), settings.get("added_tokens_decoder")
    if isinstance(listed, list):
        found += [(entry.get("id"), entry) for entry in listed if isinstance(entry, dict)]
    if isinstance(numbered, dict):
        found += [
            (int(id), entry) for id, entry in numbered.items() if id.isascii() and id.isdecimal() and len(id) < 10
        ]
    return {id: text for id, entry in found if isinstance(id, int) and (text := _name(entry)) is not None}


def _starts_with_bos(settings: dict[str, Any], tokenizer: dict[str, Any], config: dict[str, Any], bos: str) -> bool:
    """Said outright, or by the tokenizer's post-processor, or else by habit of the family."""
    if isinstance(settings.get("add_bos_token"), bool):
        return bool(settings["add_bos_token"])
    if tokenizer.get("post_processor"):
        return json.dumps(bos) in json.dumps(tokenizer["post_processor"])
    return config.get("model_type") in ("llama", "mistral")


def _template(folder: Path, settings: dict[str, Any]) -> str | None:
    """A file of its own since 2025; before that in the settings, one or several by name."""
    path = folder / "chat_template.jinja"
    if path.exists():
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise _broken(path, error) from error
    template = settings.get("chat_template")
    if isinstance(template, list):
        named = [entry for entry in template if isinstance(entry, dict) and entry.get("name") == "default"]
        template = named[0].get("template") if named else None
    return template if isinstance(template, str) else None


def _name(value: Any) -> str | None:
    text = value.get("content") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text else None


def _optional(path: Path) -> dict[str, Any]:
    return read_json(path) if path.exists() else {}


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises UserError where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(path, error) from error
    if not isinstance(value, dict):
        raise _broken(path, TypeError("no JSON object"))
    return value


def _broken(path: Path, error: Exception) -> UserError:
    return UserError("folder-broken", f"{path.name} cannot be read.", "Fetch the folder again.", repr(error))

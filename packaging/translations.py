"""Brings resources/translations up to date with the source, and tells what has no Portuguese yet.

1. The sentences of errors that the window may show are collected into errors.json: the engine and storage know no Qt.
2. lupdate reads them and every tr() and translate() of the window into proxima_pt_BR.ts.
3. lrelease makes proxima_pt_BR.qm of it.
With --check nothing is written: the exit code is 1 if something would change, or has no translation.
"""

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
ERRORS = FOLDER / "errors.json"
LANGUAGES = ("pt_BR",)
WRITTEN = [ERRORS, *(FOLDER / f"proxima_{language}.{kind}" for language in LANGUAGES for kind in ("ts", "qm"))]
#: Where errors come from that the window may show; where their texts stand among the arguments.
ERROR_SOURCES = (
    *("engine/inference", "engine/worker", "engine/sampling", "engine/tokenizer", "engine/header", "engine/decoder"),
    *("engine/corpus", "engine/runs", "engine/training", "engine/hub", "engine/library"),
    *("engine/resources.py", "app/storage", "app/workers"),
)
ERROR_CALLS = {"UserError": (1, 2), "Failed": (2, 3), "_fail": (2, 3), "BrokenError": (0,), "OtherKindError": (0,)}


def python_files(*places: str) -> list[Path]:
    """All modules below the places, in a stable order."""
    found: list[Path] = []
    for place in places:
        path = ROOT / place
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return found


def error_templates() -> list[str]:
    """Every sentence of an error, with {0}, {1} for what is filled in."""
    found: set[str] = set()
    for path in python_files(*ERROR_SOURCES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(_texts_of(node))
    return sorted(text for text in found if any(c.isalpha() for c in text.replace("{0}", "").replace("{1}", "")))


def _texts_of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    for place in ERROR_CALLS.get(name, ()):
        if place < len(call.args):
            yield from _templates(call.args[place])


def _templates(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _templates(node.body)
        yield from _templates(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts, number = [], 0
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            else:
                parts.append(f"{{{number}}}")
                number += 1
        yield "".join(parts)


def update(folder: Path) -> None:
    """Write errors.json, the .ts and the .qm into a folder that may hold older ones."""
    templates = error_templates()
    (folder / ERRORS.name).write_text(json.dumps(templates, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "errors.py"
        lines = [f'QT_TRANSLATE_NOOP("errors", {json.dumps(text, ensure_ascii=False)})' for text in templates]
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sources = [str(path) for path in [*python_files("app"), listed]]
        for language in LANGUAGES:
            ts = folder / f"proxima_{language}.ts"
            kind = ("-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language)
            _tool("lupdate", *kind, *sources, "-ts", str(ts))
            # Moved into place: a program that runs has the old file mapped, and would read the new one's bytes at its places.
            made = ts.with_suffix(".new.qm")
            _tool("lrelease", "-silent", str(ts), "-qm", str(made))
            made.replace(ts.with_suffix(".qm"))


def untranslated(ts: Path) -> list[str]:
    """What has no finished translation, as "context: source"."""
    missing = []
    for context in ElementTree.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = (
                [] if translation is None else [f.text for f in translation.iter("numerusform")] or [translation.text]
            )
            if translation is None or translation.get("type") or not all(forms):
                missing.append(f"{context.findtext('name')}: {message.findtext('source')}")
    return missing


def _tool(name: str, *arguments: str) -> None:
    tool = Path(sys.executable).parent / f"pyside6-{name}"
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{tool.name} failed: {done.stderr or done.stdout}")


def check() -> list[str]:
    """What is wrong with the files in the tree, one line each."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        for path in WRITTEN:
            if path.exists():
                (fresh / path.name).write_bytes(path.read_bytes())
        update(fresh)
        wrong = [f"no translation: {line}" for ts in fresh.glob("*.ts") for line in untranslated(ts)]
        stale = [p.name for p in WRITTEN if not p.exists() or p.read_bytes() != (fresh / p.name).read_bytes()]
        return wrong + [f"out of date: {name} (run make translations)" for name in stale]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        update(FOLDER)
    wrong = check()
    print("\n".join(wrong) or "Everything is translated.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Everything that a person reads is there in Portuguese, and is used."""

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.paths import resource_path
from app.translation import Translation, error_text, told_text, translated, wanted_language

ROOT = Path(__file__).parents[2]


@pytest.fixture
def portuguese(qtbot: QtBot) -> Iterator[Translation]:
    application = QApplication.instance()
    assert application is not None
    translation = Translation(application)
    translation.speak("pt_BR")
    yield translation
    translation.speak("en")


def pairs() -> list[tuple[str, str]]:
    """Source and translation of every message."""
    found = []
    for message in ElementTree.parse(resource_path("translations", "proxima_pt_BR.ts")).getroot().iter("message"):
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
        found += [(message.findtext("source") or "", form) for form in forms]
    return found


def test_nothing_is_untranslated_and_the_files_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "translations.py", "--check"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tool_missed_no_call_of_tr() -> None:
    known = {source for source, _ in pairs()}
    missed = []
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "tr":
                argument = node.args[0]
                if not isinstance(argument, ast.Constant) or argument.value not in known:
                    missed.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert missed == []


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"\{\d\}|%n|\(\*\.[^)]*\)", text))

    assert [pair for pair in pairs() if places(pair[0]) != places(pair[1])] == []


def test_portuguese_is_spoken_and_english_again(portuguese: Translation) -> None:
    assert QCoreApplication.translate("MainWindow", "Quit") == "Sair"
    assert translated("settings", "Language") == "Idioma"
    portuguese.speak("en")
    assert QCoreApplication.translate("MainWindow", "Quit") == "Quit"


def test_no_english_text_needs_a_plural_form() -> None:
    """English is the source and has no translation of its own, so "%n" would stand on the screen with its "(s)"."""
    assert [source for source, _ in pairs() if "%n" in source] == []


def test_errors_of_the_engine_are_translated_with_what_was_filled_in(portuguese: Translation) -> None:
    assert error_text("There is not enough memory for this.") == "Não há memória suficiente para isto."
    long = "The conversation needs 9000 tokens; the model's context holds 4096."
    assert error_text(long) == "A conversa precisa de 9000 tokens; o contexto do modelo comporta 4096."
    broken = "x.gguf is damaged: it says that it has 9 layers."
    assert error_text(broken) == "x.gguf está danificado: diz ter 9 camadas."
    large = "Fox-2.5 GB-x.gguf needs 1,040.0 GB of memory, and this machine has 25.3 GB."
    assert error_text(large) == "Fox-2.5 GB-x.gguf precisa de 1.040,0 GB de memória, e esta máquina tem 25,3 GB."
    assert error_text("Something that nobody has written down.") == "Something that nobody has written down."
    assert error_text("") == ""
    portuguese.speak("en")
    assert error_text("There is not enough memory for this.") == "There is not enough memory for this."


@pytest.mark.parametrize(
    ("spoken", "language"), [(["pt-PT", "en"], "pt_BR"), (["en-GB", "pt-BR"], "en"), (["de-DE"], "en"), ([], "en")]
)
def test_the_language_of_the_system(monkeypatch: pytest.MonkeyPatch, spoken: list[str], language: str) -> None:
    class System:
        @staticmethod
        def uiLanguages() -> list[str]:
            return spoken

    monkeypatch.setattr("app.translation.QLocale.system", System)
    assert wanted_language("system") == language
    assert wanted_language("pt_BR") == "pt_BR"
    assert wanted_language("en") == "en"


def test_several_sentences_in_one_are_told_one_by_one(portuguese: Translation) -> None:
    both = "The loss is no number any more at step 41. Lower the learning rate and resume from the last checkpoint, which was kept."
    assert told_text(both).startswith("A perda deixou de ser um número no passo 41. Diminua a taxa")
    assert told_text("Nothing known. Mend the recipe.") == "Nothing known. Mend the recipe."
    hint = 'Each line should look like {"text": "..."} or {"messages": [{"role": "user", "content": "..."}, ...]}.'
    assert error_text(hint).startswith('Cada linha deve ser como {"text": "..."}')
    portuguese.speak("en")
    assert told_text(both) == both

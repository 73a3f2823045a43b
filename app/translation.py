"""The language of the interface: marking texts outside widgets, and installing the translation that is wanted."""

import json
import re
from functools import cache

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from app.paths import resource_path

LANGUAGES = ("en", "pt_BR")


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for lupdate, which looks for this name, and returns it; it is translated where it is shown."""
    return text


def translated(context: str, text: str) -> str:
    """The text in the present language: for texts that come as values, such as those of settings and samplers."""
    return QCoreApplication.translate(context, text) if text else ""


def error_text(text: str) -> str:
    """A sentence of an error of the engine in the present language, its sizes too; as it is where it is none that is known."""
    if not text or QCoreApplication.translate("errors", _ANY_ERROR) == _ANY_ERROR:
        return text
    said = _sentence(text)
    return text if said == text else _SIZE.sub(_own_number, said)


def _sentence(text: str) -> str:
    for pattern, template in _error_patterns():
        found = pattern.fullmatch(text)
        if found:
            text = translated("errors", template)
            return text.format(*map(_sentence, found.groups())) if found.groups() else text  # braces of its own
    return text


def told_text(text: str) -> str:
    """As error_text, of several sentences in one, such as what the command line says of an error."""
    for place in range(1, len(text) - 1):
        first, rest = text[:place], text[place + 1 :]
        if text[place - 1 : place + 1] == ". " and error_text(first) != first and told_text(rest) != rest:
            return f"{error_text(first)} {told_text(rest)}"
    return error_text(text)


def _own_number(found: re.Match[str]) -> str:
    """1,234.5 of the engine with the comma and the point of the present language."""
    locale = QLocale()
    whole, fraction = found.group(1).replace(",", locale.groupSeparator()), found.group(2)
    return whole + (locale.decimalPoint() + fraction[1:] if fraction else "")


#: A number before its unit; one without a unit may be a version, or what somebody wrote into a file.
_SIZE = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?= (?:[kMGT]?B|%|tokens|bytes)(?!\w))")
_ANY_ERROR = "Stopped."  # in every translation: without one there is nothing to look for


@cache
def _error_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with the most words of their own first, so that "{0} cannot be read." does not answer for all others."""
    templates: list[str] = json.loads(resource_path("translations", "errors.json").read_text(encoding="utf-8"))
    parts = [(re.split(r"\{\d\}", template), template) for template in templates]
    parts.sort(key=lambda item: -sum(map(len, item[0])))
    return tuple((re.compile("(.+)".join(map(re.escape, words)), re.DOTALL), template) for words, template in parts)


def wanted_language(choice: str) -> str:
    """ "system" as one of LANGUAGES: Portuguese of any country gets ours, everything else English."""
    if choice in LANGUAGES:
        return choice
    spoken = QLocale.system().uiLanguages()
    return "pt_BR" if spoken and spoken[0].split("-")[0] == "pt" else "en"


class Translation(QObject):
    """Holds the translators of one application; speak() replaces them."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self._application = application
        self._installed: list[QTranslator] = []
        self.language = "en"

    def speak(self, choice: str) -> None:
        """Use this language from now on, for numbers and Qt's own dialogs as well."""
        for translator in self._installed:
            self._application.removeTranslator(translator)
        self._installed.clear()
        self.language = wanted_language(choice)
        QLocale.setDefault(QLocale(self.language) if self.language != "en" else QLocale("en_US"))
        if self.language == "en":
            return
        own = str(resource_path("translations"))
        for folder, name in (
            (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{self.language}"),
            (own, f"proxima_{self.language}"),
        ):
            translator = QTranslator(self)
            if translator.load(name, folder):
                self._application.installTranslator(translator)
                self._installed.append(translator)

"""What is said about a model of the library. Translated, no widgets."""

from pathlib import Path, PurePath

from PySide6.QtCore import QDate, QLocale

from app.translation import QT_TRANSLATE_NOOP, error_text, translated
from app.widgets.formats import number
from app.widgets.titles import days_ago
from engine.records.library import LibraryModel

_CONTEXT = "Library"
_GB, _MB = QT_TRANSLATE_NOOP("Library", "{0} GB"), QT_TRANSLATE_NOOP("Library", "{0} MB")
_KB = QT_TRANSLATE_NOOP("Library", "{0} kB")
_BILLION, _MILLION = QT_TRANSLATE_NOOP("Library", "{0} B parameters"), QT_TRANSLATE_NOOP("Library", "{0} M parameters")
_FEW = QT_TRANSLATE_NOOP("Library", "{0} parameters")
_BUILT_IN = QT_TRANSLATE_NOOP("Library", "Built-in model")
_MISSING = QT_TRANSLATE_NOOP("Library", "its file is not there any more")
_BROKEN = QT_TRANSLATE_NOOP("Library", "cannot be loaded")
_FLAGGED = QT_TRANSLATE_NOOP("Library", "failed {0} times in a row")
_TEMPLATE = QT_TRANSLATE_NOOP("Library", "its chat template changed")
_NEVER, _TODAY, _YESTERDAY = (
    QT_TRANSLATE_NOOP("Library", "never"),
    QT_TRANSLATE_NOOP("Library", "today"),
    QT_TRANSLATE_NOOP("Library", "yesterday"),
)
_ORIGINS = {
    "bundled": QT_TRANSLATE_NOOP("Library", "Came with Próxima"),
    "downloaded": QT_TRANSLATE_NOOP("Library", "Fetched from the Hub"),
    "run": QT_TRANSLATE_NOOP("Library", "Trained here"),
    "file": QT_TRANSLATE_NOOP("Library", "Lies elsewhere on this machine"),
}
_HUB, _FOLDER = QT_TRANSLATE_NOOP("Library", "from the Hub"), QT_TRANSLATE_NOOP("Library", "models folder")
_TRAINED, _ELSEWHERE = QT_TRANSLATE_NOOP("Library", "trained here"), QT_TRANSLATE_NOOP("Library", "elsewhere")
_BY_HAND = QT_TRANSLATE_NOOP("Library", "Put into the models folder by hand")
_PROGRAM = QT_TRANSLATE_NOOP("Library", "Fetched by {0}, used where it lies")


def title(model: LibraryModel) -> str:
    """What it is called on the screen."""
    return _said(_BUILT_IN) if model.origin == "bundled" else model.name


def size_text(size_bytes: float) -> str:
    """4.1 GB, 98 MB."""
    if size_bytes >= 999_500_000:
        return _said(_GB).format(number(size_bytes / 1e9, 1 if size_bytes < 1e11 else 0))
    if size_bytes < 99_500:
        return _said(_KB).format(number(size_bytes / 1e3, 1 if size_bytes < 10e3 else 0))
    return _said(_MB).format(number(size_bytes / 1e6, 1 if size_bytes < 10e6 else 0))


def parameters_text(parameters: int) -> str:
    """1.1 B parameters; "" where it is not known."""
    if not parameters:
        return ""
    if parameters >= 999_500_000:
        return _said(_BILLION).format(number(parameters / 1e9, 1))
    if parameters < 99_500:
        return _said(_FEW).format(number(parameters))
    return _said(_MILLION).format(number(parameters / 1e6, 1 if parameters < 10e6 else 0))


def row_text(model: LibraryModel, folder: Path) -> str:
    """The second line of a row: what speaks against it, else what tells it from others; all of it is in about_text()."""
    if model.missing or model.problem:
        return about_text(model)
    flagged = _said(_FLAGGED).format(number(model.failures)) if model.flagged else ""
    changed = _said(_TEMPLATE) if model.template_changed else ""
    parts = (flagged, changed, model.quantisation, size_text(model.size_bytes), _origin_word(model, folder))
    return " · ".join(filter(None, parts))


def about_text(model: LibraryModel) -> str:
    """A line on what it is, or on what speaks against it."""
    if model.missing:
        return _said(_MISSING)
    if model.problem:
        return _said(_BROKEN)
    flagged = _said(_FLAGGED).format(number(model.failures)) if model.flagged else ""
    changed = _said(_TEMPLATE) if model.template_changed else ""
    parts = (flagged, changed, parameters_text(model.parameters), model.quantisation, size_text(model.size_bytes))
    return " · ".join(filter(None, parts))


def origin_text(model: LibraryModel, folder: Path) -> str:
    """Where it is from. folder: the data folder."""
    if model.program:
        return _said(_PROGRAM).format(model.program)
    by_hand = model.origin == "downloaded" and not _laid_out_as_fetched(model, folder)
    return _said(_BY_HAND if by_hand else _ORIGINS[model.origin])


def _origin_word(model: LibraryModel, folder: Path) -> str:
    """Where it is from, in a word; the built-in one says so by its name."""
    if model.origin == "bundled" or model.program:
        return model.program
    if model.origin == "downloaded":
        return _said(_HUB if _laid_out_as_fetched(model, folder) else _FOLDER)
    return _said(_TRAINED if model.origin == "run" else _ELSEWHERE)


def _laid_out_as_fetched(model: LibraryModel, folder: Path) -> bool:
    """Whether it lies as a download does: OWNER/NAME/file, or as a folder OWNER/NAME."""
    path = PurePath(model.path)
    depth = 3 if path.suffix.lower() == ".gguf" else 2
    models = folder / "models"
    return path.is_relative_to(models) and len(path.relative_to(models).parts) >= depth


def used_text(model: LibraryModel) -> str:
    """When it was loaded last."""
    if not model.used:
        return _said(_NEVER)
    days = days_ago(model.used)
    if days < 2:
        return _said(_YESTERDAY if days else _TODAY)
    day = QDate.currentDate().addDays(-days)
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)


def problem_text(model: LibraryModel) -> str:
    """Why it cannot be loaded, as a sentence; "" where it can."""
    return error_text(model.problem)


def _said(text: str) -> str:
    return translated(_CONTEXT, text)

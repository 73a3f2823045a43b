"""What of a frozen build is left out: PyInstaller copies more of PyTorch and Qt than this program ever opens."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import PurePath

#: An entry of PyInstaller's tables: place in the build, file it comes from, kind.
Entry = tuple[str, str, str]

_UNWANTED = re.compile(
    r"torch/(test|include|share)/|torch/bin/(?!torch_shm_manager$)"  # that one is looked for when torch is imported
    r"|torch/lib/lib(torchbind_test|jitbackend_test|backend_with_compiler|aoti_custom_ops)"
    # Screens without a window system, and input without one; tools for QML.
    r"|PySide6/(Qt/)?plugins/(egldeviceintegrations|generic|qmltooling|vectorimageformats)/"
    r"|PySide6/(Qt/)?plugins/platforms/libq(eglfs|linuxfb|minimalegl|vkkhrdisplay|vnc)\."
    # It would load the system's GTK next to libraries of other versions from here.
    r"|PySide6/(Qt/)?plugins/platformthemes/libqgtk3\."
    # Qt's own texts in languages that the program does not speak.
    r"|PySide6/(Qt/)?translations/(?!qtbase_pt_BR)"
)
_LIBRARY = re.compile(r"lib[^/]*\.so[.\d]*$")


def wanted(place: str) -> bool:
    """Whether a file belongs into the build, by its place in there."""
    return _UNWANTED.match(PurePath(place).as_posix()) is None


def trimmed(entries: Iterable[Entry], imports: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The wanted entries, less the libraries that only unwanted ones asked for.

    ``imports`` gives the names of the libraries that a file is linked to.
    """
    left = [entry for entry in entries if wanted(entry[0])]
    if sys.platform != "linux":
        return left
    libraries = {PurePath(place).name for place, _, _ in left if _is_shared(place)}
    waiting = [source for place, source, kind in left if not _is_shared(place) and kind in ("BINARY", "EXTENSION")]
    needed: set[str] = set()
    sources = {PurePath(place).name: source for place, source, kind in left if kind == "BINARY"}
    while waiting:
        for name in imports(waiting.pop()):
            if name in libraries and name not in needed:
                needed.add(name)
                if name in sources:
                    waiting.append(sources[name])
    return [entry for entry in left if not _is_shared(entry[0]) or PurePath(entry[0]).name in needed]


def _is_shared(place: str) -> bool:
    """Whether a file is a library that is only there for others: at the top, or one of Qt's."""
    path = PurePath(place).as_posix()
    at_the_top, of_qt = "/" not in path, path.startswith("PySide6/Qt/lib/")
    return (at_the_top or of_qt) and bool(_LIBRARY.search(path)) and not path.startswith("libpython")

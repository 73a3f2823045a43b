"""What a frozen build leaves out, by a build that is made up."""

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "frozen_files", Path(__file__).parents[2] / "packaging" / "frozen_files.py"
)
assert _SPEC is not None and _SPEC.loader is not None
frozen_files = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(frozen_files)

#: Which libraries each file of the build is linked to.
LINKS = {
    "xcb": ["libQt6XcbQpa.so.6", "libxcb.so.1"],
    "qpa": ["libxcb-cursor.so.0", "libc.so.6"],
    "cursor": [],
    "eglfs": ["libQt6EglFSDeviceIntegration.so.6"],
    "egl": ["libinput.so.10"],
}
BUILD = [
    ("PySide6/Qt/plugins/platforms/libqxcb.so", "xcb", "BINARY"),
    ("PySide6/Qt/plugins/platforms/libqeglfs.so", "eglfs", "BINARY"),
    ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "qpa", "BINARY"),
    ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", "egl", "BINARY"),
    ("libQt6XcbQpa.so.6", "PySide6/Qt/lib/libQt6XcbQpa.so.6", "SYMLINK"),
    ("libxcb-cursor.so.0", "cursor", "BINARY"),
    ("libinput.so.10", "input", "BINARY"),
    ("libpython3.11.so.1.0", "python", "BINARY"),
    ("torch/lib/libtorch_cpu.so", "torch", "BINARY"),
]


def imports(source: str) -> Iterable[str]:
    return LINKS.get(source, [])


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/lib/libtorchbind_test.so", False),
        ("torch/include/ATen/ATen.h", False),
        ("torch/bin/torch_shm_manager", True),
        ("torch/bin/protoc", False),
        ("torch/testing/__init__.py", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland-generic.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6/Qt/translations/qtbase_pt_BR.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/translations/qtbase_pt_BR.qm", True),
        ("engine/_resources/translations/proxima_pt_BR.qm", True),
        ("engine/_resources/models/proxima-chat.gguf", True),
    ],
)
def test_by_place(place: str, wanted: bool) -> None:
    assert frozen_files.wanted(place) is wanted


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are followed on Linux alone")
def test_libraries_that_only_unwanted_files_ask_for_go_too() -> None:
    left = [place for place, _, _ in frozen_files.trimmed(BUILD, imports)]
    assert left == [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/lib/libQt6XcbQpa.so.6",
        "libQt6XcbQpa.so.6",
        "libxcb-cursor.so.0",
        "libpython3.11.so.1.0",
        "torch/lib/libtorch_cpu.so",
    ]

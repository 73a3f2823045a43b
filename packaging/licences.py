"""Puts the licences of everything in a frozen build beside it: python packaging/licences.py FOLDER

Run by the Python of the build. FOLDER/licences gets the texts that each distribution brings, Python's own, those of llama.cpp, and
the copyright files of the system's libraries that were copied along (Debian). README.md there lists them. A
distribution that brings no text gets the common one of its licence; where there is none either, the exit code is 1.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Texts that are the same for all who use them, and by which words in a distribution's metadata they are known.
COMMON_TEXTS = Path("/usr/share/common-licenses")
COMMON = {"LGPL": ("LGPL-3", "GPL-3"), "Apache": ("Apache-2.0",)}
_IS_LICENCE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$|/licenses/", re.IGNORECASE)
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")
_QT = """\
Qt and PySide6 are used under the LGPL, version 3. They lie in `_internal/PySide6` as libraries of their own and may be
replaced there by other builds of the same version. Their sources: https://download.qt.io/official_releases/QtForPython/
"""


def bundled() -> list[metadata.Distribution]:
    """The distributions that Próxima needs, directly or through others, as far as they are installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = list(project["dependencies"]), dict[str, metadata.Distribution]()
    while waiting:
        requirement = waiting.pop()
        match = _REQUIREMENT.match(requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            distribution = metadata.distribution(match.group())
        except metadata.PackageNotFoundError:
            continue  # for other systems or Pythons
        if found.setdefault(distribution.name, distribution) is distribution:
            waiting += distribution.requires or ()
    return sorted(found.values(), key=lambda distribution: distribution.name.lower())


def licence_name(distribution: metadata.Distribution) -> str:
    """What the metadata says, in a line."""
    about = distribution.metadata
    classified = [line.rsplit(" :: ", 1)[-1] for line in about.get_all("Classifier", []) if line.startswith("License")]
    named = about.get("License-Expression") or ", ".join(classified) or about.get("License") or "see its text"
    return named.strip().splitlines()[0]


def write_texts(distribution: metadata.Distribution, target: Path) -> bool:
    """Copy the texts of one distribution; False if there are none."""
    texts = [file for file in distribution.files or () if _IS_LICENCE.search(str(file)) and file.suffix != ".py"]
    present = [path for file in texts if (path := Path(str(distribution.locate_file(file)))).is_file()]
    folder = target / f"{distribution.name}-{distribution.version}"
    if present:
        folder.mkdir(parents=True)
    for number, path in enumerate(present):
        name = path.name if path.suffix else f"{path.name}.txt"
        shutil.copyfile(path, folder / (f"{number}-{name}" if (folder / name).exists() else name))
    if present:
        return True
    known = [name for word, names in COMMON.items() if word in licence_name(distribution) for name in names]
    for name in known:
        shutil.copyfile(COMMON_TEXTS / name, target / f"{name}.txt")
    return bool(known)


def system_packages(build: Path) -> set[str]:
    """Debian packages from which libraries were copied into a build; none on other systems."""
    if shutil.which("dpkg") is None:
        return set()
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    places = dict(re.findall(r"^\s+(\S+) \(.*x86-64.*\) => (\S+)$", listed, re.MULTILINE))
    found = set()
    for library in (build / "_internal").glob("lib*.so*"):
        place = places.get(library.name, "")
        for path in (place, place.removeprefix("/usr"), str(Path(place).resolve())):
            owner = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True)
            if place and owner.returncode == 0:
                found.add(owner.stdout.split(":")[0])
                break
    return found


def main(build: Path) -> int:
    target = build / "licences"
    shutil.rmtree(target, ignore_errors=True)
    (target / "system").mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", target / "proxima.txt")
    shutil.copyfile(Path(tomllib.__file__).parent.parent / "LICENSE.txt", target / "python.txt")
    for path in (ROOT / "packaging" / "licences").glob("*.txt"):
        shutil.copyfile(path, target / path.name)
    lines = ["# What Próxima is made of", "", _QT, "| part | version | licence |", "|---|---|---|"]
    lines.append(f"| Python | {sys.version.split()[0]} | PSF-2.0 |")
    without = []
    for distribution in bundled():
        lines.append(f"| {distribution.name} | {distribution.version} | {licence_name(distribution)} |")
        if not write_texts(distribution, target):
            without.append(distribution.name)
    for package in sorted(system_packages(build)):
        lines.append(f"| {package} | of the system | system/{package}.txt |")
        shutil.copyfile(Path("/usr/share/doc") / package / "copyright", target / "system" / f"{package}.txt")
    (target / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if without:
        print("no licence text for:", ", ".join(without), file=sys.stderr)
    return 1 if without else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""The set-up says in one sentence what is missing, and leaves alone what is there. Python and pip are stand-ins."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "setup.sh"
TOOLS = ("bash", "grep", "find", "mktemp", "rm", "tee", "uname", "mkdir", "cp", "chmod", "cat")

#: A Python of some version, which can make an environment with a pip of ours in it.
PYTHON = """#!/bin/bash
case "$*" in
    *version_info*3,\\ 11*) exit {too_old} ;;
    --version) echo "Python 3.9.1" ;;
    "-m venv "*) mkdir -p "$3/bin"; cp "{pip}" "$3/bin/python" ;;
esac
"""
#: `python -m pip`: writes down what it is asked for; knows the distributions that its folder has files for.
PIP = """#!/bin/bash
shift 3
echo "$*" >>"{calls}"
case "$1" in
    show) [ -e "{installed}/$3" ] ;;
    install) [[ "$*" != *"{fails_at}"* ]] || {{ echo "{message}" >&2; exit 1; }} ;;
esac
"""


class Machine:
    """A machine with these programs and no others."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.venv = folder / "programs", folder / "venv"
        self.calls, self.installed = folder / "calls", folder / "installed"
        self.pip = folder / "pip"
        for made in (self.programs, self.installed):
            made.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        self.program("Xvfb", "")
        self.program("id", "#!/bin/bash\necho 1000\n")
        self.python()
        self.failing("nothing fails", "")

    def program(self, name: str, text: str) -> None:
        (self.programs / name).write_text(text, encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def python(self, too_old: bool = False) -> None:
        self.program("python3", PYTHON.format(too_old=int(too_old), pip=self.pip))

    def failing(self, fails_at: str, message: str) -> None:
        """Pip fails with this message when it is to install that."""
        text = PIP.format(calls=self.calls, installed=self.installed, fails_at=fails_at, message=message)
        self.pip.write_text(text, encoding="utf-8")
        self.pip.chmod(0o755)

    def set_up(self) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.programs), "HOME": str(self.programs)}
        command = [str(shutil.which("bash")), str(SCRIPT), str(self.venv)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    def installs(self) -> list[str]:
        """What pip was asked to install, in order."""
        lines = self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []
        return [line.removeprefix("install -q ") for line in lines if line.startswith("install")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if sys.platform != "linux":
        pytest.skip("the stand-ins are those of Linux")
    return Machine(tmp_path)


def test_torch_comes_first_and_what_is_there_is_left_alone(machine: Machine) -> None:
    assert machine.set_up().returncode == 0
    assert machine.installs() == ["torch==2.13.0", "llama-cpp-python>=0.3.16", "-e .[dev]"]
    machine.calls.unlink()
    for name in ("torch", "llama-cpp-python"):
        (machine.installed / name).touch()
    again = machine.set_up()
    assert machine.installs() == ["-e .[dev]"]
    assert "four minutes" not in again.stderr


def test_it_says_how_long_the_compilation_takes(machine: Machine) -> None:
    assert "about four minutes" in machine.set_up().stderr


def test_a_python_too_old(machine: Machine) -> None:
    machine.python(too_old=True)
    result = machine.set_up()
    assert result.returncode == 1
    assert "needs Python 3.11 or newer; python3 is Python 3.9.1" in result.stderr
    assert machine.installs() == []


def test_no_python_at_all(machine: Machine) -> None:
    (machine.programs / "python3").unlink()
    result = machine.set_up()
    assert result.returncode == 1
    assert result.stderr.startswith("Próxima needs Python 3.11 or newer, and there is no python3.")


def test_no_compiler(machine: Machine) -> None:
    machine.failing("llama", "CMake Error: CMAKE_CXX_COMPILER not set")
    result = machine.set_up()
    assert result.returncode == 1
    assert "CMAKE_CXX_COMPILER not set" in result.stderr
    assert "there is no C++ compiler. On Debian or Ubuntu: sudo apt-get install g++" in result.stderr


def test_a_compiler_that_fails_is_not_said_to_be_missing(machine: Machine) -> None:
    machine.program("c++", "")
    machine.failing("llama", "internal compiler error")
    result = machine.set_up()
    assert result.returncode == 1
    assert "no C++ compiler" not in result.stderr
    assert "pip could not install llama-cpp-python>=0.3.16; its reason stands above." in result.stderr


@pytest.mark.parametrize("at", ["torch", "llama", ".[dev]"])
def test_no_network(machine: Machine, at: str) -> None:
    machine.failing(at, "WARNING: Retrying after NewConnectionError('Temporary failure in name resolution')")
    result = machine.set_up()
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("The package index cannot be reached.")
    assert "NewConnectionError" not in result.stderr


def test_missing_system_packages_are_named_to_those_who_may_not_install(machine: Machine) -> None:
    (machine.programs / "Xvfb").unlink()
    result = machine.set_up()
    assert result.returncode == 0, "the rest can still be set up"
    named = next(line for line in result.stderr.splitlines() if "sudo apt-get install" in line)
    assert "xvfb" in named.split()


def test_those_who_may_get_them_installed(machine: Machine) -> None:
    (machine.programs / "Xvfb").unlink()
    machine.program("id", "#!/bin/bash\necho 0\n")
    machine.program("apt-get", f'#!/bin/bash\necho "$*" >>"{machine.calls}.apt"\n')
    assert machine.set_up().returncode == 0
    update, install = Path(f"{machine.calls}.apt").read_text(encoding="utf-8").splitlines()
    assert update == "update -qq"
    assert "xvfb" in install.split()


def test_an_environment_that_was_broken_off_is_made_again(machine: Machine) -> None:
    broken = machine.venv / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/bash\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    assert machine.set_up().returncode == 0
    assert machine.installs()[-1] == "-e .[dev]"

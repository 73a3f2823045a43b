#!/usr/bin/env bash
# Makes the virtual environment in which Próxima runs and is tested. Run by make; does nothing twice.
set -euo pipefail
venv=${1:-.venv}
python=${PYTHON:-python3}

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip="$venv/bin/python -m pip --disable-pip-version-check"
# torch first and by itself: a CPU build is enough, and anything that asks for it later is then satisfied.
$pip show -q torch 2>/dev/null || $pip install -q torch==2.13.0
if ! $pip show -q llama-cpp-python 2>/dev/null; then
    echo "Compiling llama.cpp. This takes about four minutes on two cores, once." >&2
    CMAKE_ARGS="-DLLAVA_BUILD=OFF ${CMAKE_ARGS:-}" $pip install -q "llama-cpp-python>=0.3.16"
fi
$pip install -q -e ".[dev]"

#!/usr/bin/env bash
# Builds dist/proxima: a folder that runs on any x86-64-v3 Linux machine without Python. `make package` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=build/package-venv
wheels=build/wheels
[ -x $venv/bin/python ] || "${PYTHON:-python3}" -m venv $venv
pip=("$venv/bin/python" -m pip --disable-pip-version-check)
"${pip[@]}" show -q torch 2>/dev/null || "${pip[@]}" install -q torch==2.13.0
if ! ls $wheels/llama_cpp_python-*.whl >/dev/null 2>&1; then
    echo "Compiling llama.cpp without GGML_NATIVE, about four minutes." >&2
    # --no-cache-dir: the cache may hold a wheel that was compiled for this machine's processor alone.
    CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF" \
        "${pip[@]}" wheel -q --no-cache-dir --no-deps -w $wheels "llama-cpp-python>=0.3.16"
fi
"${pip[@]}" install -q $wheels/llama_cpp_python-*.whl
"${pip[@]}" install -q ".[package]"
# The freezer takes the sources from the checkout; the installed copy would only shadow them.
"${pip[@]}" uninstall -q -y proxima
$venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller packaging/proxima.spec
mkdir -p dist/proxima/share/applications dist/proxima/share/metainfo dist/proxima/share/icons/hicolor/scalable/apps
cp packaging/linux/*.desktop dist/proxima/share/applications/
cp packaging/linux/*.metainfo.xml dist/proxima/share/metainfo/
cp resources/icons/proxima.svg dist/proxima/share/icons/hicolor/scalable/apps/io.github.proxima.Proxima.svg
cp LICENSE dist/proxima/
bash packaging/smoke_test.sh dist/proxima
du -sh dist/proxima

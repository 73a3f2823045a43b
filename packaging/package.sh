#!/usr/bin/env bash
# Builds dist/proxima: a folder that runs on any x86-64-v3 Linux machine without Python. `make package` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=build/package-venv
wheels=build/wheels
build=dist/proxima
for tool in Xvfb xdotool objdump; do
    command -v $tool >/dev/null || {
        echo "This needs $tool. On Debian or Ubuntu: sudo apt-get install xvfb xdotool binutils" >&2
        exit 1
    }
done

# An environment of its own: llama.cpp in .venv is compiled for this machine's processor alone.
pip=("$venv/bin/python" -m pip --disable-pip-version-check)
"${pip[@]}" --version >/dev/null 2>&1 || "${PYTHON:-python3}" -m venv $venv
"${pip[@]}" show -q torch 2>/dev/null || "${pip[@]}" install -q torch==2.13.0
if ! ls $wheels/llama_cpp_python-*.whl >/dev/null 2>&1; then
    echo "Compiling llama.cpp for any x86-64-v3 processor, about four minutes on two cores, once." >&2
    # --no-cache-dir: the cache may hold the wheel of .venv.
    CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF" \
        "${pip[@]}" wheel -q --no-cache-dir --no-deps -w $wheels "llama-cpp-python>=0.3.16"
fi
"${pip[@]}" install -q $wheels/llama_cpp_python-*.whl
"${pip[@]}" install -q -e ".[package]"

# Without a screen: modules are imported to see what they need.
QT_QPA_PLATFORM=offscreen $venv/bin/pyinstaller --noconfirm --log-level WARN \
    --distpath dist --workpath build/pyinstaller packaging/proxima.spec
icons=$build/share/icons/hicolor/scalable/apps
mkdir -p $build/share/applications $build/share/metainfo $icons
cp packaging/linux/*.desktop $build/share/applications/
cp packaging/linux/*.metainfo.xml $build/share/metainfo/
cp resources/icons/proxima.svg $icons/io.github.proxima.Proxima.svg
$venv/bin/python packaging/licences.py $build
bash packaging/smoke_test.sh $build
du -sh $build

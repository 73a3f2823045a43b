#!/usr/bin/env bash
# Makes the virtual environment in which Próxima runs and is tested. `make` calls it; what is there already is left alone.
set -euo pipefail
venv=${1:-.venv}
python=${PYTHON:-python3}

# What Qt needs of the system: a library to look for, and the Debian package that brings it.
qt_libraries=(
    libEGL.so.1=libegl1 libGL.so.1=libgl1 libxkbcommon.so.0=libxkbcommon0 libdbus-1.so.3=libdbus-1-3
    libfontconfig.so.1=libfontconfig1 libglib-2.0.so.0=libglib2.0-0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
    libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0
    libxcb-shape.so.0=libxcb-shape0 libxcb-xinerama.so.0=libxcb-xinerama0 libxcb-xkb.so.1=libxcb-xkb1
)

missing_packages() {
    local known pair
    known=$(/sbin/ldconfig -p 2>/dev/null || true)
    for pair in "${qt_libraries[@]}"; do
        grep -q "${pair%%=*}" <<<"$known" || echo "${pair#*=}"
    done
    # Without any font every letter would be a box.
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.fonts" -name '*.[to]tf' -print -quit 2>/dev/null)" ] ||
        echo fonts-dejavu-core
    # The tests open the real window on a virtual screen.
    command -v Xvfb >/dev/null || echo xvfb
}

if [ "$(uname -s)" = Linux ]; then
    mapfile -t packages < <(missing_packages)
    if [ ${#packages[@]} -gt 0 ]; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing the system libraries that the window needs: ${packages[*]}" >&2
            apt-get update -qq
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
        else
            echo "The window needs system packages that are not installed. On Debian or Ubuntu:" >&2
            echo "    sudo apt-get install ${packages[*]}" >&2
            echo "Elsewhere install what provides the same libraries. Going on with the rest." >&2
        fi
    fi
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Próxima needs Python 3.11 or newer; $python is $("$python" --version). Set PYTHON=/path/to/python3.11." >&2
    exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || {
    echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
    exit 1
}
pip=("$venv/bin/python" -m pip --disable-pip-version-check)
# torch first and by itself: a CPU build of this release is enough, and what asks for torch later is then satisfied.
"${pip[@]}" show -q torch 2>/dev/null || {
    echo "Installing PyTorch." >&2
    "${pip[@]}" install -q torch==2.13.0
}
"${pip[@]}" show -q llama-cpp-python 2>/dev/null || {
    echo "Installing llama.cpp. Where it has to be compiled this takes about four minutes on two cores, once." >&2
    CMAKE_ARGS="-DLLAVA_BUILD=OFF ${CMAKE_ARGS:-}" "${pip[@]}" install -q "llama-cpp-python>=0.3.16"
}
echo "Installing the rest." >&2
"${pip[@]}" install -q -e ".[dev]"

#!/usr/bin/env bash
# Makes the virtual environment in which Próxima runs and is tested. `make` calls it; what is there already is left alone.
set -euo pipefail
venv=${1:-.venv}
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$@"
    exit 1
}

command -v "$python" >/dev/null || fail "Próxima needs Python 3.11 or newer, and there is no $python. Set PYTHON=/path/to/python3.11."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Próxima needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11."

# --- the system's part ---

# What Qt needs: a library to look for, and the Debian package that brings it.
qt_libraries=(
    libEGL.so.1=libegl1 libGL.so.1=libgl1 libxkbcommon.so.0=libxkbcommon0 libdbus-1.so.3=libdbus-1-3
    libfontconfig.so.1=libfontconfig1 libglib-2.0.so.0=libglib2.0-0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
    libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0
    libxcb-shape.so.0=libxcb-shape0 libxcb-xinerama.so.0=libxcb-xinerama0 libxcb-xkb.so.1=libxcb-xkb1
)

missing_packages() {
    local known pair fonts
    known=$(/sbin/ldconfig -p 2>/dev/null || true)
    for pair in "${qt_libraries[@]}"; do
        [[ $known == *"${pair%%=*}"* ]] || echo "${pair#*=}"
    done
    # Without any font every letter would be a box.
    fonts=(/usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.fonts" "${HOME:-/nonexistent}/.local/share/fonts")
    [ -n "$(find "${fonts[@]}" -name '*.[to]tf' -print -quit 2>/dev/null)" ] || echo fonts-dejavu-core
    # The tests open the real window on a virtual screen.
    command -v Xvfb >/dev/null || echo xvfb
    # Debian's Python comes without what makes virtual environments.
    "$python" -c 'import ensurepip' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return
    say "Installing the system packages that the window needs: $*"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

if [ "$(uname -s)" = Linux ]; then
    mapfile -t packages < <(missing_packages)
    if [ ${#packages[@]} -gt 0 ] && ! install_packages "${packages[@]}"; then
        say "The window needs system packages that are not installed. On Debian or Ubuntu:"
        say "    sudo apt-get install ${packages[*]}"
        say "Elsewhere install what provides the same libraries. Going on with the rest."
    fi
fi

# --- Python's part ---

pip=("$venv/bin/python" -m pip --disable-pip-version-check)
# A set-up that was broken off may have left an environment without pip.
"${pip[@]}" --version >/dev/null 2>&1 || "$python" -m venv "$venv" ||
    fail "The virtual environment $venv could not be made. On Debian or Ubuntu: sudo apt-get install python3-venv"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Installs with pip, of whose words nothing is shown but why it failed. Then a sentence of ours says what to do.
install() {
    "${pip[@]}" install -q "$@" 2>"$log" && return
    grep -v '^WARNING' "$log" >&2 || true
    grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|ConnectionReset|ReadTimeout' "$log" &&
        fail "The package index cannot be reached. The set-up needs a network, once; the program and its tests need none."
    [[ $* == *llama* ]] && ! command -v c++ g++ clang++ >/dev/null &&
        fail "llama.cpp has to be compiled here, and there is no C++ compiler. On Debian or Ubuntu: sudo apt-get install g++"
    fail "pip could not install $*; its reason stands above."
}

# torch first and by itself: a CPU build of this release is enough, and what asks for torch later is then satisfied.
"${pip[@]}" show -q torch 2>/dev/null || {
    say "Installing PyTorch."
    install torch==2.13.0
}
"${pip[@]}" show -q llama-cpp-python 2>/dev/null || {
    say "Installing llama.cpp. Where it has to be compiled this takes about four minutes on two cores, once."
    CMAKE_ARGS="-DLLAVA_BUILD=OFF ${CMAKE_ARGS:-}" install "llama-cpp-python>=0.3.16"
}
say "Installing the rest."
install -e ".[dev]"

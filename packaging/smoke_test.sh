#!/usr/bin/env bash
# Starts a frozen build in a bare environment: the command line answers, and a message typed into the window gets an answer.
# With a second argument, a folder with a whole other system in it (from debootstrap, say), it runs in there; that takes root.
set -euo pipefail
build=$(realpath "${1:?usage: smoke_test.sh FOLDER [SYSTEM]}")
system=${2:-}
python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ -z "$system" ]; then
    home=$scratch/home
    seen_as=$home
    program=("$build/proxima")
else
    # In a mount namespace of its own, so that nothing stays mounted.
    system=$(realpath "$system")
    home=$system/home/smoke-test
    seen_as=/home/smoke-test
    rm -rf "$home"
    trap 'rm -rf "$scratch" "$home"' EXIT
    mkdir -p "$system/opt/proxima"
    cat >"$scratch/enter" <<'SH'
mount --bind "$1" "$2/opt/proxima"
mount -t proc proc "$2/proc"
system=$2
shift 2
exec chroot "$system" "$@"
SH
    program=(/opt/proxima/proxima)
fi

# Everything of this environment is gone but the screen.
run() {
    local bare=(env -i "PATH=/usr/bin:/bin" "HOME=$seen_as" "PROXIMA_HOME=$seen_as/proxima" "LANG=C.UTF-8")
    [ -z "${DISPLAY:-}" ] || bare+=("DISPLAY=$DISPLAY")
    mkdir -p "$home"
    cd /
    if [ -z "$system" ]; then
        exec "${bare[@]}" "${program[@]}" "$@"
    else
        exec unshare --mount bash "$scratch/enter" "$build" "$system" "${bare[@]}" "${program[@]}" "$@"
    fi
}

(unset DISPLAY; run doctor --json) | tee "$scratch/doctor.json"
grep -q '"bundled_model_loads": true' "$scratch/doctor.json"
(unset DISPLAY; run complete bundled "Once upon a time" --max-tokens 8 --greedy)

export build system seen_as home scratch
export -f run
within=()
[ -n "$system" ] || within=(--within "$build")
"$python" "$here/ask_window.py" --home "$home/proxima" "${within[@]}" ${SHOT:+--shot "$SHOT"} -- \
    bash -c "$(declare -p program); run"
echo "The frozen build works."

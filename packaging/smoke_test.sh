#!/usr/bin/env bash
# Starts a frozen build in a bare environment: the command line answers, and a message typed into the window gets an answer.
# With a second argument, a folder with a whole other Linux in it, the build runs in there (see bare.sh). SHOT=FILE.png takes a picture.
set -euo pipefail
BUILD=$(realpath "${1:?usage: smoke_test.sh FOLDER [SYSTEM]}")
SYSTEM=${2:+$(realpath "$2")}
DATA=$(mktemp -d)
trap 'rm -rf "$DATA"' EXIT
export BUILD SYSTEM DATA
here=$(cd "$(dirname "$0")" && pwd)

(
    unset DISPLAY
    bash "$here/bare.sh" doctor --json | tee "$DATA/doctor.json"
    grep -q '"bundled_model_loads": true' "$DATA/doctor.json"
    bash "$here/bare.sh" complete bundled "Once upon a time" --max-tokens 8 --greedy | grep .
    # PyTorch, too, is whole.
    bash "$here/bare.sh" logits bundled --ids 1,2,3 --backend decoder --out logits.npy
    grep -q NUMPY "$DATA/logits.npy"
)

within=()
[ -n "$SYSTEM" ] || within=(--within "$BUILD")
"${PYTHON:-python3}" "$here/ask_window.py" --home "$DATA" "${within[@]}" ${SHOT:+--shot "$SHOT"} -- bash "$here/bare.sh"
echo "The frozen build works."

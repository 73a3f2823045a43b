#!/usr/bin/env bash
# Starts a frozen build in a bare environment: the command line answers, and a message typed into the window gets a reply.
set -euo pipefail
program=$(realpath "${1:?usage: smoke_test.sh FOLDER}")/proxima
home=$(mktemp -d)
cleanup() {
    kill "${window:-}" "${screen:-}" 2>/dev/null || true
    rm -rf "$home"
}
trap cleanup EXIT
bare=(env -i "PATH=/usr/bin:/bin" "HOME=$home" "PROXIMA_HOME=$home/proxima" "LANG=C.UTF-8")

"${bare[@]}" "$program" doctor --json
"${bare[@]}" "$program" complete bundled "Once upon a time" --max-tokens 8 --greedy

number=$((90 + RANDOM % 900))
Xvfb ":$number" -screen 0 1400x900x24 >/dev/null 2>&1 &
screen=$!
sleep 1
"${bare[@]}" "DISPLAY=:$number" "$program" >"$home/window.log" 2>&1 &
window=$!
export DISPLAY=":$number"
# The composer has the focus once the window is up; the reply is looked for in the database that the window writes.
found=$(timeout 60 xdotool search --sync --onlyvisible --name Próxima | head -1)
xdotool windowfocus "$found" || true
sleep 8
xdotool type --delay 30 "Hello"
xdotool key Return
for _ in $(seq 60); do
    sleep 1
    reply=$("${bare[@]}" python3 - "$home/proxima/proxima.db" <<'PY' || true
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
row = db.execute("SELECT content FROM message WHERE role = 'assistant' AND state = 'complete'").fetchone()
print(row[0] if row else "")
PY
    )
    [ -n "$reply" ] && break
done
[ -n "${reply:-}" ] || {
    echo "The window did not answer. Its log:" >&2
    cat "$home/window.log" >&2
    exit 1
}
echo "The window answered: $reply"

#!/usr/bin/env bash
# Runs the program of a frozen build with nothing of this environment but the screen: BUILD=FOLDER DATA=FOLDER bare.sh ARGUMENTS
# Where SYSTEM names a folder with a whole other Linux in it (from debootstrap, say), the program runs in there; that takes root.
set -euo pipefail
bare=(env -i PATH=/usr/bin:/bin LANG=C.UTF-8)
[ -z "${DISPLAY:-}" ] || bare+=("DISPLAY=$DISPLAY")
cd /
if [ -z "${SYSTEM:-}" ]; then
    exec "${bare[@]}" "HOME=$DATA" "PROXIMA_HOME=$DATA" "$BUILD/proxima" "$@"
fi
# In a mount namespace of its own, so that nothing stays mounted.
# shellcheck disable=SC2016 # the inner shell expands them
enter='mount --bind "$1" "$3/opt"; mount --bind "$2" "$3/mnt"; mount -t proc proc "$3/proc"; shift 2; exec chroot "$@"'
exec unshare --mount sh -ec "$enter" sh "$BUILD" "$DATA" "$SYSTEM" \
    "${bare[@]}" HOME=/mnt PROXIMA_HOME=/mnt /opt/proxima "$@"

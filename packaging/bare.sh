#!/usr/bin/env bash
# Runs the program of a frozen build with nothing of this environment but the screen: BUILD=FOLDER DATA=FOLDER bare.sh ARGUMENTS
# Where SYSTEM names a folder with a whole other Linux in it (from debootstrap, say), the program runs in there; that takes root.
set -euo pipefail
data=${SYSTEM:+/mnt}
data=${data:-$DATA}
bare=(env -i -C "$data" PATH=/usr/bin:/bin LANG=C.UTF-8 "HOME=$data" "PROXIMA_HOME=$data")
[ -z "${DISPLAY:-}" ] || bare+=("DISPLAY=$DISPLAY")
[ -n "${SYSTEM:-}" ] || exec "${bare[@]}" "$BUILD/proxima" "$@"
# In a mount namespace of its own, so that nothing stays mounted.
# shellcheck disable=SC2016 # the inner shell expands them
enter='mount --bind "$1" "$3/opt"; mount --bind "$2" "$3/mnt"; mount -t proc proc "$3/proc"; shift 2; exec chroot "$@"'
exec unshare --mount sh -ec "$enter" sh "$BUILD" "$DATA" "$SYSTEM" "${bare[@]}" /opt/proxima "$@"

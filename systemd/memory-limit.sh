#!/bin/sh
# The memory limit of platen.service while it runs: what its model needs, where that is less than the unit's own limit.
# usage: memory-limit find SETTINGS | set | forget     for platen.service, whose lines say when
set -eu
found=${RUNTIME_DIRECTORY:-/run/platen}/memory-limit
# Where `systemctl set-property --runtime` keeps it.
drop_in=/run/systemd/system.control/platen.service.d/50-MemoryMax.conf
case ${1:-} in
# With no more rights than the daemon: a model file may be anybody's.
find) timeout 60 platend --print-memory-limit --config "$2" >"$found" ;;
# As root, whom alone the service manager obeys. Never above the limit that holds, which may be an administrator's.
set)
    [ -s "$found" ] || exit 0
    read -r limit <"$found"
    case $limit in *[!0-9]*) exit 0 ;; esac
    present=$(systemctl show -P MemoryMax platen.service)
    if [ "$present" = infinity ] || [ "$limit" -lt "$present" ]; then systemctl set-property --runtime platen.service "MemoryMax=$limit"; fi
    ;;
# As root: the next start may be one with another model, which plans before its limit is found.
forget)
    [ -e "$drop_in" ] || exit 0
    rm "$drop_in"
    if [ "$(systemctl is-system-running)" != stopping ]; then systemctl daemon-reload; fi
    ;;
*)
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
    ;;
esac

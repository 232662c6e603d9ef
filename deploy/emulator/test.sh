#!/bin/sh
# Proves keyboards and printers on the emulated machine that prepare.sh made in DIR.
# usage: deploy/emulator/test.sh DIR [KEYS]
#
# KEYS (2000) are typed on each of the matrices at 15 a second.
set -eu

[ $# -ge 1 ] && [ $# -le 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
here=$(realpath -- "$(dirname "$0")")
dir=$(realpath -- "$1")
keys=${2:-2000}
hardware=$here/../../Sources/CHardware
failed=0

# Time in the machine is counted in instructions, one a nanosecond, and waiting takes none of the host's: how busy the host is changes
# nothing, and nothing is asserted of the host's clock.
counted="-icount shift=0,sleep=off"

begin() { # what: makes an empty directory $work for the machine
    echo "== $1"
    work=$dir/work
    rm -rf "$work"
    mkdir "$work"
    started=$(date +%s)
}
end() { # status
    if [ "$1" -eq 0 ]; then verdict=passed; else verdict=FAILED failed=$((failed + 1)); fi
    echo "== $verdict after $(($(date +%s) - started)) s"
}

type_keys() { # suite, diodes, reader: has keys typed and checks what the reader read; the reader's files are in $work already
    if [ "$2" -eq 1 ]; then with=--diodes; else with=; fi
    python3 "$here/keys.py" type "$work/keys" --keys "$keys" $with
    cp "$here/guest-keys.sh" "$work/"
    printf 'diodes=%s\nreader="%s"\n. ./guest-keys.sh\n' "$2" "$3" >"$work/guest.sh"
    status=0
    "$here/run.sh" "$dir" "$1" "$work" keys:16 $counted || status=$?
    python3 "$here/keys.py" check "$work/keys" "$work/keys.events" || status=$?
    end $status
}

scan() { # suite, diodes
    begin "$keys keys, $([ "$2" -eq 1 ] && echo with || echo without) diodes, CHardware alone with the libgpiod of Debian's $1"
    root=$dir/root-$1/usr
    aarch64-linux-gnu-gcc -O2 -Wall -I "$hardware/include" -isystem "$root/include" -L "$root/lib/aarch64-linux-gnu" \
        -o "$work/scan" "$here/scan.c" "$hardware"/gpio*.c -lgpiod
    type_keys "$1" "$2" "./scan keys 8 8$([ "$2" -eq 0 ] || echo ' diodes')"
}

scan bookworm 0
scan trixie 1
[ "$failed" -eq 0 ] || { echo "test: $failed failed"; exit 1; }

#!/bin/sh
# Proves keyboards and printers on the emulated machine that prepare.sh made in DIR.
# usage: deploy/emulator/test.sh DIR PROGRAMS [KEYS [CASE]...]
#
# PROGRAMS is the directory of an arm64 platen, such as deploy/arm64/build.sh makes. KEYS (10000) are typed at 15 a second, on three
# matrices together. Cases, all of them if none is named:
#   plain     half of the keys, on a matrix without diodes, read by platen with libgpiod 2
#   diodes    a quarter, on one with diodes
#   old       a quarter, without diodes, read through CHardware alone with libgpiod 1
set -eu

[ $# -ge 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
here=$(realpath -- "$(dirname "$0")")
dir=$(realpath -- "$1")
programs=$(realpath -- "$2")
keys=${3:-10000}
hardware=$here/../../Sources/CHardware
shift $(($# < 3 ? 2 : 3))
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

type_keys() { # keys, suite, diodes, reader: has keys typed and checks what the reader, whose files are in $work already, read
    if [ "$3" = true ]; then with=--diodes; else with=; fi
    python3 "$here/keys.py" type "$work/keys" --keys "$1" $with
    cp "$here/guest-keys.sh" "$work/"
    printf 'diodes=%s\nreader="%s"\n. ./guest-keys.sh\n' "${with:+1}" "$4" >"$work/guest.sh"
    status=0
    "$here/run.sh" "$dir" "$2" "$work" keys:16 $counted || status=$?
    python3 "$here/keys.py" check "$work/keys" "$work/keys.events" || status=$?
    end $status
}

platen_keys() { # keys, diodes
    begin "$1 keys with diodes = $2, platen with libgpiod 2"
    cp "$programs/platen" "$work/"
    sed "s/^diodes = .*/diodes = $2/" "$here/keyboard.toml" >"$work/keyboard.toml"
    type_keys "$1" trixie "$2" "/tmp/platen keys --profile /tmp/keyboard.toml"
}

scan() { # keys, diodes
    begin "$1 keys with diodes = $2, CHardware alone with libgpiod 1"
    root=$dir/root-bookworm/usr
    aarch64-linux-gnu-gcc -O2 -Wall -I "$hardware/include" -isystem "$root/include" -L "$root/lib/aarch64-linux-gnu" \
        -o "$work/scan" "$here/scan.c" "$hardware"/gpio*.c -lgpiod
    type_keys "$1" bookworm "$2" "/tmp/scan keys 8 8$([ "$2" = false ] || echo ' diodes')"
}

for case in ${@:-plain diodes old}; do
    case $case in
    plain) platen_keys $((keys / 2)) false ;;
    diodes) platen_keys $((keys / 4)) true ;;
    old) scan $((keys / 4)) false ;;
    *) echo "test: there is no case $case" >&2; exit 2 ;;
    esac
done
[ "$failed" -eq 0 ] || { echo "test: $failed failed"; exit 1; }

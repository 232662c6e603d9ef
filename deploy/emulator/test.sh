#!/bin/sh
# Proves keyboards and printers on the emulated machine that prepare.sh made in DIR.
# usage: deploy/emulator/test.sh DIR PROGRAMS [KEYS [CASE]...]
#
# PROGRAMS is the directory of an arm64 platen, such as deploy/arm64/build.sh makes. KEYS (10000) are typed at 15 a second, on three
# matrices together. Cases, all of them if none is named:
#   plain     half of the keys, on a matrix without diodes, read by platen with libgpiod 2
#   diodes    a quarter, on one with diodes
#   old       a quarter, without diodes, read through CHardware alone with libgpiod 1
#   learn     platen finds out how the keys of a matrix are wired
#   typewriter    what is typed on a matrix goes to a typewriter behind two multiplexers, whose pulses are read back
#   crosspoint    the same with a typewriter behind a crosspoint switch
#   printer   a file goes through CHardware alone to a serial printer that stops the line for seconds
#   print     the same with platen print, and the machine is switched off as soon as that ends
#   cut       platen types on the typewriter, and is killed with SIGKILL again and again: no line stays active
#   cut-crosspoint    the same behind the crosspoint switch, which remembers
#   cut-old   the same with eight solenoids, CHardware alone and libgpiod 1
# They run beside each other; with fewer processors than cases name one at a time.
set -eu

[ $# -ge 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
here=$(realpath -- "$(dirname "$0")")
dir=$(realpath -- "$1")
programs=$(realpath -- "$2")
keys=${3:-10000}
hardware=$here/../../Sources/CHardware
shift $(($# < 3 ? 2 : 3))

# Time in the machine is counted in instructions, one a nanosecond, and waiting takes none of the host's: how busy the host is changes
# nothing, and nothing is asserted of the host's clock.
counted="-icount shift=0,sleep=off"
# How often a program is killed, in each case.
cuts=100

begin() { # case, what: makes an empty directory $work for the machine
    echo "== $1: $2"
    work=$dir/work-$1
    rm -rf "$work"
    mkdir "$work"
    started=$(date +%s)
}
end() { # status
    if [ "$1" -eq 0 ]; then verdict=passed; else verdict=FAILED; fi
    echo "== $verdict after $(($(date +%s) - started)) s"
    exit "$1"
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

platen_keys() { # case, keys, diodes
    begin "$1" "$2 keys with diodes = $3, platen with libgpiod 2"
    cp "$programs/platen" "$work/"
    sed "s/^diodes = .*/diodes = $3/" "$here/keyboard.toml" >"$work/keyboard.toml"
    type_keys "$2" trixie "$3" "/tmp/platen keys --profile /tmp/keyboard.toml"
}

cross_compile() { # output, suite, source...: with CHardware's C
    out=$1 root=$dir/root-$2/usr
    shift 2
    aarch64-linux-gnu-gcc -O2 -Wall -I "$hardware/include" -isystem "$root/include" -L "$root/lib/aarch64-linux-gnu" -o "$out" "$@"
}

scan() { # keys
    begin old "$1 keys with diodes = false, CHardware alone with libgpiod 1"
    cross_compile "$work/scan" bookworm "$here/scan.c" "$hardware"/gpio*.c -lgpiod
    type_keys "$1" bookworm false "/tmp/scan keys 8 8"
}

learn() {
    begin learn "platen keys learn on unknown wiring, libgpiod 2"
    cp "$programs/platen" "$work/"
    cp "$here/guest-learn.sh" "$work/guest.sh"
    python3 "$here/learn.py" type "$work/learn" >"$work/keys"
    status=0
    "$here/run.sh" "$dir" trixie "$work" keys:16 $counted || status=$?
    python3 "$here/learn.py" check "$work/learned.toml" || status=$?
    end $status
}

typewriter() { # wiring
    begin "$1" "a page from a matrix to a typewriter, platen with libgpiod 2"
    cp "$programs/platen" "$here/keyboard.toml" "$here/$1.toml" "$here/../../hardware/typewriters/brother-ax-25.toml" \
        "$here/../model/platen-tiny.gguf" "$work/"
    sed -i "s/^diodes = .*/diodes = true/" "$work/keyboard.toml"
    python3 "$here/keys.py" text "$work/text" "$here/page.txt" --rate 10 --profile "$work/keyboard.toml"
    cp "$here/guest-typewriter.sh" "$work/"
    echo "sh ./guest-typewriter.sh $1" >"$work/guest.sh"
    status=0
    "$here/run.sh" "$dir" trixie "$work" keys:16,typewriter:16,crosspoint:16 $counted || status=$?
    python3 "$here/pulses.py" "$work/$1.log" "$work/$1.toml" --expect "$here/page.txt" || status=$?
    end $status
}

print_to_printer() { # expected: runs the guest with a printer on its UART, and compares the page
    python3 "$here/printer.py" "$work/socket" "$work/page" --expect "$1" &
    reader=$!
    status=0
    "$here/run.sh" "$dir" trixie "$work" "" -chardev "socket,id=printer,path=$work/socket,server=on,wait=off" \
        -device pci-serial,chardev=printer || status=$?
    wait $reader || status=$?
    end $status
}

printer() {
    begin printer "a file to a serial printer, CHardware alone"
    cross_compile "$work/send" trixie "$here/send.c" "$hardware/serial.c"
    # Stops of seconds are the host's: here time is not counted but passes.
    sed 's/[^ -~]/?/g' "$here"/*.sh "$here"/*.py | head -c 30000 >"$work/text"
    echo 'cp send text /tmp/ && /tmp/send /dev/ttyS0 /tmp/text' >"$work/guest.sh"
    print_to_printer "$work/text"
}

print_page() {
    begin print "platen print to a serial printer, and switched off right after"
    cp "$programs/platen" "$here/printer.toml" "$here/../../hardware/printers/plain.toml" "$work/"
    cat "$here"/../../docs/*.md | tr -cs 'A-Za-z\n' ' ' | fmt -w 70 | sed 's/^ *//; /^$/d' | head -c 15000 >"$work/text"
    echo >>"$work/text"
    sed 's/$/\r/' "$work/text" >"$work/expected"
    echo 'cp platen text *.toml /tmp/ && /tmp/platen print /tmp/text --plain --profile /tmp/printer.toml --device /dev/ttyS0' >"$work/guest.sh"
    print_to_printer "$work/expected"
}

cut() { # chip, suite, command, profile: kills a program whose files are in $work already
    cross_compile "$work/cut" "$2" "$here/cut.c"
    cp "$here/guest-cut.sh" "$work/"
    printf 'chip=%s cuts=%s command="%s"\n. ./guest-cut.sh\n' "$1" "$cuts" "$3" >"$work/guest.sh"
    status=0
    "$here/run.sh" "$dir" "$2" "$work" typewriter:16,crosspoint:16 $counted || status=$?
    if [ $status -eq 0 ]; then python3 "$here/cuts.py" "$work/$1.log" "$work/$4.toml" "$work/cuts" || status=$?; fi
    end $status
}

cut_typewriter() { # case, wiring
    begin "$1" "platen print on a typewriter, killed $cuts times, libgpiod 2"
    cp "$programs/platen" "$here/$2.toml" "$here/../../hardware/typewriters/brother-ax-25.toml" "$work/"
    cp "$here/page.txt" "$work/text"
    printf '[paper]\nkind = "typewriter"\nprofile = "/tmp/%s.toml"\n' "$2" >"$work/platen.toml"
    cut "$2" trixie "/tmp/platen print /tmp/text --plain --config /tmp/platen.toml" "$2"
}

cut_old() {
    begin cut-old "eight solenoids, killed $cuts times, CHardware alone with libgpiod 1"
    cross_compile "$work/hold" bookworm "$here/hold.c" "$hardware"/gpio*.c -lgpiod
    cp "$here/hold.toml" "$work/"
    cut typewriter bookworm "/tmp/hold typewriter" hold
}

run_case() {
    case $1 in
    plain) platen_keys plain $((keys / 2)) false ;;
    diodes) platen_keys diodes $((keys / 4)) true ;;
    old) scan $((keys / 4)) ;;
    learn) learn ;;
    typewriter | crosspoint) typewriter "$1" ;;
    printer) printer ;;
    print) print_page ;;
    cut) cut_typewriter cut typewriter ;;
    cut-crosspoint) cut_typewriter cut-crosspoint crosspoint ;;
    cut-old) cut_old ;;
    *) echo "test: there is no case $1" >&2; exit 2 ;;
    esac
}

[ $# -gt 0 ] || set -- plain diodes old learn typewriter crosspoint printer print cut cut-crosspoint cut-old
running=
for name in "$@"; do
    (run_case "$name") >"$dir/$name.out" 2>&1 &
    running="$running $name:$!"
done
failed=
for name in $running; do
    wait "${name#*:}" || failed="$failed ${name%:*}"
    cat "$dir/${name%:*}.out"
done
[ -z "$failed" ] || { echo "test: failed:$failed" >&2; exit 1; }

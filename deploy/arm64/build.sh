#!/bin/sh
# Builds platen and platend for arm64 Linux with the cross compiler that deploy/arm64/toolchain.sh made in DIR.
# usage: deploy/arm64/build.sh DIR     as root
#
# The programs, static but for the C library (2.38 or newer: Debian 13), are then DIR/bin/platen and DIR/bin/platend. Try them with
#   qemu-aarch64 -cpu cortex-a72 -L DIR/sysroot DIR/bin/platen --help
set -eu

[ $# -eq 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
for program in platen platend; do
    "$(dirname "$0")/swift-build.sh" "$1" -c release --static-swift-stdlib -Xlinker -s --product $program
    mkdir -p "$1/bin"
    cp "$1/build/aarch64-unknown-linux-gnu/release/$program" "$1/bin/"
done
echo "build: $(realpath -- "$1")/bin/platen and platend"

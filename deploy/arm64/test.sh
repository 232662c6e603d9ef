#!/bin/sh
# Builds the unit tests for arm64 with the cross compiler that deploy/arm64/toolchain.sh made in DIR, and runs them under qemu.
# usage: deploy/arm64/test.sh DIR [CORE [FILTER]]     as root; CORE is what qemu emulates (cortex-a72), FILTER a regular expression
#
# Without a filter: every room's tests, 24 minutes on two busy processors, ten of them for building. Those that start programs, or the
# tests' own program once more (EndToEndTests, RestoringTests), are not among them: qemu's user emulation does not emulate these in turn.
# What it lacks else, the tests say as they skip.
set -eu

[ $# -ge 1 ] && [ $# -le 3 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
command -v qemu-aarch64 >/dev/null || { echo "test: qemu-aarch64 is missing; install the package qemu-user" >&2; exit 1; }
core=${2:-cortex-a72}
filter=${3:-.}
# Debian's package lacks this library, of which nothing is used.
missing=$1/sysroot/usr/lib/swift/linux/lib_Testing_Foundation.so
if [ -d "${missing%/*}" ] && [ ! -e "$missing" ]; then printf '!<arch>\n' >"$missing"; fi

# Optimized, for emulation is slow. Swift 6.2.3's compiler fails an assertion of its own in one pass, over the arguments of a test.
"$(dirname "$0")/swift-build.sh" "$1" -c release --build-tests -Xswiftc -enable-testing -Xswiftc -Xllvm -Xswiftc -sil-disable-pass=deadobject-elim
root=$(realpath -- "$(dirname "$0")/../..")
exec qemu-aarch64 -cpu "$core" -L "$1/sysroot" -E "LD_LIBRARY_PATH=/usr/lib/swift/linux" \
    -E "PLATEN_MODEL=$root/deploy/model/platen-tiny.gguf" -E "PLATEN_HARDWARE=$root/hardware" \
    "$1/build/aarch64-unknown-linux-gnu/release/platenPackageTests.xctest" --testing-library swift-testing \
    --filter "$filter" --skip '^EndToEndTests|RestoringTests'

#!/bin/sh
# Tests every kernel that this machine can run: natively with the address and undefined behaviour sanitizers, and the Arm sets
# under qemu as a Cortex-A53 and A72 (Pi Zero 2 W, Pi 3, Pi 4: no dot product), a Cortex-A76 (Pi 5) and newer cores (matrix
# multiplication of bytes) see them. About a minute.
set -eu
cd "$(dirname "$0")/.."

need() { # program, Debian package
    command -v "$1" >/dev/null || { echo "run-kernel-tests.sh: $1 is missing; install the package $2" >&2; exit 1; }
}
need gcc gcc
need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
need qemu-aarch64 qemu-user

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
include="-ISources/CKernels/include -ITests/CKernelsTests/c"
warn="-Wall -Wextra -Werror"

# test_program OUTPUT COMPILER FLAG... : the kernels with these flags, the tests hardly optimized.
test_program() {
    output=$1; compiler=$2; shift 2
    mkdir "$output.d"
    for file in Sources/CKernels/*.c; do
        "$compiler" -ffp-contract=off $warn $include "$@" -c "$file" -o "$output.d/$(basename "$file" .c).o"
    done
    "$compiler" -ffp-contract=off $warn $include "$@" -O1 "$output.d"/*.o Tests/CKernelsTests/c/kernels_test.c \
        Tests/CKernelsTests/c/check.c Tests/CKernelsTests/c/test_*.c -o "$output" -lm -lpthread
}

# run NAME SETS COMMAND...: fails unless the command succeeds and reports these sets.
run() {
    name=$1; sets=$2; shift 2
    line=$("$@") || { echo "$name: $line" >&2; exit 1; }
    echo "$name: $line"
    case $line in
    *", 0 failed (sets: $sets"*) ;;
    *) echo "run-kernel-tests.sh: $name: expected the sets \"$sets\"" >&2; exit 1 ;;
    esac
}

test_program "$build/native" gcc -O1 -g -fno-sanitize-recover=all \
    -fsanitize=address,alignment,bounds,float-cast-overflow,integer-divide-by-zero,shift,signed-integer-overflow
run native "scalar" "$build/native"

test_program "$build/arm" aarch64-linux-gnu-gcc -O3 -static
for cpu in cortex-a53 cortex-a72; do
    run $cpu "scalar neon; unsupported: neon-dotprod neon-i8mm)" qemu-aarch64 -cpu $cpu "$build/arm"
done
run cortex-a76 "scalar neon neon-dotprod; unsupported: neon-i8mm)" qemu-aarch64 -cpu cortex-a76 "$build/arm"
run i8mm "scalar neon neon-dotprod neon-i8mm; unsupported: none)" qemu-aarch64 -cpu max "$build/arm"

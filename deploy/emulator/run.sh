#!/bin/sh
# Boots the machine that prepare.sh made in DIR, runs WORK/guest.sh in it as root, and ends with that script's exit status.
# usage: deploy/emulator/run.sh DIR SUITE WORK [CHIPS [ARGUMENT of qemu]...]
#
# SUITE is bookworm or trixie. The host's directory WORK is /host there; what the script prints comes out here. CHIPS are the GPIO chips,
# LABEL:LINES[,LABEL:LINES]..., see module/main.c.
set -eu

[ $# -ge 3 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
dir=$1 suite=$2 work=$3 chips=${4-}
shift $(($# < 4 ? 3 : 4))
command -v qemu-system-aarch64 >/dev/null || { echo "run: qemu-system-aarch64 is missing; install the package qemu-system-arm" >&2; exit 1; }
[ -e "$dir/$suite.cpio" ] || { echo "run: no machine of $suite in $dir: run deploy/emulator/prepare.sh $dir" >&2; exit 1; }
rm -f "$work/status"
# Without the last three options every system call empties the emulator's translation buffer, and takes three times as long.
qemu-system-aarch64 -M virt -cpu cortex-a72 -smp 2 -m 384 -nodefaults -no-user-config -display none -no-reboot \
    -kernel "$dir/Image" -initrd "$dir/$suite.cpio" -append "console=ttyAMA0 quiet panic=-1 nokaslr kpti=off mitigations=off ${chips:+platen.chips=$chips}" \
    -serial stdio -fsdev "local,id=work,path=$work,security_model=none" -device virtio-9p-device,fsdev=work,mount_tag=work \
    "$@" </dev/null
[ -e "$work/status" ] || { echo "run: the machine ended before its script did" >&2; exit 1; }
exit "$(cat "$work/status")"

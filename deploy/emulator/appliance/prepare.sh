#!/bin/sh
# Adds to the emulated machine in DIR, once: a disk with a clean Debian 13 that boots with systemd, as a Raspberry Pi OS Lite does.
# usage: deploy/emulator/appliance/prepare.sh DIR     as root, after deploy/emulator/prepare.sh DIR; some minutes
#
#   DIR/appliance.ext4    the disk: Debian 13 for arm64, and the libraries that the package depends on, because the machine has no network
#   DIR/appliance.cpio    the initial RAM file system, with the kernel's modules
set -eu

[ $# -eq 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "prepare: run this as root: another architecture's packages are installed in a namespace" >&2; exit 1; }
command -v qemu-aarch64-static >/dev/null || { echo "prepare: qemu-aarch64-static is missing; install the package qemu-user-static" >&2; exit 1; }
dir=$(realpath -- "$1")
[ -e "$dir/root-trixie.done" ] || { echo "prepare: run deploy/emulator/prepare.sh $1 first" >&2; exit 1; }
cd "$(dirname "$0")"
disk=$dir/appliance-root

if [ ! -e "$dir/appliance-root.done" ]; then
    echo "prepare: Debian 13 with systemd, for arm64"
    rm -rf "$disk"
    # Its maintainer scripts run under qemu, which only a namespace of its own knows of; a user namespace has its own binfmt_misc (Linux 6.7).
    [ -p "$dir/mapped" ] || mkfifo "$dir/mapped"
    unshare --user --mount sh -euc '
        read -r go <"$2/mapped"
        exec unshare --mount --setuid 0 --setgid 0 sh -euc "$0" "$1"' '
        mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
        printf %s ":arm64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:$(command -v qemu-aarch64-static):F" \
            >/proc/sys/fs/binfmt_misc/register
        mmdebstrap --quiet --skip=check/qemu --arch=arm64 --variant=minbase --dpkgopt="path-exclude=/usr/share/locale/*" \
            --include=systemd,systemd-sysv,udev,dbus,kmod,libgpiod3,libevdev2,libxkbcommon0,libsqlite3-0,libstdc++6,xkb-data,libx11-data,cloud-init \
            trixie "$0"' "$disk" "$dir" &
    inside=$!
    sleep 1
    echo "0 0 65536" >"/proc/$inside/uid_map"
    echo "0 0 65536" >"/proc/$inside/gid_map"
    echo go >"$dir/mapped"
    wait $inside
    rm "$dir/mapped"
    touch "$dir/appliance-root.done"
fi

# What a first boot would do otherwise, and what nobody needs in an emulator.
systemd-id128 new >"$disk/etc/machine-id"
echo platen >"$disk/etc/hostname"
touch "$disk/etc/.updated" "$disk/var/.updated"
for unit in getty@tty1.service serial-getty@ttyAMA0.service apt-daily.timer apt-daily-upgrade.timer fstrim.timer ldconfig.service; do
    ln -sf /dev/null "$disk/etc/systemd/system/$unit"
done
mkdir -p "$disk/boot/firmware"
# As Raspberry Pi OS has it (pi-gen, stage2/04-cloud-init).
printf 'datasource_list: [ NoCloud, None ]\ndatasource:\n  NoCloud:\n    seedfrom: file:///boot/firmware\n' >"$disk/etc/cloud/cloud.cfg.d/99_raspberry-pi.cfg"
# The test's way in.
cat >"$disk/etc/systemd/system/test-shell.service" <<-'END'
	[Unit]
	DefaultDependencies=no
	After=systemd-udevd.service
	[Service]
	ExecStart=/bin/sh -i
	Environment=PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8
	StandardInput=tty
	StandardOutput=tty
	StandardError=tty
	TTYPath=/dev/ttyS2
	Restart=always
	END
mkdir -p "$disk/etc/systemd/system/sysinit.target.wants"
ln -sf ../test-shell.service "$disk/etc/systemd/system/sysinit.target.wants/"
rm -f "$dir/appliance.ext4"
mke2fs -q -t ext4 -d "$disk" "$dir/appliance.ext4" 1G

echo "prepare: the initial RAM file system"
from=$dir/root-trixie
ram=$dir/appliance-ram
modules=$(echo "$dir"/kernel/lib/modules/*-arm64/kernel)
rm -rf "$ram"
mkdir -p "$ram/usr/bin" "$ram/usr/sbin" "$ram/usr/lib/aarch64-linux-gnu" "$ram/modules/sim" "$ram/dev" "$ram/proc" "$ram/sys" "$ram/root"
ln -s usr/bin "$ram/bin"
ln -s usr/lib "$ram/lib"
cp init "$ram/init"
cp "$from/usr/bin/busybox" "$ram/usr/bin/"
cp -L "$from/usr/lib/ld-linux-aarch64.so.1" "$ram/usr/lib/"
cp -L "$from/usr/lib/aarch64-linux-gnu/libc.so.6" "$from/usr/lib/aarch64-linux-gnu/libresolv.so.2" "$ram/usr/lib/aarch64-linux-gnu/"
number=10
# In the order in which they are loaded.
for module in drivers/virtio/virtio_mmio drivers/block/virtio_blk lib/crc16 crypto/crc32c_generic fs/mbcache fs/jbd2/jbd2 fs/ext4/ext4 \
    fs/netfs/netfs fs/fscache/fscache net/9p/9pnet net/9p/9pnet_virtio fs/9p/9p drivers/input/evdev fs/nls/nls_cp437 fs/nls/nls_ascii fs/fat/fat fs/fat/vfat; do
    cp "$modules/$module.ko" "$ram/modules/$number-${module##*/}.ko"
    number=$((number + 1))
done
cp "$dir/module/platen_matrix_sim.ko" "$ram/modules/sim/"
(cd "$ram" && find . | cpio -o -H newc --quiet) >"$dir/appliance.cpio"
echo "prepare: ready in $dir: appliance.ext4 and appliance.cpio"

#!/bin/sh
# Makes an emulated arm64 machine with GPIO matrices in DIR, once: about 500 MB, some minutes, most of it downloads.
# usage: deploy/emulator/prepare.sh DIR     as root, on amd64 Debian 12 or newer; then deploy/emulator/run.sh
#
#   DIR/kernel          Debian 12's Linux 6.1 for arm64 and its headers, unpacked
#   DIR/root-SUITE      what the machine's programs need of Debian, SUITE bookworm (libgpiod 1) or trixie (libgpiod 2)
#   DIR/Image           the kernel that is booted
#   DIR/SUITE.cpio      the initial RAM file system with platen_matrix_sim.ko, made of module/ beside this script
set -eu

[ $# -eq 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "prepare: run this as root: unpacking for another architecture needs it" >&2; exit 1; }
missing=
for need in mmdebstrap:mmdebstrap make:make cpio:cpio aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu dpkg-deb:dpkg; do
    command -v "${need%:*}" >/dev/null || missing="$missing ${need#*:}"
done
[ -z "$missing" ] || { echo "prepare: install these packages, then try again:$missing" >&2; exit 1; }
mkdir -p "$1"
dir=$(realpath -- "$1")
cd "$(dirname "$0")"

# Every step leaves a mark, so that an interrupted set-up goes on where it stopped.
step() { # mark, what
    [ -e "$dir/$1.done" ] && return 1
    echo "prepare: $2"
}
finish() { touch "$dir/$1.done"; }

if step kernel "Linux 6.1 for arm64 and its headers (Debian 12)"; then
    rm -rf "$dir/kernel" "$dir/packages"
    # Downloaded, not installed: of the image the dependencies are not wanted, and of kbuild the programs that run here.
    mmdebstrap --quiet --arch=arm64,amd64 --variant=extract --format=directory --extract-hook='
        mkdir "$1/debs" && cd "$1/debs"
        export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
        release=$(apt-cache depends linux-image-arm64 | sed -n "s/.*Depends: linux-image-\(6.*-arm64\)$/\1/p")
        apt-get -q -o APT::Sandbox::User=root download linux-image-$release linux-headers-$release \
            linux-headers-${release%-arm64}-common linux-kbuild-6.1:amd64' bookworm "$dir/packages"
    mkdir "$dir/kernel"
    for package in "$dir"/packages/debs/*.deb; do dpkg-deb -x "$package" "$dir/kernel"; done
    rm -rf "$dir/packages"
    cp "$dir"/kernel/boot/vmlinuz-* "$dir/Image"
    # The headers name the place where they would be installed.
    sed -i "s|^include /usr/src|include $dir/kernel/usr/src|" "$dir"/kernel/usr/src/linux-headers-*-arm64/Makefile
    finish kernel
fi
headers=$(echo "$dir"/kernel/usr/src/linux-headers-*-arm64)
modules=$(echo "$dir"/kernel/lib/modules/*-arm64/kernel)

for suite in bookworm trixie; do
    if step root-$suite "libraries and busybox (Debian's $suite, arm64)"; then
        root=$dir/root-$suite
        case $suite in bookworm) gpiod=libgpiod2 ;; *) gpiod=libgpiod3 ;; esac
        rm -rf "$root"
        mmdebstrap --quiet --arch=arm64 --variant=extract --format=directory --dpkgopt='path-exclude=/usr/share/doc/*' \
            --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
            --include=busybox,$gpiod,libgpiod-dev,libevdev2,libxkbcommon0,libsqlite3-0,libstdc++6,libgcc-s1 $suite "$root"
        # bookworm's packages still hold files outside /usr.
        for name in bin lib sbin; do
            mkdir -p "$root/usr/$name"
            if [ -d "$root/$name" ] && [ ! -L "$root/$name" ]; then
                cp -a "$root/$name/." "$root/usr/$name/"
                rm -r "${root:?}/$name"
            fi
            ln -sfn usr/$name "$root/$name"
        done
        finish root-$suite
    fi
done

# What follows is of this project, and quick: it is made each time.
echo "prepare: platen_matrix_sim.ko"
rm -rf "$dir/module" && cp -r module "$dir/module"
make -s -C "$headers" M="$dir/module" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- CC=aarch64-linux-gnu-gcc W=1 modules

for suite in bookworm trixie; do
    root=$dir/root-$suite
    mkdir -p "$root/modules" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/host"
    cp init "$root/init"
    # In the order in which they are loaded.
    number=10
    for module in "$modules"/drivers/virtio/virtio_mmio.ko "$modules"/fs/netfs/netfs.ko "$modules"/fs/fscache/fscache.ko \
        "$modules"/net/9p/9pnet.ko "$modules"/net/9p/9pnet_virtio.ko "$modules"/fs/9p/9p.ko "$modules"/drivers/input/evdev.ko; do
        cp "$module" "$root/modules/$number-${module##*/}"
        number=$((number + 1))
    done
    cp "$dir/module/platen_matrix_sim.ko" "$root/modules/"
    (cd "$root" && find . ! -path './var/*' ! -path './dev/*' | cpio -o -H newc --quiet) >"$dir/$suite.cpio"
done
echo "prepare: ready in $dir: Linux $(basename "${headers#*linux-headers-}")"

#!/bin/sh
# Installs what is missing to build (setup.sh build), to test (test) or to package the project for this architecture (package) or for
# a Raspberry Pi's (cross-package), and nothing else.
# Swift itself is expected to be there: it comes from swift.org or, as swiftlang, from Debian.
set -eu

# Each line: a command or file that must be there, and the Debian package that brings it.
needs_to_build='
git git
/etc/ssl/certs/ca-certificates.crt ca-certificates
c++ g++
/usr/include/gpiod.h libgpiod-dev
/usr/include/libevdev-1.0/libevdev/libevdev.h libevdev-dev
/usr/include/xkbcommon/xkbcommon.h libxkbcommon-dev
/usr/include/sqlite3.h libsqlite3-dev
/usr/share/X11/xkb/rules/evdev xkb-data
/usr/share/X11/locale/en_US.UTF-8/Compose libx11-data
'
needs_to_test="$needs_to_build"'
aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
/usr/aarch64-linux-gnu/include/stdio.h libc6-dev-arm64-cross
qemu-aarch64 qemu-user
python3 python3
/usr/share/doc/libpangocairo-1.0-0 libpangocairo-1.0-0
/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf fonts-dejavu-core
/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc fonts-wqy-zenhei
'
needs_to_package='
make make
python3 python3
dh debhelper
lintian lintian
'
# The cross compiler comes with its own Swift and libraries.
needs_to_cross_package="$needs_to_package"'
/etc/ssl/certs/ca-certificates.crt ca-certificates
mmdebstrap mmdebstrap
aarch64-linux-gnu-objdump binutils-aarch64-linux-gnu
qemu-aarch64 qemu-user
'

needs_swift=true
case "${1-}" in
build) needs=$needs_to_build ;;
test) needs=$needs_to_test ;;
package) needs="$needs_to_build$needs_to_package" ;;
cross-package) needs=$needs_to_cross_package needs_swift=false ;;
*) echo "usage: deploy/setup.sh build|test|package|cross-package" >&2; exit 2 ;;
esac

if $needs_swift && ! command -v swift >/dev/null; then
    echo "setup: Swift 6.2 or newer is not installed, or not in PATH: see https://www.swift.org/install/linux" >&2
    exit 1
fi

missing=$(echo "$needs" | while read -r probe package; do
    case $probe in
    '') ;;
    /*) [ -e "$probe" ] || echo "$package" ;;
    *) command -v "$probe" >/dev/null || echo "$package" ;;
    esac
done)
[ -n "$missing" ] || exit 0
missing=$(echo $missing)

if ! command -v apt-get >/dev/null; then
    echo "setup: this is not a Debian system; install what these Debian packages bring, then try again: $missing" >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "setup: run this as root, then try again: apt-get install $missing" >&2
    exit 1
fi

echo "setup: installing $missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q </dev/null
$as_root apt-get install -q -y --no-install-recommends $missing </dev/null

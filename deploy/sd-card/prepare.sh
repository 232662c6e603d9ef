#!/bin/sh
# Makes a typewriter of a fresh Raspberry Pi OS Lite card: puts what its first boot installs on the card's boot partition.
# usage: deploy/sd-card/prepare.sh BOOT PACKAGE SETTINGS [FILE]...
#
#   BOOT        where the card's first partition is mounted (the FAT one, with cmdline.txt and user-data on it)
#   PACKAGE     platen_VERSION_arm64.deb
#   SETTINGS    a settings file (TOML) for /etc/platen/platen.toml.d: the keyboard and the printer
#   FILE        more of it: a model (.gguf), a keyboard's or printer's profile (.toml), and packages (.deb) that PACKAGE depends on, which
#               are otherwise fetched from the network at the first boot
#
# The image must be of October 2025 or newer: it runs cloud-init, for which vendor-data is written. user-data, with the user and the network, stays
# as Raspberry Pi Imager wrote it.
set -eu

[ $# -ge 3 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
boot=$1 package=$2 settings=$3
shift 3
here=$(dirname "$0")
for name in cmdline.txt user-data meta-data; do
    [ -e "$boot/$name" ] || { echo "prepare: $boot has no $name: it is not the boot partition of Raspberry Pi OS of October 2025 or newer" >&2; exit 1; }
done
[ ! -e "$boot/vendor-data" ] || grep -q platen "$boot/vendor-data" || { echo "prepare: $boot/vendor-data is somebody else's: it would be lost" >&2; exit 1; }
[ "$(dpkg-deb -f "$package" Package Architecture | tr '\n' ' ')" = "Package: platen Architecture: arm64 " ] || {
    echo "prepare: $package is not platen's package for arm64" >&2
    exit 1
}
for file in "$settings" "$@"; do
    case $file in
    *.toml | *.gguf | *.deb) [ -r "$file" ] || { echo "prepare: $file cannot be read" >&2; exit 1; } ;;
    *) echo "prepare: $file is neither a .toml, a .gguf nor a .deb" >&2; exit 1 ;;
    esac
done

rm -rf "$boot/platen"
mkdir "$boot/platen" "$boot/platen/packages" "$boot/platen/files"
cp "$here/first-boot.sh" "$boot/platen/"
cp "$package" "$boot/platen/packages/"
cp "$settings" "$boot/platen/settings.toml"
for file in "$@"; do
    case $file in
    *.deb) cp "$file" "$boot/platen/packages/" ;;
    *) cp "$file" "$boot/platen/files/" ;;
    esac
done
printf '#!/bin/sh\nexec sh /boot/firmware/platen/first-boot.sh\n' >"$boot/vendor-data"
# The serial line on the header is the typewriter's, not a console's.
if grep -q '/dev/\(serial0\|ttyAMA0\|ttyS0\)' "$settings"; then
    sed -i 's/console=\(serial0\|ttyAMA0\|ttyS0\),[0-9]* *//' "$boot/cmdline.txt"
    grep -qs '^enable_uart=1' "$boot/config.txt" || printf '\n[all]\nenable_uart=1\n' >>"$boot/config.txt"
fi
sync
echo "prepare: the card is ready; its first boot takes some minutes, and /boot/firmware/platen/log.txt tells how it went"

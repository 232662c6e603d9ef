#!/bin/sh
# Runs `swift build` for arm64 on this project with the cross compiler that toolchain.sh made in DIR; what build.sh and test.sh share.
# usage: deploy/arm64/swift-build.sh DIR [ARGUMENT of swift build]...     as root; builds under DIR/build
set -eu

[ $# -ge 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "swift-build: run this as root: a chroot needs it" >&2; exit 1; }
[ -e "$1/sdk.done" ] || { echo "swift-build: no toolchain in $1: run deploy/arm64/toolchain.sh $1" >&2; exit 1; }
dir=$(realpath -- "$1")
shift
cd "$(dirname "$0")/../.."

# What this machine's Swift has fetched already need not be fetched again.
cache=.cache/org.swift.swiftpm/repositories
mkdir -p "$dir/home/$cache"
if [ -d "${HOME:-/root}/$cache" ]; then cp -Rn "${HOME:-/root}/$cache/." "$dir/home/$cache/"; fi

# The mounts live in a namespace of their own and are gone with it. Paths are the same inside, so that tests find their files.
# The chroot fetches the packages that the project depends on, by the names and certificates that this machine knows.
exec unshare --mount sh -euc '
    dir=$1
    shift
    chroot=$dir/chroot
    mkdir -p "$chroot$PWD" "$chroot$dir"
    mount --bind . "$chroot$PWD"
    mount --bind "$dir" "$chroot$dir"
    mount -t proc proc "$chroot/proc"
    mount --rbind /dev "$chroot/dev"
    for file in /etc/ssl/certs/ca-certificates.crt /etc/resolv.conf /etc/hosts; do
        if [ -e "$file" ]; then cp "$file" "$chroot$file"; fi
    done
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$dir/home" LC_ALL=C.UTF-8 \
        ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
        chroot "$chroot" sh -euc "cd \"\$1\" && shift && exec swift build \"\$@\"" build "$PWD" \
        --swift-sdks-path "$dir/sdks" --swift-sdk debian-arm64 --scratch-path "$dir/build" "$@"
    ' build "$dir" "$@"

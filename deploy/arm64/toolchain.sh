#!/bin/sh
# Makes a Swift cross compiler for arm64 Linux (Debian 13, Raspberry Pi OS of the same base) under DIR: about 4 GB, some minutes.
# usage: deploy/arm64/toolchain.sh DIR     as root, on amd64 Debian with mmdebstrap; then deploy/arm64/build.sh DIR
#
#   DIR/chroot    Debian sid with its swiftlang, which runs here: Swift modules fit one compiler version only, and Debian has
#                 the same version for both architectures
#   DIR/sysroot   Debian 13's arm64 headers and libraries and the arm64 swiftlang's: never run here, only linked against
#   DIR/libraries    Debian 13's packages of the libraries that the programs use, unpacked with what these promise to be compatible with
#   DIR/sdks      the description of both that `swift build --swift-sdk` takes
set -eu

[ $# -eq 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "toolchain: run this as root: a chroot needs it" >&2; exit 1; }
command -v mmdebstrap >/dev/null || { echo "toolchain: mmdebstrap is missing; install the package mmdebstrap" >&2; exit 1; }
mkdir -p "$1"
dir=$(realpath -- "$1")
chroot=$dir/chroot
sysroot=$dir/sysroot

# Every step leaves a mark, so that an interrupted set-up goes on where it stopped.
step() { # mark, what
    [ -e "$dir/$1.done" ] && return 1
    echo "toolchain: $2"
}
finish() { touch "$dir/$1.done"; }

# The compiler that the project was tried with, by the sums of its packages. Debian's sid moves on: PLATEN_ANY_SWIFT=1 takes what it has now.
pins=$(realpath -- "$(dirname "$0")/swiftlang.sha256")
check_pins() { # architecture: what apt would install, or has installed, by its signed list
    [ -z "${PLATEN_ANY_SWIFT-}" ] || return 0
    for package in swiftlang libswiftlang; do
        found=$(chroot "$chroot" apt-cache show "$package:$1" | awk '
            /^Version:/ { version = $2 } /^SHA256:/ { print $2 "  '"${package}"'_" version "_'"$1"'.deb"; exit }')
        grep -qxF "$found" "$pins" && continue
        echo "toolchain: Debian sid has ${found#*  } now, with another sum than in deploy/arm64/swiftlang.sha256 or none there; PLATEN_ANY_SWIFT=1 takes it all the same" >&2
        exit 1
    done
}

if step chroot "the compiler (Debian sid)"; then
    rm -rf "$chroot"
    # Mirrors of sid may lag behind its Valid-Until date.
    mmdebstrap --arch=amd64 --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        --include=swiftlang,git,ca-certificates,g++,libc6-dev,pkg-config sid "$chroot"
    finish chroot
fi

if step sysroot "the target's headers and libraries (Debian 13, arm64)"; then
    rm -rf "$sysroot"
    mmdebstrap --arch=arm64 --variant=extract --include=libc6-dev,libstdc++-14-dev,libgcc-14-dev,libgpiod-dev,libevdev-dev,libxkbcommon-dev,libsqlite3-dev trixie "$sysroot"
    for name in lib bin sbin; do
        [ -e "$sysroot/$name" ] || ln -s "usr/$name" "$sysroot/$name"
    done
    [ -e "$sysroot/lib64" ] || ln -s usr/lib "$sysroot/lib64"
    # qemu's user emulation looks here first, and would open these instead of the machine's devices.
    rm -rf "$sysroot/dev"
    finish sysroot
fi

if step runtime "the target's Swift runtime (Debian sid, arm64)"; then
    # The chroot's apt knows sid already, but has lost its lists; the packages are downloaded and unpacked, not installed.
    chroot "$chroot" dpkg --add-architecture arm64
    chroot "$chroot" apt-get -q -o Acquire::Check-Valid-Until=false update
    check_pins amd64
    check_pins arm64
    chroot "$chroot" sh -euc '
        version=$(dpkg-query -W -f "\${Version}" swiftlang)
        rm -rf /arm64 && mkdir /arm64 && cd /arm64
        apt-get -q -o APT::Sandbox::User=root download "swiftlang:arm64=$version" "libswiftlang:arm64=$version" || {
            echo "toolchain: swiftlang $version exists for amd64 but not for arm64 just now: try again another day" >&2
            exit 1
        }
        for package in *.deb; do dpkg-deb -x "$package" /arm64/root; done'
    mkdir -p "$sysroot/usr/libexec/swift/lib"
    for name in swift swift_static clang; do
        cp -a "$chroot/arm64/root/usr/libexec/swift/lib/$name" "$sysroot/usr/libexec/swift/lib/"
        rm -rf "$sysroot/usr/lib/$name"
    done
    ln -s ../libexec/swift/lib/swift "$sysroot/usr/lib/swift"
    ln -s ../libexec/swift/lib/swift_static "$sysroot/usr/lib/swift_static"
    (cd "$chroot/arm64/root" && find usr/lib -name '*.so*' -exec cp -a --parents {} "$sysroot/" \;)
    rm -rf "$chroot/arm64"
    # Both hold some of Data's functions. Linked in this order, Foundation's copy draws in all of Foundation with the tables of
    # ICU, 42 MB, into a program that uses only FoundationEssentials.
    cd "$sysroot/usr/lib/swift_static/linux"
    mv libFoundation.a libFoundation-archive.a
    echo 'INPUT(-lFoundationEssentials -lFoundation-archive)' >libFoundation.a
    cd "$dir"
    finish runtime
fi

if step libraries "what the target's libraries promise, for a package's dependencies (Debian 13, arm64)"; then
    rm -rf "$dir/libraries" "$dir/packages" && mkdir "$dir/libraries"
    mmdebstrap --quiet --arch=arm64 --variant=extract --format=directory --extract-hook='
        mkdir "$1/debs" && cd "$1/debs"
        export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
        apt-get -q -o APT::Sandbox::User=root download \
            libc6 libgcc-s1 libstdc++6 libgpiod3 libevdev2 libxkbcommon0 libsqlite3-0' trixie "$dir/packages"
    for package in "$dir"/packages/debs/*.deb; do dpkg-deb -R "$package" "$dir/libraries/$(dpkg-deb -f "$package" Package)"; done
    rm -rf "$dir/packages"
    finish libraries
fi

if step sdk "the description of the SDK"; then
    bundle=$dir/sdks/debian-arm64.artifactbundle
    target=$bundle/debian-arm64/aarch64-unknown-linux-gnu
    rm -rf "$bundle" && mkdir -p "$target"
    cat >"$bundle/info.json" <<-END
	{"schemaVersion": "1.0", "artifacts": {"debian-arm64": {"type": "swiftSDK", "version": "0.0.1",
	 "variants": [{"path": "debian-arm64/aarch64-unknown-linux-gnu"}]}}}
	END
    cat >"$target/swift-sdk.json" <<-END
	{"schemaVersion": "4.0", "targetTriples": {"aarch64-unknown-linux-gnu": {"sdkRootPath": "sysroot",
	 "swiftResourcesPath": "sysroot/usr/lib/swift", "swiftStaticResourcesPath": "sysroot/usr/lib/swift_static",
	 "toolsetPaths": ["toolset.json"]}}}
	END
    echo '{"schemaVersion": "1.0", "swiftCompiler": {"extraCLIOptions": ["-use-ld=lld"]}}' >"$target/toolset.json"
    ln -s ../../../../sysroot "$target/sysroot"
    finish sdk
fi
echo "toolchain: ready in $dir: $(chroot "$chroot" dpkg-query -W -f '${Package} ${Version}' swiftlang)"

#!/bin/sh
# Builds platen_VERSION_ARCH.deb: the programs, static but for the system's libraries, and all that belongs to them.
# usage: deploy/package.sh [ARCH [TOOLS]]     ARCH is this machine's architecture, or arm64 on an amd64 machine
#
# For another architecture, as root: TOOLS (build/arm64) is where deploy/arm64/toolchain.sh keeps, or first makes, the cross compiler and
# all that was built before. On a Raspberry Pi the same command without arguments builds there. A package fits the Debian it was linked for, and newer
# ones: this machine's own; the cross compiler's is Debian 13.
set -eu

here=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
arch=${1:-$here}
[ $# -le 2 ] && { [ "$arch" = "$here" ] || [ "$here-$arch" = amd64-arm64 ]; } || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
tools=$(realpath -m -- "${2:-"$(dirname "$0")/../build/arm64"}")
cd "$(dirname "$0")/.."
if [ "$arch" = "$here" ]; then deploy/setup.sh package; else deploy/setup.sh cross-package; fi

# The programs, and how to run them here: they describe themselves.
if [ "$arch" = "$here" ]; then
    programs=$PWD/.build/static/release run=
    for program in platen platend; do
        swift build -c release --static-swift-stdlib -Xlinker -s --scratch-path .build/static --product $program
    done
else
    programs=$tools/bin run="qemu-aarch64 -L $tools/sysroot"
    deploy/arm64/toolchain.sh "$tools"
    deploy/arm64/build.sh "$tools"
fi

# A single call that a dependency's import of Foundation lets through brings all of it, tables for every language among it: 40 MB.
for program in platen platend; do
    if grep -q icudt "$programs/$program"; then
        echo "package: $programs/$program holds ICU's tables: something under Sources/ calls Foundation, such as String.contains with a string" >&2
        exit 1
    fi
done

version=$(sed -n 's/.*platenVersion = "\(.*\)"/\1/p' Sources/Typewriter/Version.swift)
changelog=$(dpkg-parsechangelog -l deploy/debian/changelog -S Version)
[ "$version" = "$changelog" ] || {
    echo "package: deploy/debian/changelog begins with $changelog, Sources/Typewriter/Version.swift says $version: add an entry for it" >&2
    exit 1
}
date=$(date -u -d "$(dpkg-parsechangelog -l deploy/debian/changelog -S Date)" +%Y-%m-%d)
# The same tree gives the same package.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l deploy/debian/changelog -S Timestamp)
export SOURCE_DATE_EPOCH

work=$PWD/.build/package-$arch
rm -rf "$work"
mkdir -p "$work/debian"
cp deploy/debian/* "$work/debian/"
for kind in sysusers tmpfiles udev; do cp "systemd/platen.$kind" "$work/debian/"; done
cp systemd/platen.service systemd/platen.path "$work/debian/"
root=$work/debian/platen

make -s install DESTDIR="$root" PREFIX=/usr BUILD="$programs"
install -D -m 755 systemd/memory-limit.sh "$root/usr/libexec/platen/memory-limit"
install -d "$root/etc/platen/platen.toml.d" "$root/usr/share/doc/platen"
# Keyboards and a printer on USB, whatever they are: a service has no terminal.
sed -e '1s/.*/# Settings of the typewriter. Every key is here; keyboard.kind and paper.kind are chosen for USB, the others have their defaults./' \
    -e '2s/.*/# Check the file with: platend --check\n# Then start the typewriter, now and at every boot: systemctl enable --now platen/' \
    -e '/^\[keyboard\]/,/^\[/ s/^kind = "terminal"  /kind = "evdev"     /' \
    -e '/^\[paper\]/,/^\[/ s/^kind = "terminal" /kind = "printer"  /' \
    deploy/platen.toml >"$root/etc/platen/platen.toml"
PLATEN_HARDWARE=$PWD/hardware PLATEN_MODEL=$PWD/deploy/model/platen-tiny.gguf $run "$programs/platend" --check --config "$root/etc/platen/platen.toml"
cp docs/*.md "$root/usr/share/doc/platen/"

man=$root/usr/share/man
install -d "$man/man1" "$man/man5" "$man/man8"
$run "$programs/platen" --experimental-dump-help | deploy/manual.py program 1 "$version" "$date" >"$man/man1/platen.1"
$run "$programs/platend" --experimental-dump-help | deploy/manual.py program 8 "$version" "$date" >"$man/man8/platend.8"
deploy/manual.py settings "$version" "$date" <deploy/platen.toml >"$man/man5/platen.toml.5"

share=$root/usr/share
install -d "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
for program in platen platend; do
    $run "$programs/$program" --generate-completion-script bash | sed '1{/^#!/d}' >"$share/bash-completion/completions/$program"
    $run "$programs/$program" --generate-completion-script zsh >"$share/zsh/vendor-completions/_$program"
    $run "$programs/$program" --generate-completion-script fish >"$share/fish/vendor_completions.d/$program.fish"
done

# What the libraries of the other architecture promise is unpacked beside its compiler; this machine's are in dpkg's own records.
promises=
if [ "$arch" != "$here" ]; then for library in "$tools"/libraries/*; do promises="$promises -S$library"; done; fi
cd "$work"
dpkg-architecture -a"$arch" -f -c sh -euc '
    dh_installdocs
    dh_installchangelogs
    dh_installsysusers
    dh_installtmpfiles
    dh_installudev --priority=60
    # Not enabled, and so not started, before somebody has chosen a keyboard and a printer: it would take every keyboard from the console.
    dh_installsystemd --no-enable
    # Where Debian has these since 13; the maintainer scripts name no paths.
    if [ -d debian/platen/lib ]; then cp -a debian/platen/lib/. debian/platen/usr/lib/; rm -r debian/platen/lib; fi
    dh_compress
    dh_fixperms
    dh_installdeb
    dh_shlibdeps -- "$@"
    dh_gencontrol
    dh_md5sums
    dh_builddeb --destdir="$0"' "$work" $promises
lintian --fail-on error,warning "$work/platen_${version}_$arch.deb"
mkdir -p ../packages
mv "platen_${version}_$arch.deb" ../packages/
cd ../packages
echo "package: $PWD/platen_${version}_$arch.deb, $(stat -c %s "platen_${version}_$arch.deb") bytes"

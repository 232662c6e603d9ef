#!/bin/sh
# Run once as root at a card's first boot, by cloud-init: makes a typewriter of Raspberry Pi OS. What went on is in log.txt beside this file.
set -eu
here=$(dirname "$(realpath "$0")")
exec >>"$here/log.txt" 2>&1
trap 'status=$?; [ $status -eq 0 ] || echo "first-boot: failed; mend what is said above, then: sudo sh $0"; sync' EXIT
echo "first-boot: $(date -u)"

mkdir -p /usr/local/share/platen /etc/platen/platen.toml.d
for file in "$here"/files/*; do
    case $file in
    *.gguf) cp "$file" /usr/local/share/platen/ ;;
    *.toml) cp "$file" /etc/platen/ ;;
    esac
done
cp "$here/settings.toml" /etc/platen/platen.toml.d/10-card.toml
# The packages on the card go first; what is missing then needs a network.
export DEBIAN_FRONTEND=noninteractive
dpkg -i "$here"/packages/*.deb || { apt-get -q update && apt-get -q -y --no-install-recommends -f install; }
platend --check
systemctl enable --now platen
echo "first-boot: the typewriter is ready"

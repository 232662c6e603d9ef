"""A card's first boot, by cloud-init."""
import os
import subprocess

from machine import Machine
from trial import EMULATOR, QUESTION, SERIAL, check, check_answer, settings


def card(directory, package, work):
    """A card's first boot: files like those of Raspberry Pi OS on a FAT partition, and a disk on which cloud-init is installed as it is there."""
    print("== a card's first boot", flush=True)
    boot = f"{work}/bootfs"
    os.mkdir(boot)
    for name, text in {
        "cmdline.txt": "console=serial0,115200 console=tty1 root=PARTUUID=0 rootfstype=ext4 fsck.repair=yes rootwait\n", "config.txt": "",
        "user-data": "#cloud-config\nhostname: typewriter\n", "meta-data": "dsmode: local\ninstance_id: rpios-image\n", "network-config": "",
    }.items():
        with open(f"{boot}/{name}", "w") as file:
            file.write(text)
    with open(f"{work}/settings.toml", "w") as file:
        file.write(settings(SERIAL))
    subprocess.run([f"{EMULATOR}/../sd-card/prepare.sh", boot, package, f"{work}/settings.toml", f"{EMULATOR}/keyboard.toml"], check=True)
    with open(f"{boot}/cmdline.txt") as file:
        check("serial0" not in file.read(), "the console leaves the line that is the keyboard's")
    image, disk = f"{work}/card.img", f"{work}/fresh.ext4"
    subprocess.run(["mkfs.vfat", "-n", "BOOTFS", "-C", image, "131072"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["mcopy", "-s", "-i", image, *(f"{boot}/{name}" for name in os.listdir(boot)), "::"], check=True)
    subprocess.run(["cp", "--sparse=always", f"{directory}/appliance.ext4", disk], check=True)
    machine = Machine(directory, disk, work, card=image)
    machine.wait_for_shell()
    state = machine.run("for i in $(seq 300); do systemctl is-active -q platen && break; sleep 1; done; systemctl is-active platen", 600, checked=False)
    check(state == "active", f"the typewriter is ready {machine.since_start():.0f} s after power on: {state}")
    print("        " + machine.run("cat /boot/firmware/platen/log.txt; cloud-init status --long", checked=False).replace("\n", "\n        "))
    check(machine.run("cat /etc/hostname") == "typewriter", "cloud-init followed user-data too")
    check_answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"), "asked on the serial line")
    machine.power_off()
    os.remove(disk)

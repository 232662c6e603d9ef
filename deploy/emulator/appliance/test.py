#!/usr/bin/env python3
"""Proves the package and the service on an emulated machine without a screen or a network.

    test.py DIR PACKAGE [CUTS]     as root; DIR is what deploy/emulator/prepare.sh and appliance/prepare.sh made, PACKAGE an arm64 .deb

It installs PACKAGE into a clean Debian 13, boots it, asks on a matrix of contacts and reads the answer at the printer; then settings that are
wrong and corrected, a newer version of the package, what removing and purging leave, and a card's first boot. After that CUTS times (50) the plug is pulled
at a random moment of typing, thinking or printing, and the machine is booted again from the same disk: no finished turn may be lost.
"""
import os
import shutil
import subprocess
import sys

from cuts import cut_power
from machine import Machine

HERE = os.path.dirname(os.path.realpath(__file__))
EMULATOR = os.path.dirname(HERE)
QUESTION = "what is a platen?"


def check(condition, what):
    print(("ok      " if condition else "FAILED  ") + what, flush=True)
    if not condition:
        check.failed += 1


check.failed = 0


def settings(keyboard):
    return f"""[keyboard]
{keyboard}
[paper]
kind = "printer"
profile = "plain"
device = "/dev/ttyS1"
[sampling]
temperature = 0.0
"""


MATRIX = 'kind = "matrix"\nprofile = "/etc/platen/keyboard.toml"'
SERIAL = 'kind = "serial"\ndevice = "/dev/ttyS0"'


def put(machine, name, text):
    """Writes a file into the directory that the machine sees as /mnt."""
    with open(f"{machine.work}/{name}", "w") as file:
        file.write(text)


def choose(machine, keyboard, seconds=180):
    put(machine, "10-test.toml", settings(keyboard))
    machine.run("cp /mnt/10-test.toml /etc/platen/platen.toml.d/; systemctl restart platen", seconds)


def answer(machine, ask):
    """What is printed after a question, and whether it ended."""
    since = len(machine.printer.bytes)
    ask()
    ended = machine.printer.wait_for_silence(8, 240, since)
    return machine.printer.text(since), ended


def ask_on_matrix(machine):
    machine.run("cat /mnt/question.script >/sys/kernel/debug/platen_matrix_sim/keys/script && echo 1 >/sys/kernel/debug/platen_matrix_sim/keys/play", 240)


def check_answer(machine, ask, where):
    text, ended = answer(machine, ask)
    typed, _, rest = text.partition("\n")
    check(ended and typed.strip().endswith(QUESTION) and len(rest.split()) > 3, f"{where}: {' '.join(text.split())!r}")


def install(machine, package, work):
    machine.run("mount -t 9p -o trans=virtio,version=9p2000.L work /mnt")
    shutil.copy(package, f"{work}/platen.deb")
    check("platen" not in machine.run("ls /etc /usr/bin; getent passwd", checked=False).split(), "nothing of it is there before")
    machine.run("dpkg -i /mnt/platen.deb", 300)
    check(machine.run("dpkg -s platen | sed -n 's/^Status: //p'") == "install ok installed", "dpkg -i installs it without a network")
    check("disabled" in machine.run("systemctl is-enabled platen", checked=False), "it waits to be enabled")
    groups = machine.run("id -nG platen").split()
    check(set(groups) == {"platen", "gpio", "input", "dialout", "lp"}, f"the user's groups: {' '.join(groups)}")
    check(machine.run("stat -c %G:%a /dev/gpiochip*").split() == ["gpio:660"] * 2, "GPIO chips belong to the group gpio")
    check(machine.run("platend --check && echo fine").endswith("fine"), "the settings that come with it are right")
    check("platen" in machine.run("platen --version; platen --help"), "the tool runs")


def serve(machine):
    shutil.copy(f"{EMULATOR}/keyboard.toml", f"{machine.work}/keyboard.toml")
    put(machine, "question.txt", QUESTION + "\n")
    subprocess.run([f"{EMULATOR}/keys.py", "text", f"{machine.work}/question", f"{machine.work}/question.txt", "--rate", "2",
                    "--profile", f"{machine.work}/keyboard.toml"], check=True, stdout=subprocess.DEVNULL)
    machine.run("cp /mnt/keyboard.toml /etc/platen/")
    machine.run("systemctl enable platen")
    choose(machine, MATRIX)
    check(machine.run("systemctl is-active platen") == "active", "it starts and says that it is ready")
    score = machine.run("systemd-analyze security platen --no-pager | tail -1", 300)
    check(float(score.split(":")[1].split()[0]) <= 1.5, f"systemd-analyze security: {score.lstrip('→ ')}")
    print("        " + machine.run("systemctl show platen -p StatusText,MemoryCurrent,TasksCurrent"))
    check_answer(machine, lambda: ask_on_matrix(machine), "asked on the matrix")


def mend(machine):
    machine.run("echo '[keyboard]\nkidn = 1' >/etc/platen/platen.toml.d/20-typo.toml; systemctl restart platen", 180, checked=False)
    state = machine.run("sleep 3; systemctl show platen -p ActiveState,ExecMainStatus,NRestarts", checked=False)
    check("failed" in state and "ExecMainStatus=78" in state, f"wrong settings end it: {' '.join(state.split())}")
    log = machine.run("journalctl -u platen -o cat -n 8")
    check("20-typo.toml:2" in log, f"and it says why: {[line for line in log.splitlines() if 'kidn' in line]}")
    machine.run("rm /etc/platen/platen.toml.d/20-typo.toml")
    state = machine.run("for i in $(seq 60); do systemctl is-active platen && break; sleep 1; done", 240, checked=False)
    check(state.endswith("active") and not state.endswith("inactive"), "corrected settings start it by themselves")


def newer(package, work):
    """The same package with a higher version."""
    tree = f"{work}/newer"
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    with open(f"{tree}/DEBIAN/control") as file:
        control = file.read()
    version = next(line.split()[1] for line in control.splitlines() if line.startswith("Version:"))
    with open(f"{tree}/DEBIAN/control", "w") as file:
        file.write(control.replace(f"Version: {version}", f"Version: {version}+1"))
    subprocess.run(["dpkg-deb", "-b", "-Znone", tree, f"{work}/newer.deb"], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return f"{version}+1"


def upgrade(machine, package, work):
    version = newer(package, work)
    machine.run("echo '# mine' >>/etc/platen/platen.toml")
    before = machine.run("systemctl show platen -p MainPID")
    machine.run("dpkg -i /mnt/newer.deb", 300)
    check(machine.run("dpkg-query -W -f '${Version}' platen") == version, f"upgraded to {version}")
    check(machine.run("tail -n 1 /etc/platen/platen.toml") == "# mine", "settings that were changed are kept")
    check(machine.run("systemctl is-active platen") == "active" and machine.run("systemctl show platen -p MainPID") != before, "and it was restarted")
    check_answer(machine, lambda: ask_on_matrix(machine), "asked after the upgrade")


def remove(machine):
    machine.run("dpkg -r platen", 300)
    check("inactive" in machine.run("systemctl is-active platen", checked=False), "removing stops it")
    left = machine.run("ls -d /etc/platen/platen.toml /var/lib/platen /usr/bin/platen*", checked=False)
    check("/etc/platen/platen.toml" in left and "/usr/bin/platend" not in left.split(), "and leaves the settings")
    machine.run("rm /etc/platen/keyboard.toml; dpkg -P platen", 300)
    left = machine.run("ls -d /etc/platen /var/lib/platen; find / -xdev -name '*platen*' -not -path '/proc/*' -not -path '*/journal/*'", 300, checked=False)
    paths = [line for line in left.splitlines() if line.startswith("/") and "matrix_sim" not in line and not line.startswith("/run")]
    check(not paths, f"purging leaves nothing {paths}")


def start_times(machine):
    """Seconds since the kernel's start at which the daemon was run and at which it accepted keys."""
    shown = dict(line.split("=", 1) for line in machine.run(
        "systemctl show platen -p ExecMainStartTimestampMonotonic,ActiveEnterTimestampMonotonic").splitlines())
    return int(shown["ExecMainStartTimestampMonotonic"]) / 1e6, int(shown["ActiveEnterTimestampMonotonic"]) / 1e6


def boot_report(machine):
    """Where the time from the kernel's start to accepting keys went."""
    print("        " + machine.run("systemd-analyze time | head -1", 180))
    begun, ready = start_times(machine)
    print(f"        seconds since the kernel's start: platend is run at {begun:.2f}, accepts keys at {ready:.2f}: its own share {ready - begun:.2f}")
    print("        " + machine.run("systemd-analyze critical-chain platen.service --no-pager | sed -n '4,12p'", 180).replace("\n", "\n        "))
    machine.run("systemctl restart platen", 180)
    begun, ready = start_times(machine)
    print(f"        started again when nothing else goes on: {ready - begun:.2f} s from being run to accepting keys", flush=True)


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


def main():
    directory, package = (os.path.realpath(path) for path in sys.argv[1:3])
    cuts = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    work = f"{directory}/work-appliance"
    shutil.rmtree(work, ignore_errors=True)
    os.mkdir(work)
    disk = f"{work}/disk.ext4"
    subprocess.run(["cp", "--sparse=always", f"{directory}/appliance.ext4", disk], check=True)

    print("== a clean Debian 13: install, enable, ask, upgrade, remove, purge", flush=True)
    machine = Machine(directory, disk, work)
    machine.wait_for_shell()
    install(machine, package, work)
    serve(machine)
    upgrade(machine, package, work)
    remove(machine)

    print("== installed again: a boot without a screen or a network", flush=True)
    machine.run("dpkg -i /mnt/platen.deb", 300)
    serve(machine)
    machine.power_off()
    machine = Machine(directory, disk, work)
    machine.wait_for_shell()
    machine.run("for i in $(seq 100); do systemctl is-active -q platen && break; sleep 1; done; systemctl is-active platen", 200)
    machine.run("mount -t 9p -o trans=virtio,version=9p2000.L work /mnt")
    check(machine.run("ls /sys/class/net").split() == ["lo"], "there is no network device")
    machine.run("systemctl is-system-running --wait", 200, checked=False)
    boot_report(machine)
    check_answer(machine, lambda: ask_on_matrix(machine), "asked after the boot")
    mend(machine)
    choose(machine, SERIAL)
    check_answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"), "asked on the serial line")
    machine.power_off()

    card(directory, package, work)
    if cuts:
        print(f"== {cuts} power cuts", flush=True)
        cut_power(directory, disk, work, cuts, check)
    print(f"== {'passed' if not check.failed else f'{check.failed} FAILED'}")
    sys.exit(1 if check.failed else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Proves the package and the service on an emulated machine without a screen or a network.

    test.py DIR PACKAGE [CUTS]     as root; DIR is what deploy/emulator/prepare.sh and appliance/prepare.sh made, PACKAGE an arm64 .deb

It installs PACKAGE into a clean Debian 13, boots it, asks on a matrix of contacts and reads the answer at the printer; then a newer version of the
package, what removing and purging leave, settings that are wrong and corrected, the unit's memory limit, settings that change while it runs, a loop that
hangs, a printer on a port, a text console, boots without printer, model and keyboard, and a card's first boot. After that CUTS times (50) the plug is pulled
at a random moment of typing, thinking or printing, and the machine is booted again from the same disk: no finished turn may be lost.
"""
import os
import shutil
import subprocess
import sys

from absent import chip, printer_and_model
from card import card
from cuts import cut_power
from machine import Machine
from package import install, remove, upgrade
from places import console, port
from service import boot_report, hang, limit_memory, mend, reload, serve
from trial import MOUNT, QUESTION, SERIAL, ask_on_matrix, check, check_answer, choose


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
    machine.run(MOUNT)
    check(machine.run("ls /sys/class/net").split() == ["lo"], "there is no network device")
    machine.run("systemctl is-system-running --wait", 200, checked=False)
    boot_report(machine)
    check_answer(machine, lambda: ask_on_matrix(machine), "asked after the boot")
    mend(machine)

    print("== memory, new settings, a loop that hangs, other papers", flush=True)
    limit_memory(machine)
    choose(machine, SERIAL)
    check_answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"), "asked on the serial line")
    reload(machine)
    hang(machine)
    port(machine)
    console(machine)

    print("== boots without what the settings name", flush=True)
    machine = printer_and_model(machine, directory, disk)
    machine = chip(machine, directory, disk)
    choose(machine, SERIAL)
    machine.power_off()

    card(directory, package, work)
    if cuts:
        print(f"== {cuts} power cuts", flush=True)
        cut_power(directory, disk, work, cuts, check)
    print(f"== {'passed' if not check.failed else f'{check.failed} FAILED'}")
    sys.exit(1 if check.failed else 0)


if __name__ == "__main__":
    main()

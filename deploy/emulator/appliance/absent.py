"""A boot without what the settings name: the daemon waits, says for what, and goes on when it is there."""
import shutil
import time

from machine import Machine
from trial import MATRIX, MOUNT, QUESTION, SERIAL, answer, ask_on_matrix, check, check_answer, choose, shown, waits_for


def restart(machine, directory, disk, chips):
    machine.power_off()
    machine = Machine(directory, disk, machine.work, chips=chips)
    machine.wait_for_shell()
    machine.run(MOUNT)
    return machine


def printer_and_model(machine, directory, disk):
    choose(machine, SERIAL, 'kind = "printer"\nprofile = "plain"\ndevice = "/dev/ttyUSB0"', 'path = "/srv/model.gguf"', then="true")
    machine = restart(machine, directory, disk, "keys:16")
    check(waits_for(machine, "systemctl is-active -q platen", 120), "a boot without the printer and the model ends in a daemon that runs")
    text = shown(machine, "StatusText")["StatusText"]
    check(text.startswith("waits for the printer: "), f"and waits: {text}")
    # The printer comes by another name here: nothing can be plugged into this machine.
    machine.run("ln -s ttyS1 /dev/ttyUSB0")
    text, _ = answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"))
    check("(there is no model: " in text, f"when the printer is there: {text!r}")
    check(waits_for(machine, "systemctl show -P StatusText platen | grep -q 'waits for the model'", 60), "it waits for the model")
    machine.run("cp /usr/share/platen/platen-tiny.gguf /srv/model.gguf")
    check(waits_for(machine, "systemctl show -P StatusText platen | grep -q ready", 60), "when that is there, it is ready")
    check_answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"), "and asked")
    machine.run("rm /dev/ttyUSB0 /srv/model.gguf")
    return machine


def chip(machine, directory, disk):
    """A matrix on GPIO lines whose chip's driver comes later: an expander that is plugged in, a module that is loaded by somebody."""
    choose(machine, MATRIX, then="true")
    machine = restart(machine, directory, disk, "")
    check(waits_for(machine, "systemctl is-active -q platen", 120), "a boot without the keyboard's chip ends in a daemon that runs")
    # Longer than anything in the unit has patience.
    time.sleep(100)
    state = shown(machine, "ActiveState", "StatusText", "NRestarts")
    check((state["ActiveState"], state["NRestarts"]) == ("active", "0") and state["StatusText"].startswith("waits for the keyboard: "),
          f"100 s later it waits, and says for what: {state['StatusText']}")
    check(machine.run("platen status", checked=False).startswith("state "), "its status is told meanwhile")
    shutil.copy(f"{directory}/module/platen_matrix_sim.ko", machine.work)
    machine.run("insmod /mnt/platen_matrix_sim.ko chips=keys:16")
    check(waits_for(machine, "systemctl show -P StatusText platen | grep -q ready", 60), "when the chip is there, it is ready")
    check_answer(machine, lambda: ask_on_matrix(machine), "asked on the matrix")
    return machine

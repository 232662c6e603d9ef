"""Papers that take a drop-in of the unit, which is read from docs/service.md, so that what is tried is what is written there."""
import re

from trial import EMULATOR, QUESTION, SERIAL, check, choose, drop_in, put, shown, waits_for

# A printer on the network: takes one connection after another, and keeps what comes.
LISTENER = """
import socket
server = socket.create_server(("127.0.0.1", 9100))
while True:
    connection, _ = server.accept()
    while piece := connection.recv(4096):
        with open("/run/printed", "ab") as file: file.write(piece)
"""


def documented(about):
    """The lines of the drop-in whose comment begins so."""
    with open(f"{EMULATOR}/../../docs/service.md") as file:
        found = re.search(rf"# For {about}[^\n]*\n\[Service\]\n(.*?)\n(?:\n|```)", file.read(), re.DOTALL)
    return found[1]


def port(machine):
    """A printer on a port of this machine."""
    put(machine, "listener.py", LISTENER)
    machine.run("(setsid python3 /mnt/listener.py </dev/null >/dev/null 2>&1 &)")
    choose(machine, SERIAL, 'kind = "printer"\nprofile = "plain"\ndevice = "tcp:9100"')
    status = shown(machine, "ActiveState", "StatusText")
    check(status["ActiveState"] == "active" and status["StatusText"].startswith("waits for the printer"), f"without its drop-in: {status['StatusText']}")
    drop_in(machine, documented("a printer on a port"))
    machine.run("systemctl restart platen", 180)
    machine.keyboard.send(QUESTION + "\r")
    check(waits_for(machine, "grep -q 'type strikes it' /run/printed", 120), f"a printer on tcp: {machine.run('cat /run/printed', checked=False)!r}")
    drop_in(machine, "")


def console(machine):
    """A text console as a display: what is on it the kernel tells."""
    drop_in(machine, documented("a text console"))
    choose(machine, SERIAL, 'kind = "display"\ndevice = "/dev/tty1"')
    machine.keyboard.send(QUESTION + "\r")
    seen = waits_for(machine, "tr -s ' ' </dev/vcs1 | grep -q 'strikes it'", 120)
    check(seen, f"a text console: {machine.run('fold -w 80 /dev/vcs1', checked=False).split()}")
    drop_in(machine, "")

#!/usr/bin/env python3
"""Measures how long the daemon takes from being run to accepting keys: until it tells the service manager that it is ready.

    deploy/measure-start.py PLATEND MODEL [RUNS]      the model's file is read once before, so that it is in the page cache

The keyboard is a pseudo-terminal in a serial line's place, the paper a file.
"""
import os
import pty
import signal
import socket
import subprocess
import sys
import tempfile
import time


def measure(program, model, directory):
    leader, follower = pty.openpty()
    with open(f"{directory}/platen.toml", "w") as file:
        file.write(f"""[model]
path = "{model}"
[keyboard]
kind = "serial"
device = "{os.ttyname(follower)}"
[paper]
kind = "printer"
profile = "plain"
device = "{directory}/paper"
""")
    open(f"{directory}/paper", "w").close()
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(f"{directory}/notify")
    manager.settimeout(60)
    environment = os.environ | {"NOTIFY_SOCKET": f"{directory}/notify", "STATE_DIRECTORY": directory, "RUNTIME_DIRECTORY": directory}
    begun = time.monotonic()
    daemon = subprocess.Popen([program, "--config", f"{directory}/platen.toml"], env=environment)
    try:
        while b"READY=1" not in manager.recv(4096).split(b"\n"):
            pass
        return time.monotonic() - begun
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)
        os.close(leader)
        os.close(follower)


def main():
    program, model = (os.path.realpath(path) for path in sys.argv[1:3])
    with open(model, "rb") as file:
        while file.read(1 << 24):
            pass
    times = []
    for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 9):
        with tempfile.TemporaryDirectory() as directory:
            times.append(1000 * measure(program, model, directory))
    times.sort()
    print(f"{os.path.basename(model)}: ready after {times[len(times) // 2]:.0f} ms (median of {len(times)}; {times[0]:.0f} to {times[-1]:.0f})")


main()

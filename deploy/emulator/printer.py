#!/usr/bin/env python3
"""A serial printer with a small buffer at the end of a Unix socket, such as qemu makes of a pci-serial device.

    printer.py SOCKET PAGE [--expect FILE]      prints into PAGE until the line has been silent for a while

It takes characters from its buffer at its own speed, and at random places stops for seconds, as when a sheet is changed. When the
buffer is a quarter full it sends XOFF, when that is halved XON; a character that comes when it is full is lost. An emulated line has
no baud rate: what comes between an XOFF and its effect is as many characters as the emulator moves meanwhile, so that the buffer is
much larger than a printer's. With --expect, PAGE is compared with FILE.
"""
import argparse
import random
import socket
import sys
import time

XON, XOFF = b"\x11", b"\x13"


def connect(path, seconds):
    deadline = time.monotonic() + seconds
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(path)
            return line
        except OSError:
            line.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def print_page(line, arguments):
    chance = random.Random(arguments.seed)
    stop_at = lambda printed: printed + chance.randrange(arguments.between // 2, arguments.between * 3 // 2)
    buffer, page = bytearray(), bytearray()
    stops = overflowed = fullest = after_xoff = most_after_xoff = 0
    stopped_for, stopped_until, next_stop, held = 0.0, 0.0, stop_at(0), False
    before = last = time.monotonic()
    line.settimeout(0.01)
    while True:
        try:
            received = line.recv(256)
            if not received:
                page += buffer  # the machine is off, the printer is not
                break
            last = time.monotonic()
        except TimeoutError:
            received = b""
        for byte in received:
            after_xoff += held
            if len(buffer) < arguments.buffer:
                buffer.append(byte)
            else:
                overflowed += 1
        fullest, most_after_xoff = max(fullest, len(buffer)), max(most_after_xoff, after_xoff)
        now = time.monotonic()
        if now >= stopped_until:
            due = min(len(buffer), max(1, int((now - before) * arguments.speed)), next_stop - len(page))
            page += buffer[:due]
            del buffer[:due]
            before = now
            if len(page) >= next_stop:
                seconds = chance.uniform(arguments.shortest, arguments.longest)
                stops, stopped_for, stopped_until, next_stop = stops + 1, stopped_for + seconds, now + seconds, stop_at(len(page))
                before = stopped_until
        if not held and len(buffer) >= arguments.buffer // 4:
            line.sendall(XOFF)
            held, after_xoff = True, 0
        elif held and len(buffer) <= arguments.buffer // 8:
            line.sendall(XON)
            held = False
        if page and not buffer and now - last > arguments.silence:
            break
    print(f"{len(page)} characters printed, {stops} stops of {stopped_for:.0f} s together, buffer at most {fullest} of"
          f" {arguments.buffer}, {most_after_xoff} characters at most after an XOFF, {overflowed} lost")
    return bytes(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("socket")
    parser.add_argument("page")
    parser.add_argument("--expect", help="a file that the page has to equal")
    parser.add_argument("--buffer", type=int, default=4096, help="characters")
    parser.add_argument("--speed", type=float, default=2000, help="characters a second")
    parser.add_argument("--between", type=int, default=5000, help="characters between two stops, on the average")
    parser.add_argument("--shortest", type=float, default=1, help="seconds of a stop")
    parser.add_argument("--longest", type=float, default=4, help="seconds of a stop")
    parser.add_argument("--silence", type=float, default=8, help="seconds after which the text is taken to be complete")
    parser.add_argument("--boot", type=float, default=60, help="seconds to wait for the socket")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with connect(arguments.socket, arguments.boot) as line:
        page = print_page(line, arguments)
    with open(arguments.page, "wb") as file:
        file.write(page)
    if not arguments.expect:
        return 0
    with open(arguments.expect, "rb") as file:
        expected = file.read()
    if page == expected:
        return 0
    same = next((i for i, (a, b) in enumerate(zip(page, expected)) if a != b), min(len(page), len(expected)))
    print(f"printer.py: the page differs from {arguments.expect} at byte {same}:"
          f" {page[same:same + 20]!r} instead of {expected[same:same + 20]!r}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""The emulated appliance: a disk that boots, a keyboard and a printer on serial lines, a keyboard of contacts, and a plug to pull."""
import re
import socket
import subprocess
import threading
import time


class Line:
    """What comes out of an emulated serial line, with the time of each piece."""

    def __init__(self, path):
        deadline = time.monotonic() + 30
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(path)
                break
            except OSError:
                self.socket.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.bytes = bytearray()
        self.news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                piece = self.socket.recv(4096)
            except OSError:
                return
            if not piece:
                return
            with self.news:
                self.bytes += piece
                self.news.notify_all()

    def send(self, text):
        self.socket.sendall(text.encode())

    def text(self, since=0):
        with self.news:
            return bytes(self.bytes[since:]).decode(errors="replace").replace("\r", "")

    def wait(self, pattern, seconds, since=0):
        """The match of a regular expression in what came after `since`, or None when it did not come in time."""
        deadline = time.monotonic() + seconds
        with self.news:
            while True:
                found = re.search(pattern, bytes(self.bytes[since:]).decode(errors="replace").replace("\r", ""), re.DOTALL)
                left = deadline - time.monotonic()
                if found or left <= 0:
                    return found
                self.news.wait(left)

    def wait_for_silence(self, quiet, seconds, since=None):
        """Waits until nothing has come for `quiet` seconds; with `since`, something must have come after that before."""
        deadline = time.monotonic() + seconds
        size, changed = len(self.bytes), time.monotonic()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            if len(self.bytes) != size:
                size, changed = len(self.bytes), time.monotonic()
            elif (since is None or size > since) and time.monotonic() - changed > quiet:
                return True
        return False


class Machine:
    """Boots the disk at once. `boot` is systemd, or bare for the disk's daemon without it; `card` is the image of a card's boot partition, whose
    cloud-init runs then."""

    def __init__(self, directory, disk, work, boot="systemd", chips="keys:16", card=None):
        self.work = work
        first_boot = "systemd.mount-extra=/dev/vdb:/boot/firmware:vfat" if card else "cloud-init=disabled"
        arguments = [
            "qemu-system-aarch64", "-M", "virt", "-accel", "tcg,thread=multi,tb-size=256", "-cpu", "cortex-a72", "-smp", "2", "-m", "448",
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", f"{directory}/Image", "-initrd", f"{directory}/appliance.cpio", "-append",
            f"console=ttyAMA0 quiet panic=-1 nokaslr kpti=off mitigations=off systemd.show_status=no platen.boot={boot} platen.chips={chips} {first_boot}",
            "-chardev", f"file,id=console,path={work}/console.log,append=on", "-serial", "chardev:console",
            "-drive", f"file={disk},if=none,format=raw,id=disk", "-device", "virtio-blk-device,drive=disk",
            "-fsdev", f"local,id=work,path={work},security_model=none", "-device", "virtio-9p-device,fsdev=work,mount_tag=work",
        ]
        if card:
            # Devices of this kind are numbered from the last to the first.
            at = arguments.index("-drive")
            arguments[at:at] = ["-drive", f"file={card},if=none,format=raw,id=card", "-device", "virtio-blk-device,drive=card"]
        for name in ("keyboard", "printer", "shell"):  # /dev/ttyS0, 1 and 2
            arguments += ["-chardev", f"socket,id={name},path={work}/{name},server=on,wait=off", "-device", f"pci-serial,chardev={name}"]
        self.started = time.monotonic()
        self.qemu = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
        self.keyboard, self.printer, self.shell = (Line(f"{work}/{name}") for name in ("keyboard", "printer", "shell"))
        self.commands = 0

    def wait_for_shell(self, seconds=300):
        # What is sent before somebody listens is lost.
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            since = len(self.shell.bytes)
            self.shell.send("\necho shell-$((6 * 7))\n")
            if self.shell.wait("shell-42\n", 3, since):
                self.shell.wait_for_silence(1, 5)
                return
        raise RuntimeError(f"the machine's shell does not answer: {self.shell.text()[-500:]!r}")

    def run(self, command, seconds=120, checked=True):
        """What a command prints, standard error included."""
        self.commands += 1
        begin, end = f"begin-{self.commands}", f"end-{self.commands}"
        since = len(self.shell.bytes)
        # The line's echo of this matches neither mark.
        self.shell.send(f"echo {begin}; ( {command}\n) 2>&1 </dev/null; echo {end}:$?\n")
        found = self.shell.wait(rf"{begin}\n(.*?){end}:(\d+)\n", seconds, since)
        if not found:
            raise RuntimeError(f"no end within {seconds} s: {command}: {self.shell.text(since)}")
        output = found[1]
        if checked and found[2] != "0":
            raise RuntimeError(f"status {found[2]}: {command}: {output}")
        return output.strip()

    def cut(self):
        """Pulls the plug: what the machine had not written to its disk is gone."""
        self.qemu.kill()
        self.qemu.wait()

    def power_off(self, seconds=120):
        self.shell.send("systemctl poweroff\n")
        self.qemu.wait(seconds)

    def since_start(self):
        return time.monotonic() - self.started

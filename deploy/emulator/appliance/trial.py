"""What the appliance's trials have in common: settings, questions, and a count of what failed."""
import os

HERE = os.path.dirname(os.path.realpath(__file__))
EMULATOR = os.path.dirname(HERE)
# The directory of the host that the test works in.
MOUNT = "mount -t 9p -o trans=virtio,version=9p2000.L work /mnt"
QUESTION = "what is a platen?"
MATRIX = 'kind = "matrix"\nprofile = "/etc/platen/keyboard.toml"'
SERIAL = 'kind = "serial"\ndevice = "/dev/ttyS0"'
PRINTER = 'kind = "printer"\nprofile = "plain"\ndevice = "/dev/ttyS1"'


def check(condition, what):
    print(("ok      " if condition else "FAILED  ") + what, flush=True)
    if not condition:
        check.failed += 1


check.failed = 0


def settings(keyboard, paper=PRINTER, model=""):
    return f"""[keyboard]
{keyboard}
[paper]
{paper}
[model]
{model}
[sampling]
temperature = 0.0
"""


def put(machine, name, text):
    """Writes a file into the directory that the machine sees as /mnt."""
    with open(f"{machine.work}/{name}", "w") as file:
        file.write(text)


def choose(machine, keyboard, paper=PRINTER, model="", then="systemctl restart platen"):
    put(machine, "10-test.toml", settings(keyboard, paper, model))
    machine.run(f"cp /mnt/10-test.toml /etc/platen/platen.toml.d/; {then}", 180)


def drop_in(machine, text):
    """Overrides lines of the unit from its next start on; "" overrides none."""
    put(machine, "test.conf", f"[Service]\n{text}\n")
    machine.run("mkdir -p /etc/systemd/system/platen.service.d; cp /mnt/test.conf /etc/systemd/system/platen.service.d/; systemctl daemon-reload")


def shown(machine, *names):
    """Properties of the unit."""
    return dict(line.split("=", 1) for line in machine.run(f"systemctl show platen -p {','.join(names)}").splitlines())


def journal(machine, lines):
    """The unit's last lines in the journal, without colours."""
    return machine.run(f"SYSTEMD_COLORS=0 journalctl -u platen -o cat -n {lines}").splitlines()


def waits_for(machine, condition, seconds):
    """Whether a command of the shell succeeds in time."""
    shell = f"for i in $(seq {seconds}); do {condition} && break; sleep 1; done; {condition} && echo yes"
    return machine.run(shell, seconds * 2 + 60, checked=False).endswith("yes")


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

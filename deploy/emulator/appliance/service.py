"""The service: started, asked, limited in its memory, told new settings, hung, and how long its start took."""
import json
import shutil
import subprocess

from trial import EMULATOR, MATRIX, QUESTION, answer, ask_on_matrix, check, check_answer, choose, drop_in, journal, put, shown, waits_for


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


def start_times(machine):
    """Seconds since the kernel's start at which the daemon was run and at which it accepted keys, when what follows that was run."""
    begun = int(shown(machine, "ExecMainStartTimestampMonotonic")["ExecMainStartTimestampMonotonic"])
    after = json.loads(machine.run("busctl --json=short get-property org.freedesktop.systemd1 /org/freedesktop/systemd1/unit/platen_2eservice "
                                   "org.freedesktop.systemd1.Service ExecStartPost"))
    # Path, arguments, whether failures are ignored, the wall clock's time of the start, and the monotonic one, in microseconds.
    return begun / 1e6, after["data"][0][4] / 1e6


def boot_report(machine):
    """Where the time from the kernel's start to accepting keys went."""
    print("        " + machine.run("systemd-analyze time | head -1", 180))
    begun, ready = start_times(machine)
    print(f"        seconds since the kernel's start: platend is run at {begun:.2f}, accepts keys at {ready:.2f}: its own share {ready - begun:.2f}")
    print("        " + machine.run("systemd-analyze critical-chain platen.service --no-pager | sed -n '4,12p'", 180).replace("\n", "\n        "))
    machine.run("systemctl restart platen", 180)
    begun, ready = start_times(machine)
    print(f"        started again when nothing else goes on: {ready - begun:.2f} s from being run to accepting keys", flush=True)


def limit_memory(machine):
    """The unit's limit is what its model needs, at every start the same; it goes with the daemon, and a lower one stays."""
    def limit():
        return int(shown(machine, "MemoryMax")["MemoryMax"])

    machine.run("systemctl stop platen", 180)
    whole = int(machine.run("sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo")) * 1024
    own = limit()
    check(0.85 * whole < own < 0.95 * whole, f"stopped, the limit is the unit's own: {own >> 20} MiB of {whole >> 20}")
    wanted = int(machine.run("platend --print-memory-limit"))
    found = []
    for _ in range(2):
        machine.run("systemctl restart platen", 180)
        found.append(limit())
    check(found == [wanted, wanted] and wanted < own, f"running, it is what the model needs, twice: {[each >> 20 for each in found]} MiB")
    used = machine.run("cat /sys/fs/cgroup/system.slice/platen.service/memory.max /sys/fs/cgroup/system.slice/platen.service/memory.peak").split()
    check(0 <= wanted - int(used[0]) < 65536, f"the kernel keeps to it, in pages; at most {int(used[1]) >> 10} KiB were used")
    plan = [line for line in journal(machine, 10) if line.startswith("memory: ")][-1]
    check("do not fit" not in plan, f"the plan is the one without a limit: {plan}")
    drop_in(machine, "MemoryMax=64M")
    machine.run("systemctl restart platen", 180)
    check(limit() == 64 << 20, "a drop-in with less stays")
    drop_in(machine, "")
    choose(machine, MATRIX, model='path = "/nowhere/model.gguf"')
    state = shown(machine, "MemoryMax", "ActiveState")
    check(state == {"MemoryMax": str(own), "ActiveState": "active"}, "without a model it is the unit's own")
    choose(machine, MATRIX)
    check(limit() == wanted, "and with one what that needs")


def reload(machine):
    """What is live changes while it runs; what is wrong changes nothing."""
    def margin_of_answer():
        text, ended = answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"))
        lines = [line for line in text.splitlines() if line.strip()]
        return {len(line) - len(line.lstrip()) for line in lines} if ended and len(lines) > 1 else text

    process = shown(machine, "MainPID")
    put(machine, "30-margin.toml", "[paper]\nleft_margin = 6\n")
    machine.run("cp /mnt/30-margin.toml /etc/platen/platen.toml.d/; systemctl reload platen")
    margins = margin_of_answer()
    check(margins == {6}, f"systemctl reload: every line begins behind the new margin {margins}")
    put(machine, "30-margin.toml", "[paper]\nleft_margin = 9\ncolums = 20\n")
    machine.run("cp /mnt/30-margin.toml /etc/platen/platen.toml.d/; systemctl reload platen")
    log = journal(machine, 3)
    check(any(line.endswith("30-margin.toml:3: unknown key paper.colums; did you mean paper.columns?") for line in log)
          and "the settings stay as they were" in log, f"an error in them is in the journal: {log}")
    margins = margin_of_answer()
    check(margins == {6}, f"and they stay as they were {margins}")
    check(shown(machine, "MainPID") == process, "all that with the same daemon")
    machine.run("rm /etc/platen/platen.toml.d/30-margin.toml; systemctl reload platen")


# Stops one thread of a process and no other, as a tracer does, until it is killed: ptrace(2) with PTRACE_SEIZE and PTRACE_INTERRUPT. Its end is waited
# for (with __WALL), because only then its parent hears of it.
STOP_THREAD = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for request in 0x4206, 0x4207:
    if libc.ptrace(ctypes.c_long(request), int(sys.argv[1]), None, None): sys.exit(ctypes.get_errno())
print("stopped", flush=True)
while os.WIFSTOPPED(os.waitpid(int(sys.argv[1]), 0x40000000)[1]): pass
"""


def hang(machine):
    """A daemon that does not come round any more is killed by the service manager's watchdog, and started again."""
    put(machine, "stop-thread.py", STOP_THREAD)
    for what, stop in {
        "the loop's thread, while the others go on": "(setsid python3 /mnt/stop-thread.py $pid >/mnt/stopped 2>&1 &); sleep 3; cat /mnt/stopped",
        "the whole process": "kill -STOP $pid; echo stopped",
    }.items():
        before = shown(machine, "MainPID", "NRestarts")
        begun = machine.since_start()
        check(machine.run(f"pid={before['MainPID']}; {stop}") == "stopped", f"stopped: {what}")
        if "others" in what:
            check(machine.run("platen status", checked=False).startswith("state "), "its status is still told")
        machine.keyboard.send("lost")
        restarted = waits_for(machine, f"[ $(systemctl show -P NRestarts platen) -gt {before['NRestarts']} ] && systemctl is-active -q platen", 100)
        log = [line for line in journal(machine, 20) if "atchdog" in line]
        check(restarted and "Watchdog timeout (limit 30s)" in " ".join(log), f"killed and started again within {machine.since_start() - begun:.0f} s: {log}")
        check_answer(machine, lambda: machine.keyboard.send(QUESTION + "\r"), "asked after that")

"""The package: installing, upgrading, removing and purging it."""
import shutil
import subprocess

from trial import MOUNT, ask_on_matrix, check, check_answer


def install(machine, package, work):
    machine.run(MOUNT)
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

extension Doctor {
    /// Where the firmware's settings are: up to bookworm's images they were in `/boot` itself.
    var bootDirectory: String { computer.node("/boot/firmware") == nil ? "/boot" : "/boot/firmware" }

    /// Whether the path is a serial line on a Raspberry Pi's header, or leads to one.
    func isHeaderLine(_ path: String) -> Bool {
        ["/dev/serial0", "/dev/serial1", "/dev/ttyAMA0", "/dev/ttyAMA10", "/dev/ttyS0"].contains(path)
    }

    /// What else may be on a serial line: the kernel's messages, a login, Bluetooth.
    func serialLine(_ subject: String, _ path: String, _ hasParity: Bool) -> [Finding] {
        guard path.hasPrefix("/dev/tty") || path.hasPrefix("/dev/serial") else { return [] }
        let name = computer.deviceName(path)
        var found: [Finding] = []
        let arguments = (commandLine ?? "").split { " \n".contains($0 as Character) }
        // On a Raspberry Pi, serial0 of cmdline.txt is what the firmware makes of it.
        let console = arguments.first { argument in
            argument.hasPrefix("console=") && [name, isHeaderLine(path) ? "serial0" : name].contains(String(argument.dropFirst(8).prefix { $0 != "," }))
        }
        if let console {
            found.append(Finding(
                .fail, subject, "the kernel writes its messages to \(path)", "remove \(legible(String(console))) from \(commandLineFile), and reboot"))
        }
        let wants = ["/etc/systemd/system", "/run/systemd/generator", "/run/systemd/system"].map { "\($0)/getty.target.wants" }
        let getty = "serial-getty@\(name).service"
        if wants.contains(where: { computer.names($0).contains(getty) }), computer.link("/etc/systemd/system/\(getty)") != "/dev/null" {
            found.append(Finding(.fail, subject, "a login waits on \(path), and takes what is typed", "sudo systemctl mask --now \(getty)"))
        }
        // The driver has a node for every line that there could be; type 0 has nothing behind it (PORT_UNKNOWN, <linux/serial_core.h>).
        if computer.text("/sys/class/tty/\(name)/type") == "0" {
            found.append(Finding(.fail, subject, "nothing is behind \(legible(path))", "name a line that there is: `platen paper` shows those of USB"))
        }
        found += lockFile(subject, path, name)
        // serial0 is the header's, serial1 Bluetooth's (raspberrypi.com/documentation, "Configure UARTs").
        if raspberryPi != nil, computer.link("/dev/serial1") == name {
            found.append(Finding(.fail, subject, "Bluetooth has \(path)", "add dtoverlay=disable-bt to \(bootDirectory)/config.txt, and reboot"))
        }
        if let pi = raspberryPi, pi < 5, name == "ttyS0" {
            // BCM2835 ARM Peripherals, 2.2: the mini UART has no parity, and its rate follows the core's clock.
            let text = "\(path) is the small UART, \(hasParity ? "which has no parity" : "whose rate wavers with the processor's")"
            found.append(Finding(hasParity ? .fail : .warn, subject, text, "add dtoverlay=disable-bt to \(bootDirectory)/config.txt, and reboot: then it is the other one"))
        }
        return found
    }

    /// Programs such as minicom say who has a line, also to those who may not look at other processes (Filesystem Hierarchy Standard, /var/lock).
    private func lockFile(_ subject: String, _ path: String, _ name: String) -> [Finding] {
        guard let text = computer.text("/run/lock/LCK..\(name)"), let process = Int32(text.filter { $0 != " " }),
            let holder = computer.text("/proc/\(process)/comm"), computer.holders(path).isEmpty
        else { return [] }
        return [Finding(.fail, subject, "\(legible(holder)) (process \(process)) has locked \(legible(path))", "end it")]
    }

    /// The settings of the firmware that the typewriter needs.
    func boot() -> [Finding] {
        guard let pi = raspberryPi, let text = computer.text("\(bootDirectory)/config.txt") else { return [] }
        let uses = [settings.keyboard.kind == KeyboardKind.serial.rawValue ? settings.keyboard.device : "", settings.paper.device]
        let config = BootConfiguration(text, raspberryPi: pi)
        var found: [Finding] = []
        if uses.contains(where: isHeaderLine), config.value("enable_uart") != "1", config.value("dtparam", beginning: "uart0") == nil {
            found.append(Finding(
                .fail, "boot", "the serial line on the header is switched off", "add enable_uart=1 to \(bootDirectory)/config.txt, and reboot"))
        }
        if uses.contains("/dev/lcd") || uses.contains("/dev/lcd0"), config.value("dtoverlay", beginning: "hd44780") == nil {
            found.append(Finding(
                .fail, "boot", "no display is described", "add dtoverlay=hd44780-i2c-lcd,addr=0x27 to \(bootDirectory)/config.txt, and reboot"))
        }
        return found.isEmpty ? [Finding(.ok, "boot", "\(bootDirectory)/config.txt has what the devices need")] : found
    }

    private var commandLineFile: String {
        computer.node("\(bootDirectory)/cmdline.txt") == nil ? "the boot loader's settings" : "\(bootDirectory)/cmdline.txt"
    }

    /// What the next boot will have, or had, where no file says.
    private var commandLine: String? { computer.text("\(bootDirectory)/cmdline.txt") ?? computer.text("/proc/cmdline") }
}

/// The lines of a `config.txt` that hold on a computer (raspberrypi.com/documentation/computers/config_txt.html, "Conditional filters").
struct BootConfiguration {
    private var entries: [(name: String, value: String)] = []

    /// - Parameter raspberryPi: its generation; 0 for the first Zero.
    init(_ text: String, raspberryPi: Int) {
        let own = raspberryPi == 0 ? ["pi0", "pi0w", "pi1"] : ["pi\(raspberryPi)", raspberryPi == 3 ? "pi02" : "pi\(raspberryPi)"]
        var holds = true
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.prefix { $0 != "#" }.filter { $0 != " " && $0 != "\t" }
            if line.hasPrefix("[") {
                let filter = line.dropFirst().prefix { $0 != "]" }
                holds = filter == "all" || own.contains(String(filter))
            } else if holds, let equals = line.firstIndex(of: "=") {
                entries.append((String(line[..<equals]), String(line[line.index(after: equals)...])))
            }
        }
    }

    /// The last one holds.
    func value(_ name: String, beginning: String = "") -> String? {
        entries.last { $0.name == name && $0.value.hasPrefix(beginning) }?.value
    }
}

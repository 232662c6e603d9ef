import Keyboard

extension Doctor {
    /// A node that must be there, that the account may use, and that nobody else has.
    /// - Parameters:
    ///   - shown: What to call it.
    ///   - wanted: as `Account.may` has it.
    ///   - opens: It notices nothing of being opened.
    func device(_ subject: String, _ path: String, shown: String? = nil, wanting wanted: UInt32 = 6, opens: Bool = false) -> Finding {
        guard let node = computer.node(path) else {
            return Finding(.fail, subject, "there is no \(legible(path))", missing(path))
        }
        guard computer.account.may(wanted, node) else { return denied(subject, path, node, wanted) }
        let shown = shown ?? legible(path)
        let holders = computer.holders(path)
        if let other = holders.first(where: { !$0.isTypewriter }) {
            return Finding(.fail, subject, "\(other.description) has \(legible(path)) open", remedy(other, path))
        }
        let ours = Finding(.ok, subject, "\(shown), which the typewriter has open")
        if !holders.isEmpty { return ours }
        switch opens ? computer.open(path) : .seen("") {
        case .seen, .hidden: return Finding(.ok, subject, shown)
        case .taken where hasDaemon: return ours
        case .taken: return Finding(.fail, subject, "another program has \(shown) for itself", "end it; `sudo fuser -v \(legible(path))` names it")
        case .wrong(let reason): return Finding(.fail, subject, "\(shown): \(reason)", "see to it; it is waited for")
        }
    }

    private func remedy(_ holder: DeviceHolder, _ path: String) -> String {
        let name = computer.deviceName(path)
        return switch holder.name {
        case "agetty", "login": "sudo systemctl mask --now \(name.dropFirst(3).first?.isNumber ?? false ? "getty" : "serial-getty")@\(name).service"
        case "ModemManager": "sudo systemctl mask --now ModemManager"
        case "brltty": "sudo apt remove brltty, which takes some serial adapters for Braille displays"
        default: "end it"
        }
    }

    private func missing(_ path: String) -> String {
        if raspberryPi != nil, isHeaderLine(path) { return "add enable_uart=1 to \(bootDirectory)/config.txt, and reboot" }
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let there = computer.names(directory)
        guard ["/dev/usb", "/dev/serial/by-id", "/dev/input/by-id", "/dev/input/by-path"].contains(directory), !there.isEmpty else {
            return "plug it in; it is waited for, but not found before"
        }
        return "plug it in, or name what is there: \(there.prefix(8).map { legible("\(directory)/\($0)") }.joined(separator: ", "))"
    }

    func denied(_ subject: String, _ path: String, _ node: Computer.Node, _ wanted: UInt32 = 6) -> Finding {
        let group = computer.account.groupName(node.group), name = computer.account.name
        let remedy = if path.hasPrefix("/dev/tty"), path.dropFirst(8).allSatisfy(\.isNumber) {
            // Debian 13 makes consoles root's alone, and a login takes them back at every boot.
            "sudo systemctl edit platen, add [Service] and below it ExecStartPre=+chown \(name) \(path), and start it again"
        } else if node.mode >> 3 & wanted == wanted, node.group != 0 {
            // Opened by the group, it is enough to be in it.
            "sudo adduser \(name) \(group), then log in or start the service again"
        } else {
            "a udev rule must give it to a group, as 60-platen.rules does"
        }
        return Finding(.fail, subject, "\(name) may not use \(legible(path))", remedy)
    }

    // MARK: GPIO

    func gpio(_ subject: String, _ name: String, _ lines: [GPIOLine]) -> Finding {
        let chips = computer.names("/dev").filter { $0.hasPrefix("gpiochip") }.map { "/dev/\($0)" }
        let denied = chips.first { path in computer.node(path).map { !computer.account.may(6, $0) } ?? false }
        if let denied, let node = computer.node(denied), !chips.contains(where: { path in computer.node(path).map { computer.account.may(6, $0) } ?? false }) {
            return self.denied(subject, denied, node)
        }
        let text = "\(legible(name)), \(lines.count) GPIO lines"
        for line in lines {
            switch computer.gpio(line) {
            case .seen, .taken: continue
            case .hidden: return Finding(.ok, subject, "\(text), whose users you may not see; sudo platen doctor does")
            case .wrong(let obstacle):
                return Finding(.fail, subject, "\(legible(name)): \(obstacle)", "correct the profile, or end what uses the line")
            }
        }
        return Finding(.ok, subject, text)
    }
}

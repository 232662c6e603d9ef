import Keyboard
import Paper

extension Doctor {
    func keyboard() -> [Finding] { keys() + wires() }

    /// What is wired to GPIO lines: a matrix, or lamps, knobs and buttons beside another keyboard.
    private func wires() -> [Finding] {
        do {
            guard let profile = try settings.keyboard.wired() else { return [] }
            let lines = profile.wiring.rows + profile.wiring.columns + profile.wiring.direct + profile.outputs.map(\.line)
            return lines.isEmpty ? [] : [gpio("keyboard", profile.name, lines)]
        } catch {
            return [Finding(.fail, "keyboard", "\(error)")]
        }
    }

    private func keys() -> [Finding] {
        let keyboard = settings.keyboard
        switch KeyboardKind(rawValue: keyboard.kind) {
        case .matrix:
            return keyboard.profile.isEmpty ? [Finding(.fail, "keyboard", "no profile describes the matrix", "set keyboard.profile")] : []
        case .serial:
            return [device("keyboard", keyboard.device)] + serialLine("keyboard", keyboard.device, keyboard.line.parity != Settings.LineSection.parities[0])
        case .evdev where keyboard.device.hasPrefix("/"):
            return [device("keyboard", keyboard.device)]
        case .evdev:
            return [inputDevices()]
        default:
            return [Finding(.ok, "keyboard", "\(keyboard.kind)")]
        }
    }

    func paper() -> [Finding] {
        let paper = settings.paper
        switch PaperKind(rawValue: paper.kind) {
        case .typewriter:
            do {
                let profile = try TypewriterProfile(paper.profile)
                return [gpio("paper", profile.name, profile.wires.map { GPIOLine($0.name, chips: profile.chips) })]
            } catch {
                return [Finding(.fail, "paper", "\(error)")]
            }
        case .printer:
            return printer(paper)
        default:
            return [paper.device.hasPrefix("/") ? device("paper", paper.device) : Finding(.ok, "paper", "\(paper.kind)")]
        }
    }

    private func printer(_ paper: Settings.PaperSection) -> [Finding] {
        if paper.device.isEmpty {
            // Whatever printer is on USB: it finds its own profile.
            let printers = computer.names("/dev/usb").filter { $0.hasPrefix("lp") }.map { "/dev/usb/\($0)" }
            if printers.isEmpty { return [Finding(.warn, "paper", "there is no USB printer", "plug one in; it is waited for")] }
            return printers.map { device("paper", $0) }
        }
        do {
            let profile = try PrinterDescription(paper.profile.isEmpty ? "plain" : paper.profile).profile
            switch try PrinterAddress(paper.device) {
            case .path(let path):
                return [device("paper", path)] + serialLine("paper", path, profile.line.map { $0.parity != .none } ?? false)
            case .network(let port):
                return [Finding(.ok, "paper", "\(profile.name) on port \(port) of this computer, which is asked when something is printed")]
            case .spooler:
                let hasSpooler = computer.node("/usr/bin/lp") != nil
                return [hasSpooler
                    ? Finding(.ok, "paper", "\(profile.name) on \(paper.device)")
                    : Finding(.fail, "paper", "\(paper.device) needs CUPS, and /usr/bin/lp is not there", "sudo apt install cups-client cups")]
            }
        } catch {
            return [Finding(.fail, "paper", "\(error)", "`platen paper` shows what there is")]
        }
    }

    // MARK: Devices

    /// A node that must be there, and that the account may open.
    private func device(_ subject: String, _ path: String) -> Finding {
        guard let node = computer.node(path) else {
            return Finding(.fail, subject, "there is no \(legible(path))", missing(path))
        }
        return computer.account.may(6, node) ? Finding(.ok, subject, legible(path)) : denied(subject, path, node)
    }

    private func missing(_ path: String) -> String {
        if raspberryPi != nil, isHeaderLine(path) { return "add enable_uart=1 to \(bootDirectory)/config.txt, and reboot" }
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let there = computer.names(directory).filter { $0.hasPrefix("tty") ? $0.dropFirst(3).first?.isLetter ?? false : true }
        let known = ["/dev/usb", "/dev/serial/by-id", "/dev/input/by-id", "/dev/input/by-path"].contains(directory) || directory == "/dev"
        guard known, !there.isEmpty, directory != "/dev" else { return "plug it in; it is waited for, but not found before" }
        return "plug it in, or name what is there: \(there.prefix(8).map { legible("\(directory)/\($0)") }.joined(separator: ", "))"
    }

    private func denied(_ subject: String, _ path: String, _ node: Computer.Node) -> Finding {
        let group = computer.account.groupName(node.group), name = computer.account.name
        // Opened by the group, it is enough to be in it.
        let remedy = node.mode & 0o060 == 0o060 && node.group != 0
            ? "sudo adduser \(name) \(group), then log in or start the service again"
            : "a udev rule must give it to a group, as 60-platen.rules does"
        return Finding(.fail, subject, "\(name) may not use \(legible(path))", remedy)
    }

    private func inputDevices() -> Finding {
        let paths = computer.names("/dev/input").filter { $0.hasPrefix("event") }.map { "/dev/input/\($0)" }
        guard let first = paths.first else { return Finding(.warn, "keyboard", "there is no input device", "plug one in; it is waited for") }
        let allowed = paths.filter { path in computer.node(path).map { computer.account.may(6, $0) } ?? false }
        guard allowed.isEmpty, let node = computer.node(first) else {
            return Finding(.ok, "keyboard", "\(allowed.count) input device\(allowed.count == 1 ? "" : "s") of \(paths.count) may be used")
        }
        return denied("keyboard", "/dev/input", node)
    }

    private func gpio(_ subject: String, _ name: String, _ lines: [GPIOLine]) -> Finding {
        let chips = computer.names("/dev").filter { $0.hasPrefix("gpiochip") }.map { "/dev/\($0)" }
        let denied = chips.first { path in computer.node(path).map { !computer.account.may(6, $0) } ?? false }
        if let denied, let node = computer.node(denied), !chips.contains(where: { path in computer.node(path).map { computer.account.may(6, $0) } ?? false }) {
            return self.denied(subject, denied, node)
        }
        for line in lines {
            if let obstacle = computer.obstacle(line) {
                return Finding(.fail, subject, "\(legible(name)): \(obstacle)", "correct the profile, or end what uses the line")
            }
        }
        return Finding(.ok, subject, "\(legible(name)), \(lines.count) GPIO lines")
    }
}

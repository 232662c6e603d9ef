import Keyboard
import Paper

extension Doctor {
    func paper() -> [Finding] {
        let paper = settings.paper
        do {
            switch PaperKind(rawValue: paper.kind) {
            case .typewriter:
                let profile = try TypewriterProfile(paper.profile)
                return [gpio("paper", profile.name, profile.wires.map { GPIOLine($0.name, chips: profile.chips) })]
            case .printer: return printer(paper)
            case .display: return display(paper, try DisplayDescription(paper.profile.isEmpty ? Settings.PaperSection.console : paper.profile).profile)
            default: return [Finding(.ok, "paper", "\(paper.kind)")]
            }
        } catch {
            return [Finding(.fail, "paper", "\(error)")]
        }
    }

    // MARK: Printers

    private func printer(_ paper: Settings.PaperSection) -> [Finding] {
        if paper.device.isEmpty {
            // Whatever printer is on USB: it finds its own profile.
            let printers = computer.names("/dev/usb").filter { $0.hasPrefix("lp") }.map { "/dev/usb/\($0)" }
            if printers.isEmpty { return [Finding(.warn, "paper", "there is no USB printer", "plug one in; it is waited for")] }
            return printers.map { device("paper", $0, opens: true) }
        }
        do {
            let profile = try PrinterDescription(paper.profile.isEmpty ? "plain" : paper.profile).profile
            switch try PrinterAddress(paper.device) {
            case .path(let path) where path.hasPrefix("/dev/"):
                // A line of the kind that opening may reset has another name.
                return [device("paper", path, wanting: 2, opens: path.utf8.contains("/lp".utf8))] + serialLine("paper", path, profile.line.map { $0.parity != .none } ?? false)
            case .path(let path): return [file(path)]
            case .network(let port): return [network(profile.name, port)]
            case .spooler: return [spooler("\(profile.name) on \(paper.device)", paper.device)]
            }
        } catch {
            return [Finding(.fail, "paper", "\(error)", "`platen paper` shows what there is")]
        }
    }

    /// A pipe, or a file, which is made where it is missing.
    private func file(_ path: String) -> Finding {
        if let hidden = unit?.hiding(path) { return Finding(.fail, "paper", "\(legible(path)) is hidden from the service by \(hidden.key)", hidden.remedy) }
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let isThere = computer.node(path) != nil
        guard let barrier = isThere ? computer.barrier(path, 2) : computer.barrier(directory, 3) else {
            return Finding(.ok, "paper", isThere ? legible(path) : "\(legible(path)), which is made")
        }
        return Finding(.fail, "paper", "\(computer.account.name) may not write \(legible(barrier))", "name a file that it may write as paper.device")
    }

    private func network(_ name: String, _ port: UInt16) -> Finding {
        if unit?.isOn("PrivateNetwork") ?? false {
            return Finding(
                .fail, "paper", "the service has no network for port \(port)",
                "sudo systemctl edit platen, [Service], PrivateNetwork=no, RestrictAddressFamilies=AF_INET, IPAddressAllow=localhost")
        }
        // 0A is LISTEN (proc_net_tcp.rst); the port is in hexadecimal digits behind the address.
        let digits = String(port, radix: 16, uppercase: true)
        let end = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        let sockets = ["tcp", "tcp6"].compactMap { computer.text("/proc/net/\($0)") }.joined(separator: "\n").split(separator: "\n")
        let isHeard = sockets.contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[1].hasSuffix(end) && fields[3] == "0A"
        }
        return isHeard
            ? Finding(.ok, "paper", "\(name) on port \(port) of this computer")
            : Finding(.warn, "paper", "nobody listens on port \(port) of this computer", "start what does; it is waited for")
    }

    private func spooler(_ shown: String, _ device: String) -> Finding {
        if computer.node("/usr/bin/lp") == nil {
            return Finding(.fail, "paper", "\(legible(device)) needs CUPS, and /usr/bin/lp is not there", "sudo apt install cups-client cups")
        }
        if computer.node("/run/cups/cups.sock") == nil { return Finding(.fail, "paper", "\(legible(device)) needs CUPS, which does not run", "sudo systemctl enable --now cups") }
        return Finding(.ok, "paper", legible(shown))
    }

    // MARK: Displays

    private func display(_ paper: Settings.PaperSection, _ profile: DisplayProfile) -> [Finding] {
        let size = profile.kind == .console ? computer.consoleSize(paper.device) : nil
        let columns = profile.columns ?? size?.columns, lines = profile.lines ?? size?.lines
        let extent = columns.flatMap { columns in lines.map { ", \(columns) by \($0)" } } ?? ""
        let shown = "\(profile.name) on \(paper.device)\(extent)"
        let use = device("paper", paper.device, shown: legible(shown), wanting: 2)
        return [use] + (profile.kind == .console ? console(paper.device) : [])
    }

    /// Who else writes on a text console, and whether it is the one that is seen.
    private func console(_ path: String) -> [Finding] {
        let name = computer.deviceName(path)
        guard name.hasPrefix("tty"), name.dropFirst(3).allSatisfy(\.isNumber) else { return [] }
        var found: [Finding] = []
        let getty = "getty@\(name).service"
        if computer.names("/etc/systemd/system/getty.target.wants").contains(getty), computer.link("/etc/systemd/system/\(getty)") != "/dev/null" {
            found.append(Finding(.warn, "paper", "a login waits on \(path), and writes between the lines", "sudo systemctl mask --now \(getty)"))
        }
        if let active = computer.text("/sys/class/tty/tty0/active"), active != name {
            found.append(Finding(.warn, "paper", "the screen shows \(legible(active)), not \(name)", "sudo chvt \(name.dropFirst(3))"))
        }
        return found
    }
}

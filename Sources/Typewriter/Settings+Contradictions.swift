import Keyboard
import Paper

/// What single keys cannot see: that they do not go together.
struct Contradiction: Sendable, Equatable {
    /// Any of them can be changed.
    let keys: [String]
    /// What is wrong, and what to do.
    let text: String
}

extension Settings {
    /// - Throws: the first contradiction.
    public func check() throws(TypewriterError) {
        if let first = contradictions().first { throw TypewriterError(first.text, status: .configuration) }
    }

    func contradictions() -> [Contradiction] {
        var found = keyboard.contradictions() + paper.contradictions()
        if conversation.stop.contains("") {
            found.append(Contradiction(keys: ["conversation.stop"], text: "conversation.stop: an empty text ends no answer; remove it"))
        }
        return found
    }
}

extension Settings.KeyboardSection {
    /// - Throws: the first contradiction.
    func check() throws(TypewriterError) {
        if let first = contradictions().first { throw TypewriterError(first.text, status: .configuration) }
    }

    func contradictions() -> [Contradiction] {
        switch KeyboardKind(rawValue: kind) {
        case .matrix where profile.isEmpty:
            let names = HardwareDirectory.names(.keyboards).joined(separator: ", ")
            return [Contradiction(
                keys: ["keyboard.kind", "keyboard.profile"],
                text: "keyboard.profile must name the matrix's profile, or a file by its path (there are: \(names))")]
        case .serial:
            var found: [Contradiction] = []
            if device.isEmpty {
                found.append(Contradiction(
                    keys: ["keyboard.kind", "keyboard.device"],
                    text: "keyboard.device must name the serial line, such as /dev/ttyAMA0 or a link in /dev/serial/by-id"))
            } else if !device.hasPrefix("/") {
                found.append(Contradiction(
                    keys: ["keyboard.device"],
                    text: "keyboard.device \(SettingValue.text(device)) is no path of a serial line; write all of it, such as /dev/ttyAMA0"))
            }
            if SerialEncoding(rawValue: encoding)?.isBaudot == true, line.dataBits != 5 {
                found.append(Contradiction(
                    keys: ["keyboard.encoding", "keyboard.data_bits"],
                    text: "keyboard.encoding \"\(encoding)\" has characters of 5 bits, not \(line.dataBits): set keyboard.data_bits = 5"))
            }
            if SerialEncoding(rawValue: encoding)?.isBaudot != true, line.dataBits < 7 {
                found.append(Contradiction(
                    keys: ["keyboard.encoding", "keyboard.data_bits"],
                    text: "keyboard.data_bits \(line.dataBits) are too few for \"\(encoding)\": set keyboard.data_bits = 8, or 7 with \"ascii\""))
            }
            return found
        default:
            return []
        }
    }
}

extension Settings.PaperSection {
    /// - Throws: the first contradiction.
    func check() throws(TypewriterError) {
        if let first = contradictions().first { throw TypewriterError(first.text, status: .configuration) }
    }

    func contradictions() -> [Contradiction] {
        var found = deviceContradictions()
        do {
            _ = try Page(page, for: PaperCapabilities())
        } catch {
            found.append(Contradiction(keys: ["paper.columns", "paper.left_margin", "paper.right_margin"], text: error.description))
        }
        do {
            try sheets.check()
        } catch {
            found.append(Contradiction(keys: ["paper.lines", "paper.top_margin", "paper.bottom_margin"], text: error.description))
        }
        return found
    }

    private func deviceContradictions() -> [Contradiction] {
        switch PaperKind(rawValue: kind) {
        case .typewriter where profile.isEmpty:
            let names = HardwareDirectory.names(.typewriters).joined(separator: ", ")
            return [Contradiction(
                keys: ["paper.kind", "paper.profile"],
                text: "paper.profile must name the typewriter's file, by its path; it builds upon one of those that are there (\(names))")]
        case .display where !device.hasPrefix("/"):
            return [Contradiction(
                keys: ["paper.kind", "paper.device"], text: "paper.device must say where the display is: /dev/lcd, or a console such as /dev/tty1")]
        // Without a device it is the USB printer.
        case .printer where !device.isEmpty:
            do {
                _ = try PrinterAddress(device)
                return []
            } catch {
                return [Contradiction(keys: ["paper.device"], text: "paper.device \(error)")]
            }
        default:
            return []
        }
    }
}

import Glibc
import Keyboard

/// Where keys come from.
public enum KeyboardKind: String, Sendable, CaseIterable {
    /// Standard input.
    case terminal
    /// Contacts on GPIO lines, as a profile describes them.
    case matrix
    /// A serial line.
    case serial
    /// Input devices of the kernel: USB and Bluetooth.
    case evdev
}

extension Settings.KeyboardSection {
    /// Somebody types who wants to see it on the page.
    var isInteractive: Bool {
        kind != KeyboardKind.terminal.rawValue || isatty(STDIN_FILENO) == 1
    }

    /// What a matrix is, or what a maker has put beside another keyboard. A terminal has nothing beside it.
    func wired() throws(TypewriterError) -> KeyboardProfile? {
        guard kind != KeyboardKind.terminal.rawValue, !profile.isEmpty else { return nil }
        return try KeyboardProfile(profile, needsKeys: kind == KeyboardKind.matrix.rawValue)
    }

    /// The lamps and bells beside the keys.
    func outputs() throws(TypewriterError) -> [(use: KeyboardProfile.Output, line: GPIOLine)] { try wired()?.outputs ?? [] }

    func knobs() throws(TypewriterError) -> [KnobSetting] { try wired()?.knobs ?? [] }

    /// What opens the keys on GPIO lines beside a keyboard that is no matrix, such as a page switch and a stop button.
    func buttons() throws(TypewriterError) -> (() throws(TypewriterError) -> any Keyboard)? {
        guard kind != KeyboardKind.matrix.rawValue, let profile = try wired(), profile.hasKeys else { return nil }
        // Nobody types on them alone.
        return { () throws(TypewriterError) in try open(profile) { $0.givesKeys = false } }
    }

    private func open(_ profile: KeyboardProfile, prepare: @escaping (MatrixKeyboard) -> Void) throws(TypewriterError) -> any Keyboard {
        let first = try keyLayout(.typewriter)
        var isFirst = true
        do {
            return try ReopeningMatrix { () throws(KeyboardError) in
                let lines = try GPIOMatrix(profile.wiring)
                // A Shift that was held when the chip went is not held any more.
                let layout = isFirst ? first : (try? keyLayout(.typewriter)) ?? first
                isFirst = false
                let keyboard = MatrixKeyboard(lines, profile.keymap, layout: layout, settings: profile.settings)
                prepare(keyboard)
                return keyboard
            }
        } catch {
            throw TypewriterError("\(self.profile): \(error)", status: .ioError)
        }
    }

    /// Opens the keyboard that is named here.
    /// - Parameter trace: For somebody who looks for what is wrong with a matrix.
    package func open(trace: ((MatrixKeyboard.Trace) -> Void)? = nil) throws(TypewriterError) -> any Keyboard {
        switch KeyboardKind(rawValue: kind) ?? .terminal {
        case .terminal:
            do {
                return try TerminalKeyboard(descriptor: STDIN_FILENO)
            } catch {
                throw TypewriterError(error)
            }
        case .matrix:
            try check()
            return try open(KeyboardProfile(profile)) { $0.trace = trace }
        case .serial:
            try check()
            do {
                return try SerialKeyboard(
                    path: device, settings: line.forKeyboard, encoding: SerialEncoding(rawValue: encoding) ?? .utf8,
                    unshiftsOnSpace: unshiftsOnSpace)
            } catch {
                throw TypewriterError(error)
            }
        case .evdev:
            let layout = try keyLayout(.layout)
            do {
                return try EvdevKeyboard(EvdevKeyboard.Selection(device.isEmpty ? "all" : device), layout: layout, grabs: grabs)
            } catch {
                throw TypewriterError(error)
            }
        }
    }
}

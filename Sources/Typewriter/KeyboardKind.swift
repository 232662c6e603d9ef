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

    /// The lamps and bells beside the keys.
    func outputs() throws(TypewriterError) -> [(use: KeyboardProfile.Output, line: GPIOLine)] {
        guard kind == KeyboardKind.matrix.rawValue, !profile.isEmpty else { return [] }
        return try KeyboardProfile(profile).outputs
    }

    func knobs() throws(TypewriterError) -> [KnobSetting] {
        guard kind == KeyboardKind.matrix.rawValue, !profile.isEmpty else { return [] }
        return try KeyboardProfile(profile).knobs
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
            let profile = try KeyboardProfile(profile)
            let layout = try keyLayout(.typewriter)
            do {
                let keyboard = MatrixKeyboard(
                    try GPIOMatrix(profile.wiring), profile.keymap, layout: layout, settings: profile.settings)
                keyboard.trace = trace
                return keyboard
            } catch {
                throw TypewriterError("\(self.profile): \(error)", status: .ioError)
            }
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

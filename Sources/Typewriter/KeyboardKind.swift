import Glibc
import Keyboard

/// Where keys come from.
public enum KeyboardKind: String, Sendable, CaseIterable {
    /// Standard input.
    case terminal
    /// Contacts on GPIO lines, as a profile describes them.
    case matrix
}

extension Settings.KeyboardSection {
    /// Somebody types who wants to see it on the page.
    var isInteractive: Bool {
        kind != KeyboardKind.terminal.rawValue || isatty(STDIN_FILENO) == 1
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
            guard !profile.isEmpty else {
                let names = HardwareDirectory.names(.keyboards).joined(separator: ", ")
                throw TypewriterError(
                    "keyboard.profile must name the matrix's profile, or a file by its path (there are: \(names))", status: .configuration)
            }
            let profile = try KeyboardProfile(profile)
            do {
                let keyboard = MatrixKeyboard(
                    try GPIOMatrix(profile.wiring), profile.keymap, layout: USLayout(), settings: profile.settings)
                keyboard.trace = trace
                return keyboard
            } catch {
                throw TypewriterError("\(self.profile): \(error)", status: .ioError)
            }
        }
    }
}

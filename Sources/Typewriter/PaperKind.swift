import Glibc
import Paper

/// What types.
public enum PaperKind: String, Sendable, CaseIterable {
    /// Standard output.
    case terminal
    /// A typewriter's own keyboard, through GPIO lines, as a profile describes it.
    case typewriter
}

extension Settings.PaperSection {
    /// Opens the device that is named here.
    package func open() throws(TypewriterError) -> any PaperDevice {
        switch PaperKind(rawValue: kind) ?? .terminal {
        case .terminal:
            do {
                return try TerminalPaper(descriptor: STDOUT_FILENO, charactersPerSecond: Double(charactersPerSecond))
            } catch {
                throw TypewriterError(error)
            }
        case .typewriter:
            guard !profile.isEmpty else {
                let names = HardwareDirectory.names(.typewriters).joined(separator: ", ")
                throw TypewriterError(
                    "paper.profile must name the typewriter's file, by its path; it builds upon one of those that are there (\(names))",
                    status: .configuration)
            }
            return try TypewriterProfile(profile).open()
        }
    }
}

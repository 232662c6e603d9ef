import Glibc
import Paper

/// What types.
public enum PaperKind: String, Sendable, CaseIterable {
    /// Standard output.
    case terminal
    /// A typewriter's own keyboard, through GPIO lines, as a profile describes it.
    case typewriter
    /// A printer: a profile of `hardware/printers`, on `paper.device`; the USB printer that is there, where they are not named.
    case printer
    /// A display: a profile of `hardware/displays`, on `paper.device`.
    case display
}

extension Settings.PaperSection {
    /// The profile of a display that is not named.
    static let console = "console"

    /// Opens the device that is named here.
    /// - Parameters:
    ///   - isPatient: Whatever keeps a printer from being opened is waited for.
    ///   - report: Hears what a printer waits for, and that it goes on.
    package func open(
        isPatient: Bool = false, report: @escaping @Sendable (PrinterReport) -> Void = { _ in }
    ) throws(TypewriterError) -> any PaperDevice {
        switch PaperKind(rawValue: kind) ?? .terminal {
        case .terminal:
            do {
                return try TerminalPaper(descriptor: STDOUT_FILENO, charactersPerSecond: Double(charactersPerSecond))
            } catch {
                throw TypewriterError(error)
            }
        case .typewriter:
            try check()
            return try TypewriterProfile(profile).open()
        case .printer:
            try check()
            let choice = try printerChoice()
            let description = try PrinterDescription(choice.profile)
            let address: PrinterAddress
            do {
                address = try PrinterAddress(choice.device)
            } catch {
                throw TypewriterError("paper.device \(error)", status: .configuration)
            }
            do {
                return try PrinterDevice(description.profile, at: address, isPatient: isPatient, report: report)
            } catch {
                throw TypewriterError(error)
            }
        case .display:
            let description = try DisplayDescription(profile.isEmpty ? Self.console : profile)
            try check()
            do {
                return try DisplayDevice(
                    description.profile, at: device, charactersPerSecond: Double(charactersPerSecond), isPatient: isPatient, report: report)
            } catch {
                throw TypewriterError(error)
            }
        }
    }
}

/// What a printer tells while something is printed on it.
public enum PrinterReport: Sendable, Equatable, CustomStringConvertible {
    /// Something keeps it from printing.
    case waits(printer: String, why: String)
    /// Nothing does any more.
    case goesOn(printer: String)

    /// What keeps it from printing, and which printer it is.
    public var obstacle: String? {
        switch self {
        case .waits(let printer, let why): "\(printer): \(why)"
        case .goesOn: nil
        }
    }

    public var description: String {
        switch self {
        case .waits: "\(obstacle ?? ""); printing waits"
        case .goesOn(let printer): "\(printer): printing goes on"
        }
    }
}

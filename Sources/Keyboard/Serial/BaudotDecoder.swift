import CHardware

/// The five-bit codes of a teletype to keys. Pure; its state is the shift, and whether a line has just ended.
///
/// The alphabet has no small letters, so that its letters are taken for small ones, as a terminal's IUCLC does. The machine has no
/// Esc: its bell stops the answer, and "who are you" begins a new conversation.
public struct BaudotDecoder: Sendable {
    public enum Alphabet: Sendable {
        case ita2, ustty

        fileprivate var table: pl_baudot_alphabet { self == .ita2 ? PL_BAUDOT_ITA2 : PL_BAUDOT_USTTY }
    }

    /// Of the signs that return the carriage and feed the paper: machines send CR LF, CR CR LF, or one of them alone.
    private enum LineEnd { case none, afterReturn, afterLineFeed }

    private let alphabet: Alphabet
    private let unshiftsOnSpace: Bool
    private var isFigures = false
    private var lineEnd = LineEnd.none

    /// - Parameter unshiftsOnSpace: a space goes back to letters, as on many American machines.
    public init(_ alphabet: Alphabet, unshiftsOnSpace: Bool = false) {
        self.alphabet = alphabet
        self.unshiftsOnSpace = unshiftsOnSpace
    }

    /// Takes the lowest five bits of a byte, and appends the key that they complete.
    public mutating func feed(_ byte: UInt8, into keys: inout [Key]) {
        let code = byte & 0x1F
        switch Int(code) {
        // The shifts, and the blanks of a punched tape, stand between the signs of one line's end.
        case PL_BAUDOT_LETTERS: isFigures = false
        case PL_BAUDOT_FIGURES: isFigures = true
        case 0: break
        case PL_BAUDOT_RETURN:
            if lineEnd == .none { keys.append(.return) }
            lineEnd = lineEnd == .afterLineFeed ? .none : .afterReturn
        case PL_BAUDOT_LINE_FEED:
            if lineEnd != .afterReturn { keys.append(.return) }
            lineEnd = lineEnd == .afterReturn ? .none : .afterLineFeed
        default:
            lineEnd = .none
            if let key = key(pl_baudot_character(alphabet.table, code, isFigures)) { keys.append(key) }
            if unshiftsOnSpace, code == PL_BAUDOT_SPACE { isFigures = false }
        }
    }

    private func key(_ character: UInt8) -> Key? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .text(String(Unicode.Scalar(character | 0x20)))
        case 0x20...0x7E: .text(String(Unicode.Scalar(character)))
        case 0x07: .escape  // BEL
        case 0x05: .newConversation  // ENQ
        default: nil  // What the alphabet leaves to each country.
        }
    }
}

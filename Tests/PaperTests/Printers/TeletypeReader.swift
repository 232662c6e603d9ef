/// A teletype of five bits. By Recommendation ITU-T S.1, or by American practice (https://www.qsl.net/xe1m/codigo.htm), each
/// in the order A to Z of its key tops.
struct TeletypeReader: PrinterReader {
    private(set) var page = StruckPage()
    private(set) var faults: [String] = []
    private(set) var bells = 0
    var answers: [UInt8] = []

    private let keys: [UInt8: (letter: Character, figure: Character)]
    private let unshiftsOnSpace: Bool
    private var isFigures: Bool
    private var (line, column, busy) = (0, 0, 0)

    /// The combinations of A to Z, the first element written first.
    private static let combinations = """
        11000 10011 01110 10010 10000 10110 01011 00101 01100 11010 11110 01001 00111 00110 00011 01101 11101 01010 10100 00001 11100 01111 \
        11001 10111 10101 10001
        """
    // A dot where there is nothing to print; the bell is written as ♪.
    private static let ita2 = "-?:¶3...8♪().,9014'57=2/6+"
    private static let ustty = "-?:$3!&.8'().,9014♪57;2/6\""
    /// Signs of ITA2 whose key has a point on it: none but M.
    private static let point: UInt8 = 0b11100

    init(isAmerican: Bool, unshiftsOnSpace: Bool, startsInFigures: Bool) {
        let figures = Array(isAmerican ? Self.ustty : Self.ita2)
        var keys: [UInt8: (letter: Character, figure: Character)] = [:]
        for (index, text) in Self.combinations.split(separator: " ").enumerated() {
            let code = UInt8(String(text.reversed()), radix: 2) ?? 0
            keys[code] = (Character(Unicode.Scalar(UInt8(0x41 + index))), figures[index])
        }
        self.keys = keys
        self.unshiftsOnSpace = unshiftsOnSpace
        isFigures = startsInFigures
    }

    mutating func read(_ byte: UInt8) {
        defer { busy = max(0, busy - 1) }
        switch byte {
        case 0b11111: isFigures = false
        case 0b11011: isFigures = true
        case 0b00100:
            if busy > 0 { faults.append("a space while the carriage flies") }
            column += 1
            if unshiftsOnSpace { isFigures = false }
        case 0b01000:
            column = 0
            busy = 3
        case 0b00010: line += 1
        case 0: break
        default:
            guard let key = keys[byte] else { return faults.append("\(byte)") }
            let glyph = isFigures ? key.figure : key.letter
            if glyph == "♪" {
                bells += 1
            } else if isFigures, glyph == "." && byte != Self.point || glyph == "¶" {
                faults.append("a figure that prints nothing: \(byte)")
            } else {
                if busy > 0 { faults.append("\(glyph) while the carriage flies") }
                page.strike(glyph, line: line, column: column)
                column += 1
            }
        }
    }
}

/// A printer of ASCII: prints, returns, feeds, goes back (ECMA-48's format effectors).
struct PlainReader: PrinterReader {
    private(set) var page = StruckPage()
    private(set) var faults: [String] = []
    var answers: [UInt8] = []
    private var (line, column) = (0, 0)

    mutating func read(_ byte: UInt8) {
        switch byte {
        case 0x20..<0x7F:
            page.strike(Character(Unicode.Scalar(byte)), line: line, column: column)
            column += 1
        case 0x0D: column = 0
        case 0x0A: line += 1
        case 0x08: column = max(0, column - 1)
        case 0x07: break
        default: faults.append("\(byte)")
        }
    }
}

/// Teletype Model 33 (Bulletin 310B): capitals, an arrow up and one to the left where ASCII has ^ and _, no backspace. The carriage is
/// on its way for the time of two characters after a return, the paper for one after a feed.
struct Model33Reader: PrinterReader {
    private(set) var page = StruckPage()
    private(set) var faults: [String] = []
    var answers: [UInt8] = []
    private var (line, column) = (0, 0)
    private var busy = 0

    mutating func read(_ byte: UInt8) {
        defer { busy = max(0, busy - 1) }
        switch byte & 0x7F {
        case 0x20..<0x7F:
            var code = byte & 0x7F
            if code >= 0x60 { code -= 0x20 }
            let glyph: Character = code == 0x5E ? "↑" : code == 0x5F ? "←" : Character(Unicode.Scalar(code))
            if busy > 0 { faults.append("\(glyph) typed while the carriage flies") }
            page.strike(glyph, line: line, column: column)
            if column < 71 { column += 1 } else { faults.append("typed over the margin") }
        case 0x0D:
            column = 0
            busy = 3
        case 0x0A:
            line += 1
            busy = max(busy, 2)
        case 0x00, 0x07, 0x7F: break
        default: faults.append("\(byte)")
        }
    }
}

/// A daisy wheel printer with the Diablo 630's commands (AMT Accel-5350 User's Guide, tables D-2 and D-3). Places are 1/120 inch; a glyph
/// struck on its own place again, or one unit beside it, looks bold.
struct DiabloReader: PrinterReader {
    private(set) var faults: [String] = []
    var answers: [UInt8] = []
    /// Questions with ETX are answered with ACK.
    var acknowledges = true

    private struct Mark {
        let (glyph, line, unit): (Character, Int, Int)
        let (bold, underline): (Bool, Bool)
    }
    private var marks: [Mark] = []
    private let standardMotion: Int
    private var motion: Int
    private var (line, unit) = (0, 0)
    private var (isBold, isUnderlined) = (false, false)
    private var sequence: [UInt8] = []

    init(pitch: Int = 10) {
        standardMotion = 120 / pitch
        motion = standardMotion
    }

    var page: StruckPage {
        var page = StruckPage()
        for mark in marks {
            let column = mark.unit / standardMotion
            page.strike(mark.glyph, line: mark.line, column: column, bold: mark.bold, underline: mark.underline)
        }
        return page
    }

    /// Strikes that stand neither on a column nor one unit beside one.
    var strays: Int { marks.count { $0.unit % standardMotion > 1 } }

    mutating func read(_ byte: UInt8) {
        guard sequence.isEmpty else {
            sequence.append(byte)
            if obey() { sequence = [] }
            return
        }
        switch byte {
        case 0x1B: sequence = [byte]
        case 0x03: if acknowledges { answers.append(0x06) }
        case 0x07, 0x00: break
        case 0x08: unit = max(0, unit - motion)
        case 0x0A: line += 1
        case 0x0D:
            unit = 0
            (isBold, isUnderlined) = (false, false)
        case 0x20..<0x7F:
            marks.append(Mark(glyph: Character(Unicode.Scalar(byte)), line: line, unit: unit, bold: isBold, underline: isUnderlined))
            unit += motion
        default: faults.append("\(byte)")
        }
    }

    private mutating func obey() -> Bool {
        switch sequence[1] {
        case 0x0D:
            guard sequence.count > 2 else { return false }
            if sequence[2] != UInt8(ascii: "P"), sequence[2] != 0 { faults.append("\(sequence)") }
            guard sequence[2] != 0 else { break }
            motion = standardMotion
            (isBold, isUnderlined) = (false, false)
        case 0x08: unit = max(0, unit - 1)
        case 0x1F:
            guard sequence.count > 2 else { return false }
            if sequence[2] == 3 { faults.append("ETX in a sequence") }
            motion = Int(sequence[2]) - 1
        case UInt8(ascii: "O"): isBold = true
        case UInt8(ascii: "&"): isBold = false
        case UInt8(ascii: "E"): isUnderlined = true
        case UInt8(ascii: "R"): isUnderlined = false
        case UInt8(ascii: "X"): (isBold, isUnderlined) = (false, false)
        case 0x00: break
        default: faults.append("\(sequence)")
        }
        return true
    }
}

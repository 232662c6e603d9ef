/// A printer with Epson's commands, from the ESC/P Reference Manual (dot matrix, `isReceipt` false) or the TM-T88II/T88III Technical
/// Reference Guide (ESC/POS). What is not printed yet is lost when it is initialized.
struct EpsonReader: PrinterReader {
    private(set) var page = StruckPage()
    private(set) var faults: [String] = []
    var answers: [UInt8] = []
    let isReceipt: Bool
    /// The printer's code pages by number, for 80h to FFh.
    let pages: [UInt8: [Character]]
    /// Answers to DLE EOT 1 to 4.
    var status: [UInt8] = [0x16, 0x12, 0x12, 0x12]
    private(set) var pageSelections = 0
    /// Lines of dots: for each line the columns of dots from the left, each from the top.
    private(set) var pictures: [Int: [[Bool]]] = [:]

    private var (line, column) = (0, 0)
    private var (isBold, isUnderlined) = (false, false)
    private var codePage: UInt8
    private var sequence: [UInt8] = []
    private var dots: [[Bool]] = []
    private var buffer: [(glyph: Character, column: Int, bold: Bool, underline: Bool)] = []

    init(isReceipt: Bool, pages: [UInt8: String] = [:]) {
        self.isReceipt = isReceipt
        self.pages = pages.mapValues(Array.init)
        // A dot matrix printer has italics in table 0, and the American page in 1.
        codePage = isReceipt ? 0 : 1
    }

    mutating func read(_ byte: UInt8) {
        if sequence.isEmpty {
            switch byte {
            case 0x1B: sequence = [byte]
            case 0x10 where isReceipt, 0x1D where isReceipt: sequence = [byte]
            case 0x0D: if !isReceipt { column = 0 }
            case 0x0A:
                printLine()
                line += 1
                if isReceipt { column = 0 }
            case 0x00: break
            case 0x08 where !isReceipt: column = max(0, column - 1)
            case 0x07 where !isReceipt: break
            case 0x20..<0x7F: put(Character(Unicode.Scalar(byte)))
            case 0x80...:
                guard let page = pages[codePage] else { return faults.append("no code page \(codePage)") }
                put(page[Int(byte) - 0x80])
            default: faults.append("\(byte)")
            }
            return
        }
        sequence.append(byte)
        if obey(sequence) { sequence = [] }
    }

    /// False while the sequence is not complete.
    private mutating func obey(_ sequence: [UInt8]) -> Bool {
        let parameter = sequence.count > 2 ? sequence[2] : nil
        switch (sequence[0], sequence[1]) {
        case (0x1B, UInt8(ascii: "@")):
            (isBold, isUnderlined, codePage, column, buffer) = (false, false, isReceipt ? 0 : 1, 0, [])
            dots = []
        case (0x1B, UInt8(ascii: "*")) where isReceipt:
            // Mode, width in two bytes, and three bytes for each column of 24 dots.
            guard sequence.count >= 5 else { return false }
            if sequence[2] != 33 { faults.append("ESC * of mode \(sequence[2])") }
            guard sequence.count == 5 + (Int(sequence[3]) + Int(sequence[4]) * 256) * 3 else { return false }
            if !buffer.isEmpty { faults.append("dots behind text") }
            for start in stride(from: 5, to: sequence.count, by: 3) {
                dots.append((0..<24).map { sequence[start + $0 / 8] >> UInt8(7 - $0 % 8) & 1 == 1 })
            }
        case (0x1B, UInt8(ascii: "E")) where isReceipt:
            guard let parameter else { return false }
            isBold = parameter & 1 == 1
        case (0x1B, UInt8(ascii: "E")): isBold = true
        case (0x1B, UInt8(ascii: "F")) where !isReceipt: isBold = false
        case (0x1B, UInt8(ascii: "6")) where !isReceipt: break
        case (0x1B, UInt8(ascii: "R")):
            guard let parameter else { return false }
            if parameter != 0 { faults.append("a national set") }
        case (0x1B, UInt8(ascii: "-")):
            guard let parameter else { return false }
            isUnderlined = parameter & 3 != 0
        case (0x1B, UInt8(ascii: "t")):
            guard let parameter else { return false }
            codePage = parameter
            pageSelections += 1
        case (0x1D, UInt8(ascii: "V")) where isReceipt:
            guard sequence.count > (parameter == 65 || parameter == 66 ? 3 : 2) else { return false }
            if !buffer.isEmpty { faults.append("cut in the middle of a line") }
            page.cuts.append(line)
        case (0x10, 0x04) where isReceipt:
            guard let parameter else { return false }
            if parameter == 0 { break }
            if 1...4 ~= parameter { answers.append(status[Int(parameter) - 1]) } else { faults.append("DLE EOT \(parameter)") }
        // Nothing that is defined, and ignored.
        case (_, 0x00): break
        default:
            faults.append("\(sequence)")
        }
        return true
    }

    private mutating func put(_ glyph: Character) {
        buffer.append((glyph, column, isBold, isUnderlined))
        column += 1
    }

    private mutating func printLine() {
        for item in buffer { page.strike(item.glyph, line: line, column: item.column, bold: item.bold, underline: item.underline) }
        buffer = []
        if !dots.isEmpty { pictures[line] = dots }
        dots = []
    }
}

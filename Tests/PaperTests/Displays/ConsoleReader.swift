/// A text console as console_codes(4) describes it, in UTF-8.
struct ConsoleReader: PrinterReader {
    struct Place: Equatable {
        /// Empty behind a wide character.
        var text = " "
        var isBold = false
        var isUnderlined = false
    }

    let page = StruckPage()
    private(set) var faults: [String] = []
    var answers: [UInt8] = []

    let columns: Int
    private(set) var rows: [[Place]]
    private(set) var (x, y) = (0, 0)
    private(set) var bells = 0
    private var wraps = true
    private var style = Place()
    private var sequence: String?
    private var character: [UInt8] = []

    init(columns: Int, lines: Int) {
        self.columns = columns
        rows = [[Place]](repeating: [Place](repeating: Place(text: "#"), count: columns), count: lines)
    }

    var lines: [String] { rows.map { $0.map(\.text).joined() } }

    mutating func read(_ byte: UInt8) {
        if byte == 0x18 {
            sequence = nil
            return character = []
        }
        if var text = sequence {
            text.unicodeScalars.append(Unicode.Scalar(byte))
            sequence = text
            // ECMA-48, 5.4: a final byte ends it.
            if text.count > 1, 0x40...0x7E ~= byte { obey(text) }
            return
        }
        switch byte {
        case 0x1B: sequence = ""
        case 0x07: bells += 1
        case 0..<0x20: faults.append("a control: \(byte)")
        default:
            character.append(byte)
            guard let text = String(validating: character, as: UTF8.self) else {
                if character.count > 3 { faults.append("not UTF-8: \(character)") }
                return
            }
            character = []
            put(text)
        }
    }

    private mutating func put(_ text: String) {
        let width = text.columnWidth
        guard width > 0 else {
            var place = x - 1
            while place > 0, rows[y][place].text.isEmpty { place -= 1 }
            if place >= 0 { rows[y][place].text += text }
            return
        }
        guard x + width <= columns else { return faults.append("\(text) beside the display") }
        for place in x..<x + width { rows[y][place] = Place(text: place == x ? text : "", isBold: style.isBold, isUnderlined: style.isUnderlined) }
        x += width
    }

    private mutating func obey(_ text: String) {
        sequence = nil
        let parameters = text.dropFirst().dropLast().split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        switch (text.last, text) {
        case (_, "[2J"): rows = rows.map { _ in [Place](repeating: Place(), count: columns) }
        case (_, "[?7l"): wraps = false
        case ("H", _):
            guard parameters.count == 2, 1...rows.count ~= parameters[0], 1...columns ~= parameters[1] else { return faults.append(text) }
            (y, x) = (parameters[0] - 1, parameters[1] - 1)
        case ("m", _):
            for parameter in parameters {
                switch parameter {
                case 0: style = Place()
                case 1: style.isBold = true
                case 4: style.isUnderlined = true
                default: faults.append(text)
                }
            }
        default: faults.append(text)
        }
    }
}

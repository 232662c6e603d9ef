/// The kernel's character display, as drivers/auxdisplay/charlcd.c and the HD44780U's datasheet say: a memory of 40 characters for each line,
/// of which the display shows the first.
struct LCDReader: PrinterReader {
    let page = StruckPage()
    private(set) var faults: [String] = []
    var answers: [UInt8] = []

    let columns: Int
    private(set) var memory: [[UInt8]]
    private(set) var (x, y) = (0, 0)
    private(set) var flashes = 0
    private(set) var isCursorOn = false
    private var escape: [UInt8]?

    private static let memoryWidth = 40

    init(columns: Int, lines: Int) {
        self.columns = columns
        // What was there before: the driver's message at the start.
        memory = [[UInt8]](repeating: [UInt8](repeating: UInt8(ascii: "#"), count: Self.memoryWidth), count: lines)
    }

    /// What is seen, by the codes' characters.
    func lines(_ characters: (UInt8) -> Character) -> [String] {
        memory.map { line in String(line[..<columns].map(characters)) }
    }

    mutating func read(_ byte: UInt8) {
        if byte != 0x0A, var sequence = escape {
            sequence.append(byte)
            escape = obey(String(decoding: sequence, as: UTF8.self)) ? nil : sequence
            if sequence.count > 23 { faults.append("a sequence without an end: \(sequence)") }
            return
        }
        escape = nil
        switch byte {
        case 0x1B: escape = []
        case 0x0A:
            for column in x..<max(x, Self.memoryWidth) { memory[y][column] = UInt8(ascii: " ") }
            (x, y) = (0, (y + 1) % memory.count)
        case 0x08, 0x0C, 0x0D, 0x09: faults.append("a control: \(byte)")
        default:
            if x < columns { memory[y][x] = byte } else { faults.append("written beside the display") }
            x += 1
        }
    }

    private mutating func obey(_ sequence: String) -> Bool {
        switch sequence {
        case "[2J":
            memory = memory.map { _ in [UInt8](repeating: UInt8(ascii: " "), count: Self.memoryWidth) }
            (x, y) = (0, 0)
        case "[LD", "[Lb", "[L+": break
        case "[LC": isCursorOn = true
        case "[L*": flashes += 1
        case _ where sequence.hasPrefix("[Lx") && sequence.hasSuffix(";"):
            let numbers = sequence.dropFirst(3).dropLast().split(separator: "y").map { Int($0) ?? -1 }
            guard numbers.count == 2, 0..<columns ~= numbers[0], memory.indices ~= numbers[1] else {
                faults.append(sequence)
                return true
            }
            (x, y) = (numbers[0], numbers[1])
        default: return false
        }
        return true
    }
}

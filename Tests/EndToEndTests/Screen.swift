/// What a person sees on a terminal that got these bytes: the few sequences that Platen sends, by ECMA-48.
struct Screen {
    let columns: Int
    private(set) var lines: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    /// The last column is written, and the next character goes to the next line.
    private var wrapsNext = false
    private(set) var bells = 0
    private(set) var unknownSequences: [String] = []
    private var pending: [UInt8] = []

    init(columns: Int) { self.columns = columns }

    /// The screen's lines without the spaces at their ends.
    var text: String {
        var texts = lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return String(line)
        }
        while texts.last == "" { texts.removeLast() }
        return texts.joined(separator: "\n")
    }

    /// The cursor stands where an answer leaves it: at a line's beginning, with an empty line above.
    var isBetweenTurns: Bool {
        column == 0 && row >= 2 && lines[row].isEmpty && lines[row - 1].isEmpty && !lines[row - 2].isEmpty
    }

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        let text: String
        if let whole = String(validating: pending, as: UTF8.self) {
            text = whole
            pending = []
        } else {
            // The last character has not arrived as a whole yet.
            let end = pending.lastIndex { $0 & 0xC0 != 0x80 } ?? 0
            text = String(decoding: pending[..<end], as: UTF8.self)
            pending.removeFirst(end)
        }
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\u{1B}":
                guard let length = sequenceLength(scalars) else {
                    pending = Array(String(scalar).utf8) + scalars.flatMap { Array(String($0).utf8) } + pending
                    return
                }
                obey(String(String.UnicodeScalarView(scalars.prefix(length))))
                scalars = scalars.dropFirst(length)
            case "\r": (column, wrapsNext) = (0, false)
            case "\n": move(to: row + 1)
            case "\u{08}": (column, wrapsNext) = (max(0, column - 1), false)
            case "\u{07}": bells += 1
            default: put(Character(scalar))
            }
        }
    }

    private func sequenceLength(_ scalars: ArraySlice<Unicode.Scalar>) -> Int? {
        guard let first = scalars.first else { return nil }
        guard first == "[" else { return 1 }
        guard let end = scalars.dropFirst().firstIndex(where: { (0x40...0x7E).contains($0.value) }) else { return nil }
        return end - scalars.startIndex + 1
    }

    private mutating func obey(_ sequence: String) {
        let parameters = sequence.dropFirst().dropLast()
        let number = Int(parameters) ?? 1
        switch (sequence.last, parameters.first == "?") {
        case ("G", false): (column, wrapsNext) = (number - 1, false)
        case ("K", false): lines[row] = Array(lines[row].prefix(column))
        case ("A", false): (row, wrapsNext) = (max(0, row - number), false)
        case ("m", false), ("h", true), ("l", true): break
        default: unknownSequences.append(sequence)
        }
    }

    private mutating func move(to newRow: Int) {
        row = newRow
        wrapsNext = false
        while lines.count <= row { lines.append([]) }
    }

    private mutating func put(_ character: Character) {
        if wrapsNext {
            move(to: row + 1)
            column = 0
        }
        while lines[row].count < column { lines[row].append(" ") }
        if column < lines[row].count { lines[row][column] = character } else { lines[row].append(character) }
        if column + 1 < columns { column += 1 } else { wrapsNext = true }
    }
}

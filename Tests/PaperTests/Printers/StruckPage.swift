import Paper
import Testing

/// What an eye sees on a printed page: which glyphs stand at each place, and how.
struct StruckPage: Equatable, CustomStringConvertible {
    struct Place: Hashable {
        var glyphs: [Character: Int] = [:]
        var isBold = false
        var isUnderlined = false
    }

    /// Line and column; blanks leave nothing.
    private(set) var places: [[Int]: Place] = [:]
    var cuts: [Int] = []

    mutating func strike(_ glyph: Character, line: Int, column: Int, bold: Bool = false, underline: Bool = false) {
        guard glyph != " " || underline else { return }
        var place = places[[line, column], default: Place()]
        if glyph != " " { place.glyphs[glyph, default: 0] += 1 }
        place.isBold = place.isBold || bold
        place.isUnderlined = place.isUnderlined || underline
        places[[line, column]] = place
    }

    /// The same page, but for how often a glyph was struck.
    var outlines: [[Int]: Set<Character>] {
        places.mapValues { Set($0.glyphs.keys) }.filter { !$0.value.isEmpty }
    }

    /// The lines, of each place one glyph that is no underline.
    var plainLines: [String] {
        let last = outlines.keys.map { $0[0] }.max() ?? 0
        return (0...last).map { line in
            let columns = outlines.filter { $0.key[0] == line }
            return String((0...(columns.keys.map { $0[1] }.max() ?? 0)).map { columns[[line, $0]]?.subtracting(["_"]).min() ?? " " })
        }
    }

    /// The lines, with what stands on one place in brackets.
    var description: String {
        var lines: [Int: [(Int, Place)]] = [:]
        for (key, place) in places { lines[key[0], default: []].append((key[1], place)) }
        return (0...(lines.keys.max() ?? 0)).map { line in
            var (text, column) = ("", 0)
            for (at, place) in (lines[line] ?? []).sorted(by: { $0.0 < $1.0 }) {
                text += String(repeating: " ", count: max(0, at - column))
                let glyphs = place.glyphs.flatMap { [Character](repeating: $0.key, count: $0.value) }.sorted()
                let cell = glyphs.count == 1 ? String(glyphs) : "[\(String(glyphs))]"
                text += (place.isBold ? "*" : "") + (place.isUnderlined ? "_" : "") + cell
                column = at + 1
            }
            return text
        }.joined(separator: "\n")
    }
}

extension StruckPage {
    /// What strikes should look like.
    /// - Parameters:
    ///   - glyphs: What stands on the place of a character that is not typed as itself.
    ///   - strikesStyles: The device has no styles, and strikes them.
    init(_ strikes: [Strike], glyphs: [Character: String] = [:], strikesStyles: Bool = false, hasStyles: Bool = true) {
        self.init()
        var (line, column) = (0, 0)
        for strike in strikes {
            switch strike {
            case .text(let text, let style):
                let style = hasStyles ? style : []
                for character in text {
                    let typed = glyphs[character] ?? String(character)
                    let isBold = style.contains(.bold)
                    for glyph in typed {
                        self.strike(glyph, line: line, column: column, bold: isBold && !strikesStyles, underline: style.contains(.underline) && !strikesStyles)
                        if isBold, strikesStyles, typed != " " { self.strike(glyph, line: line, column: column) }
                    }
                    if style.contains(.underline), strikesStyles { self.strike("_", line: line, column: column) }
                    column += 1
                }
            case .newLine: (line, column) = (line + 1, 0)
            case .back(let columns): column -= columns
            case .tearOff: cuts.append(line)
            case .bell: break
            case .erase, .lineUp: Issue.record("a printer cannot do this: \(strike)")
            }
        }
    }
}

/// Reads a printer's bytes as its manual says, and types the page.
protocol PrinterReader {
    var page: StruckPage { get }
    /// What no manual knows, or what would be typed while the carriage flies.
    var faults: [String] { get }
    mutating func read(_ byte: UInt8)
    /// What the printer sends back.
    var answers: [UInt8] { get set }
}

extension PrinterReader {
    mutating func read(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { read(byte) }
    }
}

import Paper

/// A sheet that strikes are typed on: letters at places, as a person would see them.
struct Sheet {
    struct Mark: Equatable {
        var character: String
        var style: Style
    }

    private(set) var lines: [[Mark?]] = [[]]
    private(set) var line = 0
    private(set) var column = 0
    private(set) var bells = 0
    /// The widest that the carriage went.
    private(set) var widest = 0

    mutating func apply(_ strikes: [Strike]) {
        for strike in strikes {
            switch strike {
            case .text(let text, let style): for scalar in text.unicodeScalars { type(scalar, style) }
            case .newLine:
                line += 1
                column = 0
                if line == lines.count { lines.append([]) }
            case .bell: bells += 1
            case .tearOff: break
            case .back(let columns): column -= columns
            case .erase(let columns, let target):
                precondition(column - columns == target, "\(strike) at column \(column)")
                lines[line].removeSubrange(min(target, lines[line].count)...)
                column = target
            case .lineUp(let target):
                line -= 1
                column = target
            }
        }
    }

    /// Moves the carriage, and types nothing.
    mutating func move(_ columns: Int) {
        column = max(0, column + columns)
        while lines[line].count < column { lines[line].append(Mark(character: " ", style: [])) }
    }

    /// Puts this in the place of what stands at the carriage, and goes on.
    mutating func replace(_ text: String) {
        lines[line][column] = Mark(character: text, style: [])
        column += 1
    }

    private mutating func type(_ scalar: Unicode.Scalar, _ style: Style) {
        let width = scalar.columnWidth
        if width == 0 {
            guard let place = lines[line].prefix(column).lastIndex(where: { $0 != nil }), let mark = lines[line][place]
            else { return }
            lines[line][place]?.character = mark.character + String(scalar)
            return
        }
        while lines[line].count < column + width { lines[line].append(Mark(character: " ", style: [])) }
        lines[line][column] = Mark(character: String(scalar), style: style)
        if width == 2 { lines[line][column + 1] = nil }
        column += width
        widest = max(widest, column)
    }

    /// What is on the paper, without blanks at the ends of lines.
    var text: String { render { $0.character } }

    /// With styles: bold as `{b:...}`, underlined as `{u:...}`, both as `{bu:...}`.
    var styledText: String {
        lines.map { line in
            var (out, style) = ("", Style())
            func close(_ style: Style) -> String { style.isEmpty ? "" : "}" }
            func open(_ style: Style) -> String {
                style.isEmpty ? "" : "{" + (style.contains(.bold) ? "b" : "") + (style.contains(.underline) ? "u" : "") + ":"
            }
            for case let mark? in line {
                if mark.style != style {
                    out += close(style) + open(mark.style)
                    style = mark.style
                }
                out += mark.character
            }
            return Self.withoutTrailingBlanks(out + close(style))
        }.joined(separator: "\n")
    }

    private func render(_ string: (Mark) -> String) -> String {
        lines.map { Self.withoutTrailingBlanks($0.compactMap { $0.map(string) }.joined()) }.joined(separator: "\n")
    }

    private static func withoutTrailingBlanks(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Strikes with neighbouring text of one style joined: how they were cut does not matter.
func joined(_ strikes: [Strike]) -> [Strike] {
    var result: [Strike] = []
    for strike in strikes {
        if case .text(let text, let style) = strike, case .text(let before, style)? = result.last {
            result[result.count - 1] = .text(before + text, style)
        } else {
            result.append(strike)
        }
    }
    return result
}

/// Everything that is typed, line by line, the marks on nothing included.
func typedText(_ strikes: [Strike]) -> String {
    strikes.map { if case .text(let text, _) = $0 { text } else if $0 == .newLine { "\n" } else { "" } }.joined()
}

func withoutEmptyEnd(_ text: String) -> String {
    String(text.reversed().drop { $0 == "\n" }.reversed())
}

/// The echo of what a person types.
extension Page {
    /// A scalar that was typed, so that it can be taken back: where the carriage stood before it and after it.
    struct TypedScalar: Sendable {
        let before: Place
        let after: Place

        struct Place: Sendable {
            let line: Int
            let column: Int
        }

        /// Where it begins on the line that it ended on.
        var firstColumn: Int { before.line == after.line ? before.column : 0 }
    }

    private var place: TypedScalar.Place { TypedScalar.Place(line: filler.line, column: filler.column) }

    /// Echoes what a person types: letters appear at once, a space in the hot zone returns the carriage,
    /// and at the margin the line breaks.
    public mutating func type(_ text: String) -> [Strike] {
        if typed.isEmpty { endText() }
        for scalar in text.unicodeScalars {
            guard let scalar = typedFilter.filter(scalar) else { continue }
            let before = place
            type(scalar)
            typed.append(TypedScalar(before: before, after: place))
        }
        return filler.take()
    }

    private mutating func type(_ scalar: Unicode.Scalar) {
        let room = width - column
        switch scalar {
        case "\n": filler.newLine()
        case " ", "\u{3000}", "\t":
            let columns = scalar == "\t" ? settings.tabWidth - column % settings.tabWidth : scalar.columnWidth
            if room > settings.hotZone && columns < room {
                filler.echo(String(repeating: " ", count: columns), columns: columns)
            } else if column > 0 {
                filler.newLine()
            }
        default:
            let text = renderer.text(for: scalar)
            guard !text.isEmpty else { break }
            let columns = text.columnWidth
            if columns > room { filler.newLine() }
            filler.echo(scalar == "\u{A0}" ? " " : text, columns: columns)
        }
    }

    /// Takes back text that was typed last, across broken lines where the device can; strikes it over where it cannot.
    public mutating func erase(_ text: String) -> [Strike] {
        var filter = TextFilter()
        let count = text.unicodeScalars.count { filter.filter($0) != nil }
        let erased = typed.suffix(count)
        typed.removeLast(erased.count)
        device.canErase ? takeBack(erased.reversed()) : strikeOver(erased)
        return filler.take()
    }

    private mutating func takeBack(_ erased: some Sequence<TypedScalar>) {
        var target = column
        for scalar in erased {
            if scalar.before.line == scalar.after.line {
                target = scalar.before.column
            } else {
                filler.erase(to: 0)
                target = scalar.before.column
                filler.goUp(to: target)
            }
        }
        filler.erase(to: target)
    }

    /// What stands on this line gets a mark; what is on the lines before is out of reach, and the bell says so.
    private mutating func strikeOver(_ erased: ArraySlice<TypedScalar>) {
        let reachable = erased.filter { $0.after.line == filler.line }
        if let first = reachable.first { filler.strikeOver(from: first.firstColumn) }
        if reachable.count < erased.count { filler.bell() }
    }
}

/// The bytes that move a display's cursor and show characters.
///
/// LCD: the escape codes of Linux, drivers/auxdisplay/charlcd.c: ESC [ L x N y N ; goes to a place, ESC [ 2 J clears, ESC [ L D, C, b and + switch
/// the display and its cursor on, the blinking off and the light on, ESC [ L * flashes the light. A line feed ends a code that was cut off.
/// Console: ECMA-48 (CUP, ED, SGR), CAN to end a sequence, and DECAWM off, as in console_codes(4).
struct DisplayLanguage: Sendable {
    let kind: DisplayProfile.Kind
    let codes: [Character: UInt8]

    init(_ profile: DisplayProfile) {
        kind = profile.kind
        codes = profile.codes
    }

    /// Clears the display, whatever state it is in.
    var start: [UInt8] {
        switch kind {
        case .lcd: Array("\n\u{1B}[LD\u{1B}[LC\u{1B}[Lb\u{1B}[L+\u{1B}[2J".utf8)
        case .console: Array("\u{18}\u{1B}[0m\u{1B}[?7l\u{1B}[2J".utf8)
        }
    }

    var bell: [UInt8] {
        switch kind {
        case .lcd: Array("\u{1B}[L*".utf8)
        case .console: [0x07]
        }
    }

    /// Column and row from 0.
    func move(toColumn column: Int, row: Int) -> [UInt8] {
        switch kind {
        case .lcd: Array("\u{1B}[Lx\(column)y\(row);".utf8)
        case .console: Array("\u{1B}[\(row + 1);\(column + 1)H".utf8)
        }
    }

    func show(_ cells: some Sequence<DisplayScreen.Cell>) -> [UInt8] {
        var (bytes, style) = ([UInt8](), Style())
        for cell in cells {
            if kind == .lcd {
                for character in cell.text { bytes.append(codes[character] ?? UInt8(ascii: " ")) }
                continue
            }
            if cell.style != style {
                bytes += select(cell.style)
                style = cell.style
            }
            bytes += cell.text.utf8
        }
        return bytes + (style.isEmpty ? [] : select([]))
    }

    private func select(_ style: Style) -> [UInt8] {
        Array(("\u{1B}[0" + (style.contains(.bold) ? ";1" : "") + (style.contains(.underline) ? ";4" : "") + "m").utf8)
    }

    /// What makes the display show `rows`.
    /// - Parameter shown: What it shows; nil when that is not known.
    func change(from shown: [[DisplayScreen.Cell]]?, to rows: [[DisplayScreen.Cell]]) -> [UInt8] {
        var bytes = shown == nil ? start : []
        for (row, cells) in rows.enumerated() {
            let before = shown?[row] ?? [DisplayScreen.Cell](repeating: .blank, count: cells.count)
            let different = cells.indices.filter { cells[$0] != before[$0] }
            guard var first = different.first, var last = different.last else { continue }
            // A wide character, or what is left of one, is shown as a whole.
            while first > 0, cells[first].text.isEmpty || before[first].text.isEmpty { first -= 1 }
            while last + 1 < cells.count, cells[last + 1].text.isEmpty || before[last + 1].text.isEmpty { last += 1 }
            bytes += move(toColumn: first, row: row) + show(cells[first...last])
        }
        return bytes
    }
}

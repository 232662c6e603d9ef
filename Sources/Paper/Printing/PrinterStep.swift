/// The least that a printer does or does not: where it is interrupted, it goes on with the next step.
enum PrinterStep: Sendable, Equatable {
    /// Types glyphs on one place, and moves right.
    case cell([Character], Style)
    /// Types a glyph on the place before.
    case over(Character)
    /// Prints a drawn line, in the place of its cells.
    case image(LineImage)
    case newLine
    case bell
    case back(Int)
    case tearOff
}

extension PrinterStep {
    /// What a strike is for a device of this repertoire.
    static func steps(of strike: Strike, _ repertoire: Repertoire) -> [PrinterStep] {
        switch strike {
        case .text(let text, let style):
            text.flatMap { character -> [PrinterStep] in
                if let mark = character.unicodeScalars.first, mark.columnWidth == 0 {
                    // Typed after its letter, in a strike of its own.
                    if repertoire.draws { return [.cell([character], style)] }
                    let parts = repertoire.rendering(of: Character("o\(character)"))
                    return parts.kind == .composed ? parts.cells.joined().dropFirst().map { .over($0) } : []
                }
                return repertoire.rendering(of: character).cells.map { .cell($0, style) }
            }
        case .newLine: [.newLine]
        case .bell: [.bell]
        case .back(let columns): columns > 0 ? [.back(columns)] : []
        case .tearOff: [.tearOff]
        // Nothing that a printer could do: `PaperCapabilities.canErase` says so.
        case .erase, .lineUp: []
        }
    }
}

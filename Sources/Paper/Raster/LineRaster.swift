/// Draws a whole line as dots, in the cells that the printer's own characters have.
///
/// Every character stands in its cells, so that a drawn line is in step with the typed ones around it. A line with letters that join, or
/// that are read from right to left, is set as one text instead, and narrowed where it is wider than the paper.
struct LineRaster: Sendable {
    struct Cell: Sendable {
        let text: Character
        let style: Style
        var width: Int { String(text).columnWidth }
    }

    /// Dots that a column is wide.
    let columnDots: Int
    /// Of the paper.
    let columns: Int

    /// Dots that a line is high: what ESC * takes at once.
    static let height = 24
    /// Faces of fixed pitch that have most scripts, or whose neighbours do.
    static let families = "DejaVu Sans Mono, Noto Sans Mono, Liberation Mono, Monospace"
    /// Of the baseline, from the top; and the em square, so that what hangs below it has room.
    private static let (baseline, mostSize) = (18.0, 20.0)
    private static let ink = Canvas.Colour(rgb: 0)

    func draw(_ cells: [Cell]) throws(PaperError) -> Canvas {
        let used = cells.reduce(0) { $0 + $1.width }
        let canvas = try Canvas(width: max(1, min(max(used, columns), PageSettings.mostColumns) * columnDots), height: Self.height)
        let font = CellFont(families: Self.families, cellWidth: Double(columnDots), mostSize: Self.mostSize, on: canvas)
        if let line = ShapedLine(cells) {
            line.draw(font.font, x: 0, room: Double(canvas.width), baseline: Self.baseline, Self.ink, on: canvas)
        } else {
            place(cells, font, canvas)
        }
        return canvas
    }

    private func place(_ cells: [Cell], _ font: CellFont, _ canvas: borrowing Canvas) {
        var column = 0
        for cell in cells {
            let x = Double(column * columnDots)
            if cell.text != " " {
                for shift in cell.style.contains(.bold) ? [0.0, 1.0] : [0.0] {
                    font.draw(cell.text, cells: cell.width, x: x + shift, baseline: Self.baseline, Self.ink, on: canvas)
                }
            }
            if cell.style.contains(.underline) {
                canvas.fill(x: x, y: Self.baseline + 3, width: Double(cell.width * columnDots), height: 1, Self.ink)
            }
            column += cell.width
        }
    }
}

/// Keeps the steps of a line until it is complete, and makes an image of it when it has a character that the printer can only draw.
///
/// For printers that type nothing before a line is complete: on paper it makes no difference.
struct DrawnLines: Sendable {
    private let raster: LineRaster
    private let glyphs: Set<Character>
    private var line: [PrinterStep] = []

    init(_ raster: LineRaster, _ repertoire: Repertoire) {
        self.raster = raster
        glyphs = repertoire.glyphs
    }

    /// With no line in the making.
    var empty: DrawnLines {
        var lines = self
        lines.line = []
        return lines
    }

    /// The steps that can be sent now.
    mutating func take(_ steps: [PrinterStep]) throws(PaperError) -> [PrinterStep] {
        var complete: [PrinterStep] = []
        for step in steps {
            switch step {
            case .newLine, .tearOff:
                complete += try image() ?? line
                complete.append(step)
                line = []
            case .bell: complete.append(step)
            case .cell, .over, .back, .image: line.append(step)
            }
        }
        return complete
    }

    /// Nil for a line that the printer can type.
    private func image() throws(PaperError) -> [PrinterStep]? {
        var (cells, isDrawn) = ([LineRaster.Cell](), false)
        for case .cell(let glyphs, let style) in line {
            guard let glyph = glyphs.first else { continue }
            if !self.glyphs.contains(glyph) { isDrawn = true }
            // A mark that came alone stands on the letter before it.
            if String(glyph).columnWidth == 0, let last = cells.popLast() {
                let both = String(last.text) + String(glyph)
                cells += both.map { LineRaster.Cell(text: $0, style: last.style) }
            } else {
                cells.append(LineRaster.Cell(text: glyph, style: style))
            }
        }
        guard isDrawn else { return nil }
        return [.image(LineImage(try raster.draw(cells)))]
    }
}

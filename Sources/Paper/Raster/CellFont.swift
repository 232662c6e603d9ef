/// A face fitted to cells of one width, as a typewriter's is to its pitch.
struct CellFont {
    /// Pixels.
    let cellWidth: Double
    let font: Canvas.Font

    /// Pixels are enough here for a size to be measured to a thousandth.
    private static let trialSize = 100.0

    /// Sizes the face so that its digits are as wide as a cell.
    /// - Parameter mostSize: Of the em square, where the line is low.
    init(families: String, cellWidth: Double, mostSize: Double = .infinity, on canvas: borrowing Canvas) {
        let trial = canvas.measure("0", Canvas.Font(families: families, size: Self.trialSize)).width
        self.cellWidth = cellWidth
        font = Canvas.Font(families: families, size: min(mostSize, Self.trialSize * cellWidth / max(trial, 1)))
    }

    /// Draws a character in the middle of its cells, narrowed where it is wider than they are.
    /// - Parameter x: The left edge of its first cell.
    func draw(_ character: Character, cells: Int, x: Double, baseline: Double, _ colour: Canvas.Colour, on canvas: borrowing Canvas) {
        let text = String(character)
        let (room, width) = (cellWidth * Double(max(1, cells)), canvas.measure(text, font).width)
        // What is a little wider than its cell in a face of fixed pitch is so by rounding.
        let stretch = width > room * 1.05 ? room / width : 1
        canvas.draw(text, font, x: x + (room - width * stretch) / 2, baseline: baseline, stretch: stretch, colour)
    }
}

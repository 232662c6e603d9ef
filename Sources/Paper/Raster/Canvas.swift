import CRaster
import Glibc

/// Pixels that text is drawn on. One thread at a time uses it.
struct Canvas: ~Copyable {
    /// What there is to draw with: nil when all is there, else a line that says what to install.
    static var obstacle: String? { pl_raster_load().map { String(cString: $0) } }

    /// Opaque, 0xRRGGBB, and how much of what is below it covers, 0 to 1.
    struct Colour {
        var rgb: UInt32
        var cover = 1.0

        fileprivate var argb: UInt32 { rgb & 0xFFFFFF | UInt32(max(0, min(255, cover * 255))) << 24 }
    }

    /// A face in the order of preference, and the pixels of its em square.
    struct Font {
        var families: String
        var size: Double
        /// The text has Pango's marks for styles in it.
        var isMarkup = false
    }

    /// Whether some font here has all of this.
    static func canDraw(_ character: Character) -> Bool {
        guard obstacle == nil, let canvas = try? Canvas(width: 1, height: 1) else { return false }
        return canvas.measure(String(character), Font(families: LineRaster.families, size: 20)).unknown == 0
    }

    private let handle: OpaquePointer
    let width: Int
    let height: Int

    /// White, in pixels.
    init(width: Int, height: Int) throws(PaperError) {
        if let obstacle = Self.obstacle { throw PaperError(obstacle) }
        guard let width = Int32(exactly: width), let height = Int32(exactly: height), let handle = pl_canvas_create(width, height) else {
            throw PaperError("a picture of \(width) by \(height) pixels is too large")
        }
        self.handle = handle
        (self.width, self.height) = (Int(width), Int(height))
    }

    deinit { pl_canvas_destroy(handle) }

    func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
        pl_canvas_fill(handle, x, y, width, height, colour.argb)
    }

    /// Pixels that a line of text takes, and how many of its characters no font has.
    func measure(_ text: String, _ font: Font) -> (width: Double, unknown: Int) {
        let size = Self.with(text, font) { pl_canvas_measure(handle, &$0, $1, $2) }
        return (size.width, Int(size.unknown))
    }

    /// - Parameters:
    ///   - x: The line's left end.
    ///   - baseline: From the upper edge.
    ///   - stretch: Of its width.
    func draw(_ text: String, _ font: Font, x: Double, baseline: Double, stretch: Double = 1, _ colour: Colour) {
        Self.with(text, font) { pl_canvas_text(handle, &$0, $1, $2, x, baseline, stretch, colour.argb) }
    }

    /// From 0, white, to 255, black.
    func darkness(x: Int, y: Int) -> UInt8 { pl_canvas_darkness(handle, Int32(clamping: x), Int32(clamping: y)) }

    /// Writes a PNG file.
    func write(to path: String) throws(PaperError) {
        let error = pl_canvas_write(handle, path)
        if error != 0 { throw PaperError("\(path): cannot be written: \(String(cString: strerror(error)))") }
    }

    private static func with<Result>(_ text: String, _ font: Font, _ body: (inout pl_font, UnsafePointer<CChar>, Int) -> Result) -> Result {
        font.families.withCString { families in
            text.withCString { pointer in
                var font = pl_font(families: families, size: font.size, is_markup: font.isMarkup)
                return body(&font, pointer, text.utf8.count)
            }
        }
    }
}

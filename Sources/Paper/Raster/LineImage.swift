/// A drawn line as a printer takes it: from left to right, for each column of dots its 24 dots from the top in three bytes, the highest bit
/// first (ESC * of Epson's TM-T88II/T88III Technical Reference Guide, m = 33).
struct LineImage: Sendable, Equatable {
    private(set) var bytes: [UInt8] = []
    static let bytesOfColumn = LineRaster.height / 8

    /// A dot is as dark as this, of 255.
    private static let threshold: UInt8 = 112

    init(_ canvas: borrowing Canvas) {
        bytes.reserveCapacity(canvas.width * Self.bytesOfColumn)
        for x in 0..<canvas.width {
            for top in stride(from: 0, to: LineRaster.height, by: 8) {
                var byte: UInt8 = 0
                for y in top..<top + 8 { byte = byte << 1 | (canvas.darkness(x: x, y: y) >= Self.threshold ? 1 : 0) }
                bytes.append(byte)
            }
        }
        // What is white at the end takes time on a line of 9600 baud.
        while bytes.count > Self.bytesOfColumn, bytes.suffix(Self.bytesOfColumn).allSatisfy({ $0 == 0 }) { bytes.removeLast(Self.bytesOfColumn) }
    }

    /// Columns of dots.
    var width: Int { bytes.count / Self.bytesOfColumn }
}

/// A text as its characters, each with its class and the bytes that it takes.
struct ClassifiedText {
    /// Bits 0 to 20 are the scalar, 21 to 27 its class, 28 to 30 its length in UTF-8.
    private var packed: [UInt32] = []

    /// - Parameter text: UTF-8. Bytes that are not are taken for U+FFFD, each by itself.
    init(_ text: ArraySlice<UInt8>) {
        packed.reserveCapacity(text.count)
        var rest = text
        while let lead = rest.first {
            var length = utf8Length(lead: lead)
            var scalar: UInt32 = lead < 0x80 ? UInt32(lead) : 0xFFFD
            if length > 1 {
                let tail = rest.dropFirst().prefix(length - 1)
                if tail.count == length - 1, tail.allSatisfy({ $0 & 0xC0 == 0x80 }) {
                    scalar = tail.reduce(UInt32(lead) & (0x7F >> UInt32(length))) { $0 << 6 | UInt32($1 & 0x3F) }
                } else {
                    length = 1
                }
            }
            packed.append(
                scalar & 0x1F_FFFF | UInt32(ScalarClass(of: scalar).rawValue) << 21 | UInt32(length) << 28)
            rest.removeFirst(length)
        }
    }

    var count: Int { packed.count }

    func scalar(_ index: Int) -> UInt32 { packed[index] & 0x1F_FFFF }

    func kind(_ index: Int) -> ScalarClass {
        ScalarClass(rawValue: UInt8(truncatingIfNeeded: packed[index] >> 21 & 0x7F))
    }

    func byteCount(_ index: Int) -> Int { Int(packed[index] >> 28) }
}

/// A part of a text that is looked at as if there were nothing behind it. Nothing looks before its start.
struct Piece {
    let text: ClassifiedText
    let end: Int

    /// The character's class; the empty set, which nothing matches, outside the piece.
    @inline(__always)
    func kind(_ index: Int) -> ScalarClass {
        index < end ? text.kind(index) : []
    }

    /// The character; outside the piece one that Unicode does not have.
    @inline(__always)
    func scalar(_ index: Int) -> UInt32 {
        index < end ? text.scalar(index) : .max
    }

    func isNewline(_ index: Int) -> Bool {
        scalar(index) == 0x0A || scalar(index) == 0x0D
    }

    /// The first place from `index` whose character is not of these classes.
    func skip(_ index: Int, _ classes: ScalarClass) -> Int {
        var index = index
        while !kind(index).isDisjoint(with: classes) { index += 1 }
        return index
    }
}

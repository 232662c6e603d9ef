/// What pre-tokenizers ask of a character: the general categories by their first letter, and white space.
///
/// A set, so that one mask tests for several; a character is in exactly one of them.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// Everything else: control and format characters, and what Unicode has not assigned.
    static let other = ScalarClass(rawValue: 1 << 0)
    /// The property White_Space, whatever the general category.
    static let whitespace = ScalarClass(rawValue: 1 << 1)
    static let letter = ScalarClass(rawValue: 1 << 2)
    static let number = ScalarClass(rawValue: 1 << 3)
    static let mark = ScalarClass(rawValue: 1 << 4)
    static let punctuation = ScalarClass(rawValue: 1 << 5)
    static let symbol = ScalarClass(rawValue: 1 << 6)

    /// Looked up by bisection; ASCII, the most of most texts, in a table of its own.
    init(of scalar: UInt32) {
        if scalar < 0x80 {
            self = Self.ascii[Int(scalar)]
            return
        }
        var low = 0
        var high = Self.ranges.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Self.ranges[middle] >> 3 <= scalar { low = middle } else { high = middle }
        }
        self = ScalarClass(rawValue: 1 << UInt8(truncatingIfNeeded: Self.ranges[low] & 7))
    }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    private static let ascii: [ScalarClass] = (0..<0x80 as Range<UInt32>).map { scalar in
        let range = ranges.last { $0 >> 3 <= scalar } ?? 0
        return ScalarClass(rawValue: 1 << UInt8(truncatingIfNeeded: range & 7))
    }
}

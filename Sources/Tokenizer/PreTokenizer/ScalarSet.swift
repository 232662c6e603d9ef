/// A set of characters: some classes and some ranges.
struct ScalarSet: Sendable {
    var classes: ScalarClass = []
    /// In rising order.
    var ranges: [ClosedRange<UInt32>] = []

    static let numbers = ScalarSet(classes: .number)
    static let letters = ScalarSet(classes: .letter)
    static let newlines = ScalarSet(ranges: [0x0A...0x0A, 0x0D...0x0D])
    static let digits = ScalarSet(ranges: [0x30...0x39])

    init(classes: ScalarClass = [], ranges: [ClosedRange<UInt32>] = []) {
        self.classes = classes
        self.ranges = ranges
    }

    /// Classes and some single characters.
    init(_ classes: ScalarClass, _ characters: String) {
        let scalars = characters.unicodeScalars.map(\.value).sorted()
        self.init(classes: classes, ranges: scalars.map { $0...$0 })
    }

    func contains(_ scalar: UInt32, _ kind: ScalarClass) -> Bool {
        if !kind.isDisjoint(with: classes) { return true }
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar {
                low = middle + 1
            } else if ranges[middle].lowerBound > scalar {
                high = middle
            } else {
                return true
            }
        }
        return false
    }
}

import ArgumentParser

/// The value of an option that takes several numbers: `128,512`. Ascending, each once.
struct CountList: ExpressibleByArgument, CustomStringConvertible {
    let counts: [Int]

    init(_ counts: [Int]) {
        self.counts = Set(counts).sorted()
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let counts = parts.compactMap { Int($0) }
        guard counts.count == parts.count else { return nil }
        self.init(counts)
    }

    /// A number that is out of `range`, if there is one.
    func first(outside range: ClosedRange<Int>) -> Int? {
        counts.first { !range.contains($0) }
    }

    var description: String { counts.map(String.init).joined(separator: ",") }
    var defaultValueDescription: String { description }
}

/// What is connected with what at one moment, among lines of which nothing is known: each was driven in turn, all others read.
public struct WiringLook: Sendable, Hashable {
    /// The lines that are low while nothing is driven: bit i is line i.
    public var undriven: UInt64
    /// [line]: the lines that are low while this one is driven low, itself left out.
    public var whileDriven: [UInt64]

    public init(undriven: UInt64 = 0, whileDriven: [UInt64]) {
        (self.undriven, self.whileDriven) = (undriven, whileDriven)
    }

    /// What a key does to lines.
    public enum Contact: Sendable, Hashable {
        /// Joins two lines, the lower one first.
        case pair(Int, Int)
        /// Joins two lines through a diode, which conducts only while the first one is low.
        case diode(driven: Int, read: Int)
        /// Joins a line with ground.
        case direct(Int)
    }

    /// The contacts that are closed now and were not in `before`.
    public func contacts(since before: WiringLook) -> [Contact] {
        var contacts: [Contact] = []
        let grounded = undriven & ~before.undriven
        for line in whileDriven.indices where grounded >> UInt64(line) & 1 == 1 { contacts.append(.direct(line)) }
        for line in whileDriven.indices {
            // What is low by itself is low whatever is driven.
            let joined = whileDriven[line] & ~before.whileDriven[line] & ~undriven
            for other in whileDriven.indices where joined >> UInt64(other) & 1 == 1 {
                let isMutual = whileDriven[other] >> UInt64(line) & 1 == 1
                if !isMutual { contacts.append(.diode(driven: line, read: other)) } else if line < other { contacts.append(.pair(line, other)) }
            }
        }
        return contacts
    }
}

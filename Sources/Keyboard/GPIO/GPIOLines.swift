import CHardware

/// Lines of any chips, as one value: bit i is the i-th line; 1 is active.
final class GPIOLines {
    /// - bits: Which bit of the whole each bit of the group is.
    private let groups: [(group: GPIOGroup, bits: [UInt64])]

    /// - Parameter isOutput: Outputs drive their active level only, and begin inactive.
    init(_ lines: [GPIOLine], isOutput: Bool) throws(KeyboardError) {
        struct Kind: Hashable {
            let path: String
            let isActiveLow: Bool
            let pull: GPIOLine.Pull
        }
        var members: [Kind: [(offset: UInt32, bit: UInt64)]] = [:]
        var order: [Kind] = []
        var taken: Set<GPIOLine.Place> = []
        for (bit, line) in lines.enumerated() {
            let place = try line.place()
            guard taken.insert(place).inserted else { throw KeyboardError("\(place.description) is named twice") }
            let kind = Kind(path: place.path, isActiveLow: line.isActiveLow, pull: line.pull)
            if members[kind] == nil { order.append(kind) }
            members[kind, default: []].append((place.offset, UInt64(bit)))
        }
        var groups: [(GPIOGroup, [UInt64])] = []
        for kind in order {
            guard let lines = members[kind] else { continue }
            let settings = pl_gpio_settings(
                is_output: isOutput, active_low: kind.isActiveLow, is_open: isOutput, has_edges: false, pull: kind.pull.value)
            groups.append((try GPIOGroup(path: kind.path, lines.map(\.offset), settings), lines.map(\.bit)))
        }
        self.groups = groups
    }

    func set(_ values: UInt64) throws(KeyboardError) {
        for (group, bits) in groups {
            var value: UInt64 = 0
            for (index, bit) in bits.enumerated() { value |= (values >> bit & 1) << UInt64(index) }
            try group.set(value)
        }
    }

    func values() throws(KeyboardError) -> UInt64 {
        var values: UInt64 = 0
        for (group, bits) in groups {
            let value = try group.values()
            if value == 0 { continue }
            for (index, bit) in bits.enumerated() { values |= (value >> UInt64(index) & 1) << bit }
        }
        return values
    }

    /// What was noticed before is forgotten when watching ends.
    func watch(_ isOn: Bool) throws(KeyboardError) {
        for (group, _) in groups {
            try group.watch(isOn)
            if !isOn { _ = try group.takeEdges() }
        }
    }

    func takeEdges() throws(KeyboardError) -> Bool {
        var hasEdges = false
        for (group, _) in groups where try group.takeEdges() { hasEdges = true }
        return hasEdges
    }

    var descriptors: [Int32] { groups.map(\.group.descriptor) }
}

extension GPIOLine.Pull {
    fileprivate var value: pl_gpio_pull {
        switch self {
        case .asIs: PL_GPIO_PULL_AS_IS
        case .none: PL_GPIO_PULL_NONE
        case .up: PL_GPIO_PULL_UP
        case .down: PL_GPIO_PULL_DOWN
        }
    }
}

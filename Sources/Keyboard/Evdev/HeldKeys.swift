/// Which keys of a device are down. Pure: what a device reports, to what has changed.
struct HeldKeys: Sendable {
    private var codes: Set<UInt16> = []

    /// Nil where nothing changed: a key that is let go of was pressed before anybody listened, or its release came twice.
    mutating func change(_ code: UInt16, _ value: Int32) -> KeyEvent.Action? {
        switch value {
        case 0: codes.remove(code) == nil ? nil : .release
        case 1: codes.insert(code).inserted ? .press : nil
        // One that is held since before may repeat as well.
        case 2: codes.contains(code) ? .repetition : nil
        default: nil
        }
    }

    /// The device is gone: nothing is down any more. In the order of the codes.
    mutating func releaseAll() -> [UInt16] {
        defer { codes = [] }
        return codes.sorted()
    }
}

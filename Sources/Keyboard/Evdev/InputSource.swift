/// An input device of the kernel, or what a test puts in its place.
protocol InputSource: AnyObject {
    /// Readable when there are events.
    var descriptor: Int32 { get }

    /// What happened next, without waiting.
    func next() -> InputReport

    /// Switches the device's lamps.
    func show(_ locks: KeyLocks)
}

enum InputReport: Equatable {
    /// A key changed, or repeats.
    /// - value: 0 released, 1 pressed, 2 repeats (`Documentation/input/event-codes.rst`, EV_KEY).
    case key(code: UInt16, value: Int32, time: UInt64)
    /// Something that is no key.
    case other
    /// Not now.
    case nothing
    /// The device is not there any more.
    case gone
}

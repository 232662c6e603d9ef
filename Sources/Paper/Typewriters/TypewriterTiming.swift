/// How long a typewriter's electronics want a key to be down, and up. All in nanoseconds.
public struct TypewriterTiming: Sendable, Equatable {
    /// A key is held so long that the machine's scan sees it.
    public var press: UInt64
    /// Between two keys.
    public var gap: UInt64
    /// What the same key needs to be up longer, so that it is not taken for one that is held.
    public var sameKey: UInt64
    /// Shift is down so long before its key, and stays as long after it.
    public var shift: UInt64
    /// A carriage return takes this, and so much more for each column.
    public var carriageReturn: UInt64
    public var returnPerColumn: UInt64

    public init(press: UInt64, gap: UInt64, sameKey: UInt64, shift: UInt64, carriageReturn: UInt64, returnPerColumn: UInt64) {
        self.press = press
        self.gap = gap
        self.sameKey = sameKey
        self.shift = shift
        self.carriageReturn = carriageReturn
        self.returnPerColumn = returnPerColumn
    }
}

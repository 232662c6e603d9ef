/// What the keys of a device with physical keys mean: Linux key codes to keys, with whatever state that takes (Shift, dead keys).
public protocol KeyLayout {
    /// The keys that a change of one physical key gives, in order; none for a modifier or half of a composed character.
    /// - Parameter code: Of `linux/input-event-codes.h`, such as `KEY_A`.
    mutating func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key]

    /// What the lamps of the keyboard are to show.
    var locks: KeyLocks { get }
}

extension KeyLayout {
    public var locks: KeyLocks { [] }
}

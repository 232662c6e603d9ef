/// Locks that a keyboard shows by a lamp.
public struct KeyLocks: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Caps Lock, or a typewriter's shift lock.
    public static let capitals = KeyLocks(rawValue: 1)
    public static let numbers = KeyLocks(rawValue: 2)
    public static let scrolling = KeyLocks(rawValue: 4)
}

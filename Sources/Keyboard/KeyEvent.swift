/// A fact: this key, at this time.
public struct KeyEvent: Sendable, Hashable {
    public enum Action: Sendable, Hashable {
        case press, release
        /// The device repeats a key that is held down.
        case repetition
    }

    /// Nanoseconds of `CLOCK_MONOTONIC`, as gpiochips and evdev stamp their own events.
    public let time: UInt64
    public let key: Key
    /// Devices that do not know when a key goes up (terminals, serial lines) give presses only.
    public let action: Action

    public init(time: UInt64, key: Key, action: Action = .press) {
        self.time = time
        self.key = key
        self.action = action
    }
}

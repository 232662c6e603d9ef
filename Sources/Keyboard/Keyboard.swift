/// A source of key events: a terminal today, a matrix on GPIO lines, a serial line or an evdev device alike.
///
/// A keyboard never blocks and has no thread: it names a descriptor to `poll(2)`, a moment at which it wants to
/// be asked even if nothing arrives, and gives what it has when asked. `KeyWaiter` waits for any number of them.
public protocol Keyboard: AnyObject {
    /// Readable when there is something to read; a device with several descriptors gives an epoll of them.
    /// Nil when the device has ended, or is driven by time alone.
    var descriptor: Int32? { get }

    /// When `read` wants to be called even if `descriptor` stays silent (a lone Esc turns into a key, a contact
    /// has stopped bouncing). Nanoseconds of `CLOCK_MONOTONIC`.
    var deadline: UInt64? { get }

    /// The device is there. One that is not, or not any more, is waited for.
    var isConnected: Bool { get }

    /// Keys may come from it. Something that only wants to be asked with the others (a lamp, a knob) keeps nobody waiting for keys.
    var givesKeys: Bool { get }

    /// Appends what has happened up to `now` (nanoseconds of `CLOCK_MONOTONIC`), in order, without waiting.
    func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError)
}

extension Keyboard {
    public var isConnected: Bool { true }
    public var givesKeys: Bool { true }
}

/// What went wrong with a keyboard: one line that says what, where and what to do.
public struct KeyboardError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

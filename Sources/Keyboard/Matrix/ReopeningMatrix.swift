/// A matrix whose chip may go, as a port expander does whose cable is loose: it is waited for, and opened again.
public final class ReopeningMatrix: Keyboard {
    /// Nanoseconds between two attempts.
    private static let interval: UInt64 = 500_000_000

    private let open: () throws(KeyboardError) -> MatrixKeyboard
    private var keyboard: MatrixKeyboard?
    private var nextAttempt: UInt64 = 0

    /// - Parameter open: Finds the lines by what they are called, and takes them.
    /// - Throws: what it throws the first time: what was never there is somebody's mistake, or comes later.
    public init(_ open: @escaping () throws(KeyboardError) -> MatrixKeyboard) throws(KeyboardError) {
        keyboard = try open()
        self.open = open
    }

    public var givesKeys: Bool { keyboard?.givesKeys ?? true }
    public var isConnected: Bool { keyboard != nil }
    public var descriptor: Int32? { keyboard?.descriptor }
    public var deadline: UInt64? { keyboard.map(\.deadline) ?? nextAttempt }

    public func read(at now: UInt64, into events: inout [KeyEvent]) {
        if keyboard == nil, now >= nextAttempt {
            nextAttempt = now &+ Self.interval
            // It begins with no key down: one that was held when the chip went is not held any more.
            keyboard = try? open()
        }
        do {
            try keyboard?.read(at: now, into: &events)
        } catch {
            keyboard = nil
            nextAttempt = now &+ Self.interval
        }
    }
}

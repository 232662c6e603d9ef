import Keyboard

/// The lamp and the bell beside the keys, as the session works them. A keyboard without keys: it wants to be asked when the bell has rung.
package final class SignalPanel: Keyboard {
    /// How long the bell's line is on, in nanoseconds: enough for a striker to reach it.
    private static let ringing: UInt64 = 150_000_000

    package let descriptor: Int32? = nil
    package private(set) var deadline: UInt64?
    private let set: (KeyboardProfile.Output, Bool) -> Void
    private var isThinking = false

    /// - Parameter set: Switches what is connected.
    package init(_ set: @escaping (KeyboardProfile.Output, Bool) -> Void) {
        self.set = set
    }

    package func read(at now: UInt64, into events: inout [KeyEvent]) {
        guard let end = deadline, now >= end else { return }
        deadline = nil
        set(.bell, false)
    }

    func think(_ isThinking: Bool) {
        guard isThinking != self.isThinking else { return }
        self.isThinking = isThinking
        set(.thinking, isThinking)
    }

    func ring(at now: UInt64) {
        deadline = now + Self.ringing
        set(.bell, true)
    }
}

import Keyboard

/// Beats as long as keys are waited for and handled. A keyboard without keys, so that it is the session's own loop that beats: it goes on
/// while a model computes or a printer hangs, and ends when the loop is stuck.
final class Heartbeat: Keyboard {
    let descriptor: Int32? = nil
    let givesKeys = false
    private(set) var deadline: UInt64? = 0
    private let interval: UInt64
    private let beat: () -> Void

    /// - Parameter interval: nanoseconds.
    init(every interval: UInt64, _ beat: @escaping () -> Void) {
        (self.interval, self.beat) = (interval, beat)
    }

    func read(at now: UInt64, into events: inout [KeyEvent]) {
        guard let due = deadline, now >= due else { return }
        deadline = now + interval
        beat()
    }
}

import Keyboard
import Synchronization

/// The lamps and the bell beside the keys. A keyboard without keys: it wants to be asked when a lamp changes or the bell has rung, so
/// that the thread which waits for keys works them; a lamp that blinks says that this thread is alive.
package final class SignalPanel: Keyboard, Sendable {
    /// How long the bell's line is on, in nanoseconds: enough for a striker to reach it.
    private static let ringing: UInt64 = 150_000_000

    private struct State {
        var machine = MachineState.starting
        /// When each lamp's pattern began.
        var starts: [KeyboardProfile.Output: UInt64] = [:]
        /// How each is; nil where it could not be switched.
        var lit: [KeyboardProfile.Output: Bool] = [:]
        /// When something changes by itself.
        var due: UInt64?
        /// When the bell's line goes off.
        var bellEnd: UInt64?
        var waker: KeyWaker?
    }

    private let state: Mutex<State>
    /// What is connected; nothing else is worth a look.
    private let outputs: [KeyboardProfile.Output]
    private let set: @Sendable (KeyboardProfile.Output, Bool, UInt64) -> UInt64?
    private let now: @Sendable () -> UInt64

    /// - Parameters:
    ///   - outputs: What is connected.
    ///   - set: Switches it, at this time. Where it cannot, it says when to try again.
    package init(
        _ outputs: [KeyboardProfile.Output], now: @escaping @Sendable () -> UInt64 = monotonicNanoseconds,
        set: @escaping @Sendable (KeyboardProfile.Output, Bool, UInt64) -> UInt64?
    ) {
        (self.outputs, self.now, self.set) = (outputs, now, set)
        state = Mutex(State())
        state.withLock { update(&$0, at: now()) }
    }

    package let descriptor: Int32? = nil
    package let givesKeys = false
    package var deadline: UInt64? { state.withLock(\.due) }

    package func read(at now: UInt64, into events: inout [KeyEvent]) {
        state.withLock { state in
            guard let due = state.due, now >= due else { return }
            update(&state, at: now)
        }
    }

    /// Who waits for keys, and has to be told when there is something new to wait for.
    func attach(_ waker: KeyWaker) { state.withLock { $0.waker = waker } }

    /// Shows what the machine does, and rings when it wants a sheet. From any thread.
    package func show(_ machine: MachineState) {
        let time = now()
        state.withLock { state in
            for lamp in outputs where machine.pattern(of: lamp) != state.machine.pattern(of: lamp) {
                state.starts[lamp] = time
            }
            if machine == .needsSheet, state.machine != .needsSheet { ring(&state, at: time) }
            state.machine = machine
            update(&state, at: time)
            if state.due != nil { state.waker?.wake() }
        }
    }

    /// On the thread that waits for keys.
    package func ring() {
        let time = now()
        state.withLock { state in
            ring(&state, at: time)
            update(&state, at: time)
        }
    }

    private func ring(_ state: inout State, at now: UInt64) {
        if outputs.contains(.bell) { state.bellEnd = now + Self.ringing }
    }

    /// Brings lamps and bell to what they are to be at this time.
    private func update(_ state: inout State, at now: UInt64) {
        if let end = state.bellEnd, now >= end { state.bellEnd = nil }
        state.due = state.bellEnd
        for output in outputs {
            let start = state.starts[output, default: now]
            let phase = state.machine.pattern(of: output).phase(after: now - min(now, start))
            state.starts[output] = start
            if let lasts = phase.lasts { state.due = min(state.due ?? .max, now + lasts) }
            let isOn = phase.isOn || output == .bell && state.bellEnd != nil
            guard isOn != state.lit[output] else { continue }
            let retry = set(output, isOn, now)
            state.lit[output] = retry == nil ? isOn : nil
            if let retry { state.due = min(state.due ?? .max, max(retry, now + 1)) }
        }
    }
}

import Synchronization

/// Hears from every part of the machine how it is, on any thread, and tells what the whole is doing.
package final class Machine: Sendable {
    /// What the session is at.
    package enum Activity: Sendable { case starting, typing, thinking, printing, ending }

    /// What the state follows from.
    struct Conditions: Sendable {
        var activity = Activity.starting
        var needsSheet = false
        var isModelOn = true
        /// Why each part that is not there is waited for.
        var lacks: [MachinePart: String] = [:]

        /// The first of these that holds: what somebody must do something about comes before what goes by itself.
        var state: MachineState {
            if activity == .ending { return .ending }
            if let why = lacks[.keyboard] { return .waiting(for: .keyboard, why: why) }
            if let why = lacks[.printer] { return .waiting(for: .printer, why: why) }
            if needsSheet { return .needsSheet }
            switch activity {
            case .starting: return .starting
            case .thinking: return .thinking
            case .printing: return .printing
            case .typing, .ending: break
            }
            guard isModelOn else { return .plainTypewriter }
            return lacks[.model].map { .waiting(for: .model, why: $0) } ?? .ready
        }
    }

    private struct Contents {
        var conditions = Conditions()
        var observers: [@Sendable (MachineState) -> Void] = []
    }

    private let contents = Mutex(Contents())

    package init() {}

    package var state: MachineState { contents.withLock { $0.conditions.state } }

    /// - Parameter observer: Called with the present state, and after each change on the thread that made it, one at a time: it must not wait.
    package func observe(_ observer: @escaping @Sendable (MachineState) -> Void) {
        contents.withLock {
            $0.observers.append(observer)
            observer($0.conditions.state)
        }
    }

    /// Who began to end ends.
    package func turn(to activity: Activity) { change { if $0.activity != .ending { $0.activity = activity } } }
    package func needSheet(_ isNeeded: Bool) { change { $0.needsSheet = isNeeded } }
    package func turnModel(_ isOn: Bool) { change { $0.isModelOn = isOn } }
    /// - Parameter why: Nil when the part is there.
    package func lack(_ part: MachinePart, _ why: String?) { change { $0.lacks[part] = why } }

    /// The observers hear of changes in their order, so they are called while nothing else can change.
    private func change(_ body: (inout Conditions) -> Void) {
        contents.withLock { contents in
            let before = contents.conditions.state
            body(&contents.conditions)
            let state = contents.conditions.state
            guard state != before else { return }
            for observer in contents.observers { observer(state) }
        }
    }
}

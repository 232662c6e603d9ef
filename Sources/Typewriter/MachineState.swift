/// What the machine is doing, as somebody before it would say. The service manager's status line, `platen status` and the lamps all show this.
package enum MachineState: Sendable, Equatable {
    /// No key is listened to yet.
    case starting
    /// Something is not there. Everything else works on: without a model it is a plain typewriter, without paper keys are kept.
    case waiting(for: MachinePart, why: String)
    /// Keys are accepted and nothing else goes on.
    case ready
    /// A question was sent; nothing of its answer is on paper yet.
    case thinking
    /// An answer is on its way to the paper.
    case printing
    /// The sheet is full; printing waits for the next one and the page key.
    case needsSheet
    /// The model is off: the keys go straight to paper, and nobody answers.
    case plainTypewriter
    /// It was told to end, and finishes what it must.
    case ending
}

/// What the machine can lack.
package enum MachinePart: String, Sendable, CaseIterable {
    case keyboard, printer, model
}

extension MachineState {
    /// One word for programs.
    package var name: String {
        switch self {
        case .starting: "starting"
        case .waiting: "waiting"
        case .ready: "ready"
        case .thinking: "thinking"
        case .printing: "printing"
        case .needsSheet: "needs-sheet"
        case .plainTypewriter: "plain-typewriter"
        case .ending: "ending"
        }
    }
}

extension MachineState: CustomStringConvertible {
    /// One line for people.
    package var description: String {
        switch self {
        case .starting: "starting"
        case .waiting(let part, let why): "waits for the \(part.rawValue): \(why)"
        case .ready: "ready"
        case .thinking: "thinks"
        case .printing: "prints an answer"
        case .needsSheet: "the sheet is full: waits for a new one, and the page key"
        case .plainTypewriter: "ready; the model is off"
        case .ending: "ending"
        }
    }
}

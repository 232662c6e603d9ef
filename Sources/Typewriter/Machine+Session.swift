extension Machine {
    /// What a session tells, as what the machine is at.
    package func hear(_ event: SessionEvent) {
        switch event {
        case .asked: turn(to: .thinking)
        case .text, .finished: turn(to: .printing)
        case .printed: turn(to: .typing)
        case .modelSwitched(let isOn): turnModel(isOn)
        case .ended: turn(to: .ending)
        case .stopped, .typedLine, .newConversation: break
        }
    }
}

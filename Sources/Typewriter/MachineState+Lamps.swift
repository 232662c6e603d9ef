extension MachineState {
    /// What each lamp shows; docs/lamps.md tells it to people.
    package func pattern(of lamp: KeyboardProfile.Output) -> LampPattern {
        switch lamp {
        case .status: status
        case .ready: self == .ready || self == .plainTypewriter ? .on : .off
        case .thinking: self == .thinking || self == .printing ? .on : .off
        case .page: self == .needsSheet ? .fast : .off
        case .missing: missing.map(LampPattern.flashes) ?? .off
        case .bell: .off
        }
    }

    /// All in one lamp.
    private var status: LampPattern {
        switch self {
        case .starting: .flicker
        case .ready: .on
        case .plainTypewriter: .winking
        case .thinking, .printing: .slow
        case .needsSheet: .fast
        case .waiting: missing.map(LampPattern.flashes) ?? .on
        case .ending: .off
        }
    }

    /// Flashes for what is not there.
    private var missing: Int? {
        guard case .waiting(let part, _) = self else { return nil }
        return switch part {
        case .printer: 2
        case .model: 3
        case .keyboard: 4
        }
    }
}

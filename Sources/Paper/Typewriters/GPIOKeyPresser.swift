/// Presses keys through output lines of a GPIO chip.
public final class GPIOKeyPresser: KeyPresser {
    private let wiring: ContactWiring
    // Touched by the printing thread alone.
    nonisolated(unsafe) private let lines: OutputLines
    nonisolated(unsafe) private var closed: Set<Contact>?

    /// - Parameters:
    ///   - chips: labels, names or paths, of which the first that is there is taken.
    ///   - wires: in the order of the wiring's bits.
    public init(_ chips: [String], _ wires: [GPIOWire], _ wiring: ContactWiring) throws(PaperError) {
        self.wiring = wiring
        lines = try OutputLines(chips, wires, ending: wiring.opening, consumer: "platen typewriter")
    }

    public func close(_ contacts: Set<Contact>) throws(PaperError) {
        // Of what an earlier program left closed only opening everything is known to help.
        if closed == nil {
            for state in wiring.opening { try lines.set(state) }
        }
        do throws(PaperError) {
            for state in try wiring.states(from: closed ?? [], to: contacts) { try lines.set(state) }
        } catch {
            closed = nil
            for state in wiring.opening { try? lines.set(state) }
            throw error
        }
        closed = contacts
    }

    deinit {
        for state in wiring.opening { try? lines.set(state) }
    }
}

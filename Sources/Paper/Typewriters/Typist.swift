/// Types on a typewriter's keyboard at the pace that its electronics can follow, and knows what state they are in.
///
/// A key that is down is always let go again, whatever happens, and a key that was begun is finished: a stop comes between keys.
struct Typist: ~Copyable {
    private let keys: TypewriterKeys
    private let timing: TypewriterTiming
    private let presser: any KeyPresser
    private let clock: any PrintClock
    /// Never raised: what is begun is finished.
    private let patience: StopSignal
    /// The earliest time for the next key, and for the last one once more.
    private var ready: UInt64 = 0
    private var readyAgain: UInt64 = 0
    private var last: Contact?
    private var isLocked = false
    private(set) var isBold = false

    init(_ keys: TypewriterKeys, _ timing: TypewriterTiming, _ presser: any KeyPresser, _ clock: any PrintClock) throws(PaperError) {
        let patience = try StopSignal()
        try presser.close([])
        self.keys = keys
        self.timing = timing
        self.presser = presser
        self.clock = clock
        self.patience = patience
    }

    /// Brings the machine to its known state.
    mutating func start() throws(PaperError) {
        for contact in keys.start { try press([contact]) }
        (isLocked, isBold) = (false, false)
    }

    /// Waits until the machine can take another key. False if `stop` is raised before.
    func isReady(_ stop: StopSignal) -> Bool { clock.wait(until: ready, stop: stop) }

    mutating func type(_ stroke: TypewriterKeys.Stroke) throws(PaperError) {
        switch keys.shift {
        case .hold(let shift) where stroke.isShifted:
            try press([shift, stroke.key])
        case .lock(let lock, let release) where stroke.isShifted != isLocked:
            try press([stroke.isShifted ? lock : release])
            isLocked = stroke.isShifted
            try press([stroke.key])
        default:
            try press([stroke.key])
        }
    }

    mutating func press(_ key: Contact) throws(PaperError) { try press([key]) }

    /// Returns the carriage from this column.
    mutating func returnCarriage(from column: Int) throws(PaperError) {
        try press([keys.carriageReturn])
        ready = clock.now() + timing.carriageReturn + timing.returnPerColumn * UInt64(max(0, column))
        readyAgain = max(readyAgain, ready)
    }

    mutating func setBold(_ isOn: Bool) throws(PaperError) {
        guard isOn != isBold, let toggle = keys.bold else { return }
        try press(toggle.chord)
        isBold = isOn
    }

    /// Shift let go and styles off: how a person wants to find the machine.
    mutating func rest() throws(PaperError) {
        try setBold(false)
        guard isLocked, case .lock(_, let release) = keys.shift else { return }
        try press([release])
        isLocked = false
    }

    /// Presses keys in this order, the last one for its time, and lets them go in the opposite order.
    private mutating func press(_ chord: [Contact]) throws(PaperError) {
        guard let key = chord.last else { return }
        wait(until: key == last ? readyAgain : ready)
        do throws(PaperError) {
            for count in 1...chord.count {
                try presser.close(Set(chord[..<count]))
                wait(for: count < chord.count ? timing.shift : timing.press)
            }
            for count in (0..<chord.count).reversed() {
                try presser.close(Set(chord[..<count]))
                if count > 0 { wait(for: timing.shift) }
            }
        } catch {
            try? presser.close([])
            throw error
        }
        last = key
        ready = clock.now() + timing.gap
        readyAgain = ready + timing.sameKey
    }

    private func wait(until time: UInt64) { _ = clock.wait(until: time, stop: patience) }
    private func wait(for duration: UInt64) { wait(until: clock.now() + duration) }
}

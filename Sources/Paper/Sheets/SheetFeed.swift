import Glibc
import Synchronization

/// What the one who puts in sheets and the one who prints on them tell each other.
public final class SheetFeed: Sendable {
    private struct State {
        /// Somebody prints on sheets.
        var isUsed = false
        var isFull = false
        var isInserted = false
        var isAttended = true
        var line = 0
    }

    private let state: Mutex<State>
    /// Raised while a new sheet is in that printing has not begun on.
    private let inserted: StopSignal
    private let onChange: @Sendable (_ isFull: Bool) -> Void

    /// - Parameters:
    ///   - line: Where printing goes on, and whether that is a new sheet, if an earlier session printed on this one.
    ///   - onChange: Called when a sheet is full and a new one is wanted, and when it is in; from any thread, one call at
    ///   a time and in order. It must not ask the feed anything.
    public init(
        line: Int = 0, isFull: Bool = false, onChange: @escaping @Sendable (_ isFull: Bool) -> Void = { _ in }
    ) throws(PaperError) {
        state = Mutex(State(isFull: isFull, line: max(0, line)))
        inserted = try StopSignal()
        self.onChange = onChange
        if isFull { onChange(true) }
    }

    /// Where printing goes on: the line of the sheet, counted from the first one printed, and whether that is a new sheet.
    public var position: (line: Int, isFull: Bool) { state.withLock { ($0.line, $0.isFull) } }

    /// Nothing is printed until a new sheet is in.
    public var isFull: Bool { state.withLock(\.isFull) }

    /// A new sheet is in the machine.
    public func insert() {
        state.withLock { state in
            if state.isFull { onChange(false) }
            (state.isFull, state.isInserted) = (false, true)
            // With the lock: raised after the next sheet's end, it would keep the printing thread awake.
            inserted.raise()
        }
    }

    /// There is no sheet in the machine any more. On a roll, whose end the printer tells, nobody waits for one.
    public func takeOut() {
        state.withLock { state in
            if state.isUsed, !state.isFull { demand(&state) }
        }
    }

    /// Nobody is there any more who could put in a sheet: what wants one fails.
    public func leave() {
        state.withLock { $0.isAttended = false }
        inserted.raise()
    }

    // MARK: For the printing thread

    /// Sheets are printed on.
    func use() { state.withLock { $0.isUsed = true } }

    /// The sheet ends here.
    func end() { state.withLock { demand(&$0) } }

    private func demand(_ state: inout State) {
        (state.isFull, state.isInserted) = (true, false)
        if state.isAttended { inserted.lower() }
        onChange(true)
    }

    /// Printing goes on there.
    func move(to line: Int) { state.withLock { $0.line = line } }

    /// Whether a sheet was put in since the last call.
    func takeInserted() -> Bool {
        state.withLock { state in
            defer { state.isInserted = false }
            return state.isInserted
        }
    }

    /// Returns true when a new sheet is in, false as soon as `stop` is raised.
    func wait(_ stop: StopSignal) throws(PaperError) -> Bool {
        while true {
            let state = state.withLock(\.self)
            guard state.isFull else { return true }
            guard state.isAttended else {
                throw PaperError("the sheet is full, and no keyboard is left that could say that a new one is in: the rest is not printed")
            }
            var queries = [stop.descriptor, inserted.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = poll(&queries, nfds_t(queries.count), -1)
            if stop.isRaised { return false }
        }
    }
}

import Conversation
import Glibc
import Logging
import Paper
import Transcript

/// Turns what happens in a session into what is kept. It outlives every failure: the typewriter goes on, and the log says once that
/// nothing is kept.
final class TranscriptWriter {
    /// Turns of an earlier session that a model may still remember.
    private static let mostRemembered = 64

    private let path: String
    private let sizeLimit: Int64
    private let logger: Logger
    private let now: () -> Int64
    /// Nil while another typewriter has it, or nothing can be written.
    private var lock: TranscriptLock?
    /// What the earlier session left.
    let resumption: Resumption
    let page: PageRecord
    /// Where printing goes on, and lines that are on paper.
    private var position: () -> (line: Int, isFull: Bool) = { (0, false) }
    private var printedLines: () -> Int = { 0 }

    /// Nil while it is set aside, or cannot be opened.
    private var store: TranscriptStore?
    private var turn: TurnRecord?
    /// What was said of the answer before this session.
    private var begun = ""
    /// Bytes of the answer that were told: those of an earlier session are told again when they are printed again.
    private var told = 0
    /// Where pieces of the answer begin: the page's line, and the bytes before them.
    private var pieces: [(line: Int, bytes: Int)] = []
    private var isOpen = true
    private var isFailing = false
    /// The conversation is over, but the database does not know it yet.
    private var isConversationOver = false
    /// Something is not kept yet, though it need not be at once.
    private var isChanged = false
    /// Lines that were on paper when it was kept last.
    private var keptLines = 0

    /// Opens the database in `directory`, and reads what an earlier session left. Where that cannot be, the log says so, and it is tried again
    /// whenever there is something to keep.
    /// - Parameter marks: whether an answer that was cut off is marked instead of finished.
    init(
        directory: String, sizeLimit: Int64, marks: Bool, logger: Logger, now: @escaping () -> Int64 = { Int64(time(nil)) }
    ) {
        path = "\(directory)/\(TranscriptFile.name)"
        (self.sizeLimit, self.logger, self.now) = (sizeLimit, logger, now)
        var remains = TranscriptStore.Remains(turns: [], page: PageRecord())
        do {
            lock = try TranscriptLock(path)
            var store = try TranscriptFile.open(path, sizeLimit: sizeLimit) { logger.error("\($0)") }
            remains = try store.resume(most: Self.mostRemembered)
            self.store = consume store
        } catch {
            logger.error("transcripts are not kept: \(error)")
            isFailing = true
        }
        page = remains.page
        resumption = Resumption(remains, marks: marks)
        turn = resumption.turn
        told = resumption.shown
        if case .begun(_, let text, _) = resumption.answer { begun = text }
    }

    /// - Parameters:
    ///   - sheets: knows where printing goes on.
    ///   - progress: knows what is on paper.
    func follow(_ sheets: SheetFeed, _ progress: PaperProgress) {
        position = { sheets.position }
        printedLines = { progress.lines }
    }

    /// The session begins.
    func begin() {
        keep()
        guard resumption.isMidPage else { return }
        logger.notice("the last session was cut off; its transcripts are checked")
        attempt { store throws(TranscriptError) in try store.checkIntegrity() }
    }

    func hear(_ event: SessionEvent) {
        switch event {
        case .asked(let question):
            turn = TurnRecord(asked: now(), question: question)
            (pieces, begun, told) = ([], "", 0)
            keep()
        case .text(let text, let line):
            pieces.append((line, told))
            if turn?.answer.utf8.count == told { turn?.answer += text }
            told += text.utf8.count
            isChanged = true
        case .finished(.success(let reply)):
            // All that was said, though a stop may have kept its end from the page.
            turn?.answer = begun + reply.text
            turn?.finish = reply.finish.rawValue
            keep()
        case .finished(.failure):
            turn?.finish = TurnRecord.failed
            keep()
        case .printed:
            turn?.paper = .all
            keep(isWhole: true)
            (turn, pieces) = (nil, [])
            prune()
        case .newConversation:
            isConversationOver = true
            keep()
        case .ended:
            isOpen = false
            keep()
        case .stopped, .typedLine:
            isChanged = true
        case .modelSwitched:
            break
        }
    }

    private var pageNow: PageRecord {
        let position = position()
        return PageRecord(line: position.line, isFull: position.isFull, isOpen: isOpen)
    }

    /// There is, or may soon be, something to keep that nobody tells.
    var isUnderWay: Bool { isChanged || turn != nil }

    /// Keeps what has changed since it was kept last: an answer that is made, or one that is printed long after.
    func look() {
        if isChanged || printedLines() != keptLines { keep() }
    }

    /// Puts on the disk what there is.
    /// - Parameter isWhole: nothing is missing of the turn, so that a failure is over if this is none.
    func keep(isWhole: Bool = false) {
        isChanged = false
        keptLines = printedLines()
        notePaper()
        let page = pageNow
        let isKept = attempt { store throws(TranscriptError) in
            if isConversationOver { try store.endConversation(on: page) }
            isConversationOver = false
            guard var kept = turn else { return try store.keep(page) }
            try store.keep(&kept, on: page)
            turn = kept
        }
        guard isKept, isWhole, isFailing else { return }
        isFailing = false
        logger.notice("transcripts are kept again")
    }

    /// Finds how much of the answer is surely on paper. A word may be held back at the end of a line, and a device has a buffer of
    /// its own that is lost with the plug: a line is on paper when one more is.
    private func notePaper() {
        guard case .atLeast? = turn?.paper, let next = pieces.lastIndex(where: { $0.line + 1 < keptLines }) else { return }
        turn?.paper = .atLeast(pieces[next].bytes)
        pieces.removeFirst(next)
    }

    private func prune() {
        attempt { [logger] store throws(TranscriptError) in
            let removed = try store.prune()
            if removed > 0 { logger.notice("transcripts were larger than transcript.size_limit_mib: the oldest \(removed) turns were removed") }
        }
    }

    /// Does this to the database. One that turns out damaged is set aside, and it is done to a new one; one without room gives back
    /// that of its log.
    /// - Returns: whether it was done.
    @discardableResult
    private func attempt(_ body: (inout TranscriptStore) throws(TranscriptError) -> Void) -> Bool {
        do {
            do {
                try perform(body)
            } catch {
                switch error.kind {
                case .damaged, .foreign:
                    // Closed first: a closing database takes its log along, by name.
                    store = nil
                    let place = try TranscriptFile.setAside(path)
                    logger.error("\(error); it is set aside as \(place), and new transcripts are begun")
                    beginAnew()
                case .full:
                    try perform { store throws(TranscriptError) in try store.emptyLog() }
                case .other:
                    throw error
                }
                try perform(body)
            }
            return true
        } catch {
            if !isFailing { logger.error("transcripts are not kept: \(error)") }
            isFailing = true
            return false
        }
    }

    /// The next database is another one: what is not yet on paper has to be kept there too.
    private func beginAnew() {
        turn = turn?.withoutRow
        isChanged = true
    }

    private func perform(_ body: (inout TranscriptStore) throws(TranscriptError) -> Void) throws(TranscriptError) {
        if lock == nil { lock = try TranscriptLock(path) }
        if isRemoved {
            logger.error("\(path) was removed; new transcripts are begun")
            // Closed first, as above.
            store = nil
            beginAnew()
        }
        if store == nil {
            store = try TranscriptFile.open(path, sizeLimit: sizeLimit) { logger.error("\($0)") }
        }
        guard var opened = store.take() else { return }
        do {
            try body(&opened)
        } catch {
            store = consume opened
            throw error
        }
        store = consume opened
    }
}

extension TranscriptWriter {
    /// Somebody has removed the database, or put another in its place.
    private var isRemoved: Bool {
        guard let opened = store.take() else { return false }
        let hasMoved = opened.hasMoved
        store = consume opened
        return hasMoved
    }
}

extension TurnRecord {
    /// For another database.
    fileprivate var withoutRow: TurnRecord {
        TurnRecord(asked: asked, question: question, answer: answer, finish: finish, paper: paper)
    }
}

import Conversation
import Keyboard
import Logging
import Paper

/// Somebody at the typewriter: what is typed appears on the page, Return sends it, the answer is typed under it.
///
/// Three threads: this one waits for keys and lays out the page, the model has its own, and the printer has its own. Nothing
/// polls. While an answer is made or printed, keys are kept, and typed after it; only Esc, Ctrl-C and a page act at once.
package final class Session {
    enum Activity {
        case typing
        case answering(Cancellation)
        /// The model is done, and what it said is not kept yet.
        case settling
        /// The model is done, the printer not yet.
        case printing
    }

    let waiter: KeyWaiter
    let printer: Printer
    let canErase: Bool
    let model: ModelThread
    let logger: Logger
    /// Somebody is there who types and reads: keys are echoed.
    let isInteractive: Bool
    /// The model reads what is typed before it is sent.
    private(set) var readsAhead: Bool
    /// Sheets are put in by a key; nil on a roll.
    let sheets: SheetFeed?
    let panel: SignalPanel?
    /// Nil where nothing is kept.
    let keeping: Keeping?
    /// As the knobs stand when a question is sent.
    let adjustments: () -> Adjustments
    let observer: (SessionEvent) -> Void
    /// Whether words of the conversation may stand in the log.
    let logsText: () -> Bool
    let now: @Sendable () -> UInt64

    var page: Page
    /// Holds when the next line begins.
    private var nextPage: PageSettings?
    /// Off, the keys go straight to paper.
    var isModelOn = true
    var editor: LineEditor
    var pace = TypingPace()
    var activity = Activity.typing
    var postponed: [KeyEvent] = []
    /// When the sign appears, while an answer has not begun.
    var signDue: UInt64?
    var showsSign = false
    var isStopped = false
    /// More may have come from the model than was handled.
    var hasModelEvents = false
    var endsAfterAnswer = false
    var isOver = false
    /// Told to end by a signal or Ctrl-C: nothing is waited for that may never come.
    var isInterrupted = false
    /// How long it is waited then for paper and for the model, in nanoseconds.
    private static let farewell: UInt64 = 3_000_000_000

    /// - Parameter endsByKey: Ctrl-C and Ctrl-D end it, as they end what runs in a terminal.
    package init(
        keyboards: [any Keyboard], paper: any PaperDevice, page settings: PageSettings, sheets: SheetFeed? = nil,
        panel: SignalPanel? = nil, keeping: Keeping? = nil,
        adjustments: @escaping () -> Adjustments = { Adjustments() }, observer: @escaping (SessionEvent) -> Void = { _ in },
        isInteractive: Bool, endsByKey: Bool = true, readsAhead: Bool = true, logsText: @escaping () -> Bool = { false }, logger: Logger,
        now: @escaping @Sendable () -> UInt64 = monotonicNanoseconds,
        answering: @escaping @Sendable () throws(ConversationError) -> any Answering
    ) throws(TypewriterError) {
        do {
            page = try Page(settings, for: paper.capabilities)
            printer = try Printer(paper)
            canErase = paper.capabilities.canErase
            waiter = try KeyWaiter(panel.map { keyboards + [$0] } ?? keyboards, now: now)
        } catch let error as PaperError {
            throw TypewriterError(error)
        } catch let error as KeyboardError {
            throw TypewriterError(error)
        } catch {
            throw TypewriterError("\(error)", status: .ioError)
        }
        let waker = waiter.waker
        panel?.attach(waker)
        model = try ModelThread(wake: { waker.wake() }, make: answering)
        self.isInteractive = isInteractive
        editor = LineEditor(endsByKey: endsByKey)
        // Lines of a file come whole: there is nothing to be ahead of.
        self.readsAhead = readsAhead && isInteractive
        self.sheets = sheets
        self.panel = panel
        self.keeping = keeping
        self.adjustments = adjustments
        self.observer = observer
        self.logsText = logsText
        self.logger = logger
        self.now = now
    }

    /// Returns when somebody ended the session, and everything is on paper.
    package func run() throws(TypewriterError) {
        defer { endModel() }
        if let keeping { try resume(keeping.resumption) }
        readAhead()
        while !isOver {
            if waiter.isEnded {
                // Nobody types any more; an answer on its way still comes.
                sheets?.leave()
                guard isBusy else { break }
                try handle(model.events.receive())
            } else {
                try handleKeys()
                try handleModelEvents()
            }
            try showSignIfDue()
            changePage()
        }
        try print(page.startLine())
        // Nothing but the echo of a line that was given up can wait for a sheet now.
        if isOver, let sheets, sheets.isFull { _ = printer.stop() }
        do {
            if !isInterrupted {
                try printer.drain()
            } else if try !printer.drain(within: Self.farewell) {
                _ = printer.stop()
            }
        } catch {
            throw TypewriterError(error)
        }
        observer(.ended)
    }

    /// What can change while a session goes on.
    package struct LiveSettings: Sendable, Equatable {
        package var page: PageSettings
        package var readsAhead: Bool
        package var conversation: ConversationSettings
    }

    /// Takes over what was chosen anew: for the next answer, the page's margins for the next line. Call it on the session's thread.
    package func take(_ settings: LiveSettings) {
        model.configure(settings.conversation)
        readsAhead = settings.readsAhead && isInteractive
        nextPage = settings.page
        changePage()
    }

    /// Not within an answer or a line: what stands there was laid out for other margins.
    private func changePage() {
        guard let settings = nextPage, !isBusy, editor.text.isEmpty else { return }
        do {
            if try page.change(settings) { nextPage = nil }
        } catch {
            logger.error("the page stays as it is: \(error)")
            nextPage = nil
        }
    }

    /// Ends the session as soon as it comes round, as Ctrl-C at a terminal does. Call it on the session's thread.
    package func end() {
        isInterrupted = true
        waiter.waker.wake()
    }

    var isBusy: Bool {
        if case .typing = activity { false } else { true }
    }

    private func endModel() {
        if case .answering(let cancellation) = activity { cancellation.cancel() }
        model.end(within: Self.farewell)
    }

    func print(_ strikes: [Strike]) throws(TypewriterError) {
        guard !strikes.isEmpty else { return }
        do {
            try printer.print(strikes)
        } catch {
            throw TypewriterError(error)
        }
    }

    func ring() throws(TypewriterError) {
        panel?.ring()
        try print([.bell])
    }
}

extension TypewriterError {
    init(_ error: PaperError) { self.init(error.description, status: .ioError) }
    init(_ error: KeyboardError) { self.init(error.description, status: .ioError) }
}

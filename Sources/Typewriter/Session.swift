import Conversation
import Keyboard
import Logging
import Paper

/// Somebody at the typewriter: what is typed appears on the page, Return sends it, the answer is typed under it.
///
/// Three threads: this one waits for keys and lays out the page, the model has its own, and the printer has its own. Nothing
/// polls. While an answer is made or printed, keys are kept, and typed after it; only Esc and Ctrl-C act at once.
package final class Session {
    /// Silence after Return before the page shows that the machine thinks, in nanoseconds.
    private static let patience: UInt64 = 500_000_000
    private static let thinkingSign = "..."
    /// Keys kept while an answer is printed; more are lost, with a bell.
    private static let mostPostponed = 65536

    private enum Activity {
        case typing
        case answering(Cancellation)
        /// The model is done, the printer not yet.
        case printing
    }

    private let waiter: KeyWaiter
    private let printer: Printer
    private let canErase: Bool
    private let model: ModelThread
    private let logger: Logger
    /// Somebody is there who types and reads: keys are echoed.
    private let isInteractive: Bool
    /// The model reads what is typed before it is sent.
    private let readsAhead: Bool
    /// Sheets are put in by a key; nil on a roll.
    private let sheets: SheetFeed?
    private let panel: SignalPanel?
    /// As the knobs stand when a question is sent.
    private let adjustments: () -> Adjustments
    private let now: @Sendable () -> UInt64

    private var page: Page
    /// Off, the keys go straight to paper.
    private var isModelOn = true
    private var editor = LineEditor()
    private var pace = TypingPace()
    private var activity = Activity.typing {
        didSet { panel?.think(isBusy) }
    }
    private var postponed: [KeyEvent] = []
    /// When the sign appears, while an answer has not begun.
    private var signDue: UInt64?
    private var showsSign = false
    private var isStopped = false
    /// More may have come from the model than was handled.
    private var hasModelEvents = false
    private var endsAfterAnswer = false
    private var isOver = false

    package init(
        keyboards: [any Keyboard], paper: any PaperDevice, page settings: PageSettings, sheets: SheetFeed? = nil,
        panel: SignalPanel? = nil,
        adjustments: @escaping () -> Adjustments = { Adjustments() }, isInteractive: Bool, readsAhead: Bool = true, logger: Logger, now: @escaping @Sendable () -> UInt64 = monotonicNanoseconds,
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
        model = try ModelThread(wake: { waker.wake() }, make: answering)
        self.isInteractive = isInteractive
        // Lines of a file come whole: there is nothing to be ahead of.
        self.readsAhead = readsAhead && isInteractive
        self.sheets = sheets
        self.panel = panel
        self.adjustments = adjustments
        self.logger = logger
        self.now = now
    }

    /// Returns when somebody ended the session, and everything is on paper.
    package func run() throws(TypewriterError) {
        defer { endModel() }
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
        }
        try print(page.startLine())
        // Nothing but the echo of a line that was given up can wait for a sheet now.
        if isOver, let sheets, sheets.isFull { _ = printer.stop() }
        do {
            try printer.drain()
        } catch {
            throw TypewriterError(error)
        }
    }

    private var isBusy: Bool {
        if case .typing = activity { false } else { true }
    }

    private func endModel() {
        if case .answering(let cancellation) = activity { cancellation.cancel() }
        model.end()
    }

    private func print(_ strikes: [Strike]) throws(TypewriterError) {
        guard !strikes.isEmpty else { return }
        do {
            try printer.print(strikes)
        } catch {
            throw TypewriterError(error)
        }
    }

    private func ring() throws(TypewriterError) {
        panel?.ring(at: now())
        try print([.bell])
    }

    // MARK: Keys

    private func handleKeys() throws(TypewriterError) {
        let events: [KeyEvent]
        do {
            events = try waiter.wait(until: hasModelEvents ? 0 : signDue)
        } catch {
            throw TypewriterError(error)
        }
        for event in events { try handle(event) }
    }

    /// A few at a time, so that a fast model cannot keep the keys waiting.
    private func handleModelEvents() throws(TypewriterError) {
        hasModelEvents = true
        for _ in 0..<16 {
            guard let event = model.events.receiveNow() else {
                hasModelEvents = false
                return
            }
            try handle(event)
        }
    }

    private func handle(_ event: KeyEvent) throws(TypewriterError) {
        // Whatever waits in the printer waits for this.
        if case .page = event.key, let sheets, sheets.isFull {
            if event.action == .press { sheets.insert() }
            return
        }
        guard isBusy else {
            pace.key(at: event.time)
            for edit in editor.edit(event) { try handle(edit) }
            return
        }
        switch event.key {
        case .escape where event.action == .press:
            try stopAnswer()
        case .interrupt:
            try stopAnswer()
            isOver = true
        default:
            if postponed.count < Self.mostPostponed {
                postponed.append(event)
            } else {
                try ring()
            }
        }
    }

    private func handle(_ edit: LineEdit) throws(TypewriterError) {
        switch edit {
        case .inserted(let text):
            if isInteractive { try print(page.type(text)) }
            readAhead()
        case .erased(let text):
            if isInteractive { try print(page.erase(text)) }
            readAhead()
        case .submitted(let line):
            if isInteractive { try print(page.newLine()) }
            if isInteractive, let isOn = Self.switches[line] {
                turnModel(isOn)
            } else if isModelOn, line.contains(where: { !$0.isWhitespace }) {
                ask(line)
            }
        case .bell:
            try ring()
        case .stopped:
            break
        case .newConversation:
            editor = LineEditor()
            model.reset()
            logger.info("new conversation")
            readAhead()
            if isInteractive { try print(page.startLine() + page.type("* * *") + page.newLine()) }
        case .page:
            if editor.text.isEmpty { try print(page.startLine()) }
            sheets?.insert()
        case .model(let isOn):
            turnModel(isOn)
        case .ended:
            // The end of the input submits the line before it.
            if isBusy { endsAfterAnswer = true } else { isOver = true }
        }
    }

    private func readAhead() {
        if readsAhead, isModelOn { model.readAhead(editor.text, pause: pace.pause) }
    }

    /// What is typed instead of turning a switch.
    private static let switches = ["/off": false, "/on": true]

    private func turnModel(_ isOn: Bool) {
        guard isOn != isModelOn else { return }
        isModelOn = isOn
        logger.info("the model is \(isOn ? "on" : "off")")
        readAhead()
    }

    // MARK: Answers

    private func ask(_ prompt: String) {
        let cancellation = Cancellation()
        activity = .answering(cancellation)
        isStopped = false
        model.ask(prompt, adjustments(), cancellation)
        if isInteractive, canErase { signDue = now() + Self.patience }
    }

    private func handle(_ event: ModelThread.Event) throws(TypewriterError) {
        switch event {
        case .text(let text):
            try removeSign()
            if !isStopped { try print(page.write(text)) }
        case .finished(let result):
            try removeSign()
            if case .failure(let error) = result {
                logger.warning("\(error)")
                if !isStopped { try print(page.write("(\(error))")) }
            }
            if !isStopped { try print(page.flush()) }
            if !isInteractive, case .success(let reply) = result, reply.text.isEmpty {
                // A line for every question, so that a program that reads them can tell which is which.
                try print(page.newLine())
            }
            try print(endOfAnswer())
            reportSubstitutions()
            activity = .printing
            model.drain(printer)
        case .printed(let error):
            if let error { throw TypewriterError(error) }
            activity = .typing
            if endsAfterAnswer { isOver = true }
            let keys = postponed
            postponed = []
            readAhead()
            for key in keys where !isOver { try handle(key) }
        }
    }

    private func reportSubstitutions() {
        let substitutions = page.takeSubstitutions()
        if !substitutions.isEmpty { logger.debug("not on this device: \(substitutions)") }
    }

    /// An empty line between two turns.
    private func endOfAnswer() -> [Strike] {
        page.startLine() + (isInteractive ? page.newLine() : []) + [.tearOff]
    }

    /// Silences model and ink. What was on its way to the paper is dropped.
    private func stopAnswer() throws(TypewriterError) {
        if case .answering(let cancellation) = activity { cancellation.cancel() }
        isStopped = true
        guard printer.stop() else {
            page.discard()
            return try removeSign()
        }
        (signDue, showsSign) = (nil, false)
        let newLine = page.stopped()
        // What waited for a sheet waited at a line's beginning.
        if let sheets, sheets.isFull { return }
        try print(newLine)
        // The end of a whole answer was among what was dropped; that of one in the making is still to come.
        if case .printing = activity { try print(endOfAnswer()) }
    }

    // MARK: The sign

    private func showSignIfDue() throws(TypewriterError) {
        guard let due = signDue, now() >= due else { return }
        signDue = nil
        showsSign = true
        try print(page.type(Self.thinkingSign))
    }

    private func removeSign() throws(TypewriterError) {
        signDue = nil
        guard showsSign else { return }
        showsSign = false
        try print(page.erase(Self.thinkingSign))
    }
}

extension TypewriterError {
    init(_ error: PaperError) { self.init(error.description, status: .ioError) }
    init(_ error: KeyboardError) { self.init(error.description, status: .ioError) }
}

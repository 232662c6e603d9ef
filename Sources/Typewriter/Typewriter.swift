import Conversation
import Glibc
import Keyboard
import Logging
import Paper
import Transcript

/// A typewriter with a model inside, built from its settings.
///
/// Where somebody sits at a terminal, what is wrong is said and ends it. Where nobody does, what is missing is waited for.
public struct Typewriter: Sendable {
    let settings: Settings
    /// Nil where it is waited for.
    private let model: OpenModel?
    /// Reads the settings again; nil where they stay.
    let rereading: (@Sendable () -> SettingsFiles)?

    /// Opens and checks the model, unless it may come later. Nothing is put on a terminal yet.
    /// - Parameter rereading: Reads the settings again when SIGHUP comes. A terminal's SIGHUP means that it is gone, and ends the program.
    public init(_ settings: Settings, rereading: (@Sendable () -> SettingsFiles)? = nil) throws(TypewriterError) {
        try settings.check()
        self.settings = settings
        self.rereading = rereading
        do {
            // While there is little that the guard would be a copy of.
            if settings.paper.kind == PaperKind.typewriter.rawValue || !settings.keyboard.profile.isEmpty { try LineGuard.start() }
        } catch {
            throw TypewriterError(error)
        }
        model = settings.isUnattended ? nil : try Self.openModel(Self.modelPath(settings))
    }

    /// Runs until somebody ends the session. The terminal is as it was afterwards.
    /// - Parameter onReady: Called when keys are listened to, before anything is on the page. A terminal is in raw mode then.
    public func run(onReady: () -> Void = {}) throws(TypewriterError) {
        // Whoever reads the log may go away.
        signal(SIGPIPE, SIG_IGN)
        let log = try SessionLog(
            settings.log, sharesTerminal: isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 1, journal: Journal.ofStandardError())
        defer { log.sessionEnded() }
        let logger = log.logger("platen")
        let machine = Machine()
        machine.observe { logger.info("\($0)", metadata: ["state": "\($0.name)"]) }
        let manager = ServiceManager()
        manager?.follow(machine)
        let ending = settings.isUnattended ? try SignalListener([SIGTERM, SIGINT]) : nil
        let reload = settings.isUnattended && rereading != nil ? try SignalListener([SIGHUP]) : nil
        try runSession(Surroundings(machine: machine, manager: manager, ending: ending, reload: reload, logger: logger), log, onReady)
    }

    /// The keyboard, and with it the terminal's raw mode, lives as long as this runs.
    private func runSession(_ around: Surroundings, _ log: SessionLog, _ onReady: () -> Void) throws(TypewriterError) {
        let transcript = TranscriptWriter.open(settings, around.logger)
        let keys = try Keys(settings.keyboard, around)
        guard let (paper, sheets) = try around.waitForPaper(keys.panel, { () throws(TypewriterError) in try openPaper(transcript?.page, around) })
        else { return }
        let progress = PaperProgress(paper)
        let recorder = try transcript.map { writer throws(TypewriterError) in try TranscriptRecorder(
            writer, sheets, progress,
            interval: settings.paper.sheets.lines > 0 ? TranscriptRecorder.sheetInterval : TranscriptRecorder.rollInterval) }
        defer { recorder?.end() }
        let heartbeat = around.manager.flatMap { manager in manager.heartbeat.map { Heartbeat(every: $0) { manager.isAlive() } } }
        let companions: [(any Keyboard)?] = [around.ending, around.reload, heartbeat]
        let machine = around.machine
        let record = SessionRecord(
            machine, model: (try? Self.modelPath(settings)) ?? "", logsText: { log.holdsText }, around.logger) { sheets.position.line }
        let server = settings.isUnattended ? record.serve(around.logger) : nil
        defer { withExtendedLifetime(server) {} }
        let session = try Session(
            keyboards: [keys.keyboard] + keys.besides + companions.compactMap(\.self), paper: progress, page: settings.paper.page,
            sheets: sheets, panel: keys.panel, keeping: recorder?.keeping, adjustments: { keys.knobs.adjustments },
            observer: { event in
                machine.hear(event)
                record.hear(event)
                recorder?.hear(event)
            },
            isInteractive: settings.keyboard.isInteractive, endsByKey: !settings.isUnattended,
            readsAhead: settings.conversation.readsAhead, logsText: { log.holdsText }, logger: around.logger,
            answering: answering(after: transcript?.resumption.exchanges ?? [], around))
        defer { for listener in [around.ending, around.reload] { listener?.onSignal = {} } }
        around.ending?.onSignal = {
            machine.turn(to: .ending)
            session.end()
        }
        readAgain(for: session, log, around)
        onReady()
        around.machine.turn(to: .typing)
        around.manager?.isReady()
        try session.run()
    }

    /// What stands beside the page: keys, lamps, knobs.
    private struct Keys {
        let panel: SignalPanel
        let knobs: KnobPanel
        let keyboard: AwaitedKeyboard
        /// Buttons, and knobs that have to be listened to.
        let besides: [any Keyboard]

        init(_ settings: Settings.KeyboardSection, _ around: Surroundings) throws(TypewriterError) {
            let machine = around.machine
            let outputs = OutputLines(try settings.outputs(), around.logger)
            panel = SignalPanel(outputs.uses, set: outputs.set)
            machine.observe(panel.show)
            knobs = try KnobPanel(settings.knobs(), around.logger)
            var besides = knobs.keyboards
            if let open = try settings.buttons() { besides.append(try AwaitedKeyboard("the buttons beside the keyboard", logger: around.logger, open: open)) }
            self.besides = besides
            keyboard = try AwaitedKeyboard(settings.description, isPatient: around.ending != nil, logger: around.logger) { obstacle in
                machine.lack(.keyboard, obstacle)
            } open: { () throws(TypewriterError) in try settings.open() }
        }
    }

    /// The paper, in sheets if it comes so.
    private func openPaper(_ page: PageRecord?, _ around: Surroundings) throws(TypewriterError) -> (any PaperDevice, SheetFeed) {
        let (machine, logger) = (around.machine, around.logger)
        let paper = try settings.paper.open(isPatient: settings.isUnattended) { report in
            logger.notice("\(report)")
            machine.lack(.printer, report.obstacle)
        }
        do {
            let feed = try SheetFeed(line: page?.line ?? 0, isFull: page?.isFull ?? false) { isFull in
                machine.needSheet(isFull)
                logger.notice(isFull ? "the sheet is full: put in a new one, and press the page key" : "a new sheet is in")
            }
            return (try SheetedPaper.wrap(paper, settings.paper.sheets, feed), feed)
        } catch {
            throw TypewriterError(error)
        }
    }

    // MARK: The model

    /// - Parameter exchanges: What was said in the conversation that goes on.
    private func answering(
        after exchanges: [Exchange], _ around: Surroundings
    ) -> @Sendable () throws(ConversationError) -> any Answering {
        let (model, settings, machine, logger) = (model, settings, around.machine, around.logger)
        guard let model else {
            machine.lack(.model, AwaitedModel.isBeingRead)
            return {
                AwaitedModel(find: { () throws(TypewriterError) in try Self.modelPath(settings) }, after: exchanges) { (path, exchanges) throws(ConversationError) in
                    try Conversation(OpenModel(path: path), settings, after: exchanges, logger)
                } report: { obstacle in
                    machine.lack(.model, obstacle)
                    logger.notice(obstacle.map { "the model is waited for: \($0)" } ?? "the model is there")
                }
            }
        }
        return { () throws(ConversationError) in try Conversation(model, settings, after: exchanges, logger) }
    }

    private static func modelPath(_ settings: Settings) throws(TypewriterError) -> String {
        settings.model.path.isEmpty ? try IncludedModel.find() : settings.model.path
    }

    private static func openModel(_ path: String) throws(TypewriterError) -> OpenModel {
        guard access(path, R_OK) == 0 else {
            throw TypewriterError("model \(path): \(String(cString: strerror(errno)))", status: .noInput)
        }
        do {
            return try OpenModel(path: path)
        } catch {
            throw TypewriterError(error.description, status: .badData)
        }
    }
}

extension Settings {
    /// Nobody sits before the machine's own screen: it is a typewriter, not a program in a terminal.
    var isUnattended: Bool { keyboard.kind != KeyboardKind.terminal.rawValue }
}

extension Conversation {
    fileprivate convenience init(_ model: OpenModel, _ settings: Settings, after exchanges: [Exchange], _ logger: Logger) throws(ConversationError) {
        try self.init(
            model,
            contextLength: settings.model.contextLength == 0 ? nil : settings.model.contextLength,
            cacheType: CacheType(rawValue: settings.model.cacheType) ?? .f16,
            memoryLimit: settings.model.memoryLimit == 0 ? nil : settings.model.memoryLimit,
            threads: settings.model.threads == 0 ? nil : settings.model.threads,
            settings: settings.forConversation, logger: logger
        )
        recall(exchanges)
    }
}

import Conversation
import Glibc
import Keyboard
import Logging
import Paper
import Transcript

/// A typewriter with a model inside, built from its settings.
public struct Typewriter: Sendable {
    private let settings: Settings
    private let model: OpenModel

    /// Opens and checks the model. Nothing is put on a terminal yet.
    public init(_ settings: Settings) throws(TypewriterError) {
        try settings.check()
        self.settings = settings
        do {
            // While there is little that the guard would be a copy of.
            if settings.paper.kind == PaperKind.typewriter.rawValue || !settings.keyboard.profile.isEmpty { try LineGuard.start() }
        } catch {
            throw TypewriterError(error)
        }
        let path = settings.model.path.isEmpty ? try IncludedModel.find() : settings.model.path
        guard access(path, R_OK) == 0 else {
            throw TypewriterError("model \(path): \(String(cString: strerror(errno)))", status: .noInput)
        }
        do {
            model = try OpenModel(path: path)
        } catch {
            throw TypewriterError(error.description, status: .badData)
        }
    }

    /// Runs until somebody ends the session. The terminal is as it was afterwards.
    /// - Parameter onReady: Called when keys are listened to, before anything is on the page. A terminal is in raw mode then.
    public func run(onReady: () -> Void = {}) throws(TypewriterError) {
        let log = try SessionLog(path: settings.log.file, sharesTerminal: isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 1)
        defer { log.sessionEnded() }
        try runSession(log.logger("platen", level: Logger.Level(rawValue: settings.log.level) ?? .notice), onReady)
    }

    /// The keyboard, and with it the terminal's raw mode, lives as long as this runs.
    private func runSession(_ logger: Logger, _ onReady: () -> Void) throws(TypewriterError) {
        let (model, settings) = (model, settings)
        let outputs = try OutputLines(settings.keyboard.outputs(), logger)
        let panel = SignalPanel(outputs.uses, set: outputs.set)
        let machine = Machine()
        machine.observe(panel.show)
        let transcript = TranscriptWriter.open(settings, logger)
        let (paper, sheets) = try sheeted(try settings.paper.open { logger.notice("\($0)") }, transcript?.page, machine, logger)
        let progress = PaperProgress(paper)
        let exchanges = transcript?.resumption.exchanges ?? []
        let recorder = try transcript.map { writer throws(TypewriterError) in try TranscriptRecorder(writer, sheets, progress) }
        defer { recorder?.end() }
        let knobs = try KnobPanel(settings.keyboard.knobs())
        let keyboard = ReportingKeyboard(try settings.keyboard.open(), name: settings.keyboard.description, logger: logger)
        let session = try Session(
            keyboards: [keyboard] + knobs.keyboards, paper: progress, page: settings.paper.page, sheets: sheets, panel: panel,
            keeping: recorder?.keeping, adjustments: { knobs.adjustments },
            observer: { event in
                machine.hear(event)
                recorder?.hear(event)
            },
            isInteractive: settings.keyboard.isInteractive, readsAhead: settings.conversation.readsAhead, logger: logger
        ) { () throws(ConversationError) -> any Answering in
            let conversation = try Conversation(
                model,
                contextLength: settings.model.contextLength == 0 ? nil : settings.model.contextLength,
                cacheType: CacheType(rawValue: settings.model.cacheType) ?? .f16,
                memoryLimit: settings.model.memoryLimit == 0 ? nil : settings.model.memoryLimit,
                threads: settings.model.threads == 0 ? nil : settings.model.threads,
                settings: settings.forConversation, logger: logger
            )
            conversation.recall(exchanges)
            return conversation
        }
        machine.turn(to: .typing)
        onReady()
        try session.run()
    }

    /// The paper in sheets, if it comes so.
    private func sheeted(
        _ paper: any PaperDevice, _ page: PageRecord?, _ machine: Machine, _ logger: Logger
    ) throws(TypewriterError) -> (any PaperDevice, SheetFeed) {
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
}

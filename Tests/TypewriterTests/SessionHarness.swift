import Conversation
import Foundation
import Keyboard
import Logging
import Paper
import Synchronization
import Testing
@testable import Typewriter

/// Paper that a test can read: what stands on it, line by line.
final class PaperProbe: PaperDevice {
    struct Sheet {
        var lines: [[Character]] = [[]]
        var column = 0
        var bells = 0
    }

    let capabilities: PaperCapabilities
    private let sheet = Mutex(Sheet())
    /// Microseconds for a character.
    private let pace: UInt32

    init(columns: Int? = nil, canErase: Bool = true, pace: UInt32 = 0) {
        capabilities = PaperCapabilities(columns: columns, canErase: canErase, bold: true, underline: true)
        self.pace = pace
    }

    var text: String { sheet.withLock { $0.lines.map { String($0.filter { $0 != Sheet.secondHalf }) }.joined(separator: "\n") } }
    var bells: Int { sheet.withLock(\.bells) }

    func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        for strike in strikes {
            switch strike {
            case .text(let text, _):
                for character in text {
                    if stop.isRaised { return false }
                    sheet.withLock { $0.put(character) }
                    if pace > 0 { usleep(pace) }
                }
            case .newLine:
                sheet.withLock { $0.lines.append([]); $0.column = 0 }
            case .tearOff:
                break
            case .bell:
                sheet.withLock { $0.bells += 1 }
            case .back(let columns):
                sheet.withLock { $0.column = max(0, $0.column - columns) }
            case .erase(_, let column):
                sheet.withLock { $0.lines[$0.lines.count - 1].removeLast(max(0, $0.lines[$0.lines.count - 1].count - column)); $0.column = column }
            case .lineUp(let column):
                sheet.withLock { if $0.lines.count > 1 { $0.lines.removeLast() }; $0.column = column }
            }
        }
        return !stop.isRaised
    }
}

extension PaperProbe.Sheet {
    /// Fills the second column of a wide character.
    static let secondHalf: Character = "\0"

    mutating func put(_ character: Character) {
        let last = lines.count - 1
        while lines[last].count < column { lines[last].append(" ") }
        if column < lines[last].count { lines[last][column] = character } else { lines[last].append(character) }
        column += 1
        if character.unicodeScalars.contains(where: { (0x2E80...0xFFDC).contains($0.value) }) {
            lines[last].append(Self.secondHalf)
            column += 1
        }
    }
}

/// Answers as a test says, and can be held in the middle of an answer.
final class ScriptedAnswerer: Answering {
    /// What a test and the model's thread share.
    final class Script: Sendable {
        struct State {
            var answers: [String] = []
            var prompts: [String] = []
            /// What was said of each answer before.
            var begun: [String] = []
            /// What was read ahead; in brackets where nobody was typing.
            var readings: [String] = []
            var resets = 0
            var adjustments: [Adjustments] = []
            var configurations: [ConversationSettings] = []
            var cancellations = 0
        }
        let state: Mutex<State>
        /// Words of an answer come only while this is open.
        let isOpen = Atomic<Bool>(true)

        init(_ answers: [String]) { state = Mutex(State(answers: answers)) }

        var prompts: [String] { state.withLock(\.prompts) }
        var readings: [String] { state.withLock(\.readings) }
        var cancellations: Int { state.withLock(\.cancellations) }
    }

    private let script: Script

    init(_ script: Script) { self.script = script }

    func reply(
        to prompt: String, input: String?, begun: String, cancellation: Cancellation, onText: (String) -> Bool
    ) throws(ConversationError) -> Reply {
        let answer = script.state.withLock { state in
            state.prompts.append(prompt)
            state.begun.append(begun)
            return state.answers.isEmpty ? "Nothing." : state.answers.removeFirst()
        }
        if answer.hasPrefix("error: ") { throw ConversationError(String(answer.dropFirst(7))) }
        var given = ""
        for (index, piece) in answer.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            while !script.isOpen.load(ordering: .acquiring), !cancellation.isCancelled { usleep(500) }
            if cancellation.isCancelled {
                script.state.withLock { $0.cancellations += 1 }
                return Reply(text: given, finish: .cancelled, promptTokens: 1, answerTokens: 1, droppedTurns: 0)
            }
            let text = (index == 0 ? "" : " ") + piece
            given += text
            if !text.isEmpty, !onText(text) { break }
        }
        return Reply(text: given, finish: .endOfTurn, promptTokens: 1, answerTokens: 1, droppedTurns: 0)
    }

    func configure(_ settings: ConversationSettings) {
        script.state.withLock { $0.configurations.append(settings) }
    }

    func readAhead(_ typed: String, isPausing: Bool, isCurrent: () -> Bool, isWanted: () -> Bool) {
        script.state.withLock { $0.readings.append(isPausing ? "[\(typed)]" : typed) }
    }

    func adjust(_ adjustments: Adjustments) { script.state.withLock { $0.adjustments.append(adjustments) } }
    func reset() { script.state.withLock { $0.resets += 1 } }
}

/// A session with somebody at its keys.
final class Typist {
    let paper: PaperProbe
    let script: ScriptedAnswerer.Script
    private let keys = Pipe()
    private let isOver = DispatchSemaphore(value: 0)

    init(
        _ answers: [String], columns: Int = 40, canErase: Bool = true, pace: UInt32 = 0, isInteractive: Bool = true, endsByKey: Bool = true,
        readsAhead: Bool = true, sheets settings: SheetSettings = SheetSettings(), resumption: Resumption? = nil,
        settle: @escaping @Sendable () -> Void = {}
    ) throws {
        paper = PaperProbe(canErase: canErase, pace: pace)
        script = ScriptedAnswerer.Script(answers)
        let machine = Machine()
        let feed = try SheetFeed(onChange: machine.needSheet)
        let (sheets, script, isOver) = (PaperProgress(try SheetedPaper.wrap(paper, settings, feed)), script, isOver)
        let keeping = resumption.map { Keeping(resumption: $0, progress: sheets, settle: settle) }
        let descriptor = keys.fileHandleForReading.fileDescriptor
        let failed = FailureBox()
        box = failed
        let (signals, events, beside) = (signals, events, beside)
        let panel = SignalPanel([.thinking, .page, .bell]) { use, isOn, _ in
            signals.all.withLock { $0.append("\(use) \(isOn ? "on" : "off")") }
            return nil
        }
        signals.all.withLock { $0 = [] }
        machine.observe(panel.show)
        Thread.detachNewThread {
            do {
                var questions = 0
                let session = try Session(
                    keyboards: [TerminalKeyboard(descriptor: descriptor), beside], paper: sheets, page: PageSettings(columns: columns), sheets: feed,
                    panel: panel, keeping: keeping,
                    adjustments: {
                        questions += 1
                        return Adjustments(temperature: Float(questions))
                    }, observer: { event in
                        machine.hear(event)
                        events.all.withLock { $0.append(event) }
                    },
                    isInteractive: isInteractive, endsByKey: endsByKey, readsAhead: readsAhead, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                ) { () throws(ConversationError) -> any Answering in ScriptedAnswerer(script) }
                beside.onSignal = { session.end() }
                defer { beside.onSignal = {} }
                try session.run()
            } catch {
                failed.error.withLock { $0 = "\(error)" }
            }
            isOver.signal()
        }
    }

    /// What the lamps and the bell beside the keys did.
    final class Signals: Sendable { let all = Mutex<[String]>([]) }
    let signals = Signals()

    /// What observers were told.
    final class Events: Sendable { let all = Mutex<[SessionEvent]>([]) }
    let events = Events()

    /// Tells the session to end, as a signal does.
    func end() { beside.hasToEnd.store(true, ordering: .releasing) }
    /// Keys of a device that knows more of them than a terminal does.
    func press(_ keys: [(Key, KeyEvent.Action)]) { beside.keys.withLock { $0 += keys } }
    private let beside = Beside()

    /// Asked now and then.
    private final class Beside: Keyboard, @unchecked Sendable {
        let descriptor: Int32? = nil
        let givesKeys = false
        private(set) var deadline: UInt64? = 0
        let hasToEnd = Atomic<Bool>(false)
        let keys = Mutex<[(Key, KeyEvent.Action)]>([])
        var onSignal: () -> Void = {}

        func read(at now: UInt64, into events: inout [KeyEvent]) {
            deadline = now + 5_000_000
            if hasToEnd.exchange(false, ordering: .acquiring) { onSignal() }
            let pressed = keys.withLock { keys in
                defer { keys = [] }
                return keys
            }
            events += pressed.map { KeyEvent(time: now, key: $0.0, action: $0.1) }
        }
    }

    final class FailureBox: Sendable { let error = Mutex<String?>(nil) }
    private let box: FailureBox
    var error: String? { box.error.withLock { $0 } }

    func type(_ text: String) {
        keys.fileHandleForWriting.write(Data(text.utf8))
    }

    func close() {
        try? keys.fileHandleForWriting.close()
    }

    /// Waits until this is on the paper.
    func expect(
        _ expected: String, _ location: SourceLocation = #_sourceLocation
    ) {
        wait { self.paper.text == expected }
        #expect(paper.text == expected, sourceLocation: location)
    }

    func wait(for condition: () -> Bool) {
        let deadline = ContinuousClock.now + .seconds(60)
        while !condition(), ContinuousClock.now < deadline { usleep(1000) }
    }

    /// Whether the session ended, soon.
    func ends(within seconds: Double = 60) -> Bool {
        let hasEnded = isOver.wait(timeout: .now() + seconds) == .success
        if hasEnded { isOver.signal() }
        return hasEnded
    }

    deinit {
        script.isOpen.store(true, ordering: .releasing)
        close()
        _ = ends()
    }
}

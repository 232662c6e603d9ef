import Synchronization
import Testing
@testable import Paper

/// Writes down what it is to print.
private final class Recorder: PaperDevice {
    let capabilities = PaperCapabilities(columns: 80, canErase: true)
    private let printed = Mutex<[Strike]>([])
    var strikes: [Strike] { printed.withLock(\.self) }

    func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        printed.withLock { $0 += strikes }
        return !stop.isRaised
    }
}

/// One letter for a strike: t text, n a new line, b the bell.
private func letters(_ strikes: [Strike]) -> String {
    strikes.map { strike in
        switch strike {
        case .text(let text, _): text
        case .newLine: "n"
        case .bell: "b"
        default: "?"
        }
    }.joined()
}

private func lines(_ texts: String...) -> [Strike] { texts.flatMap { [.text($0, []), .newLine] } }

@Suite("Sheets")
struct SheetTests {
    private let stop: StopSignal
    private let recorder = Recorder()

    init() throws { stop = try StopSignal() }

    @Test("A roll has no end")
    func roll() throws {
        let paper = try SheetedPaper.wrap(recorder, SheetSettings(), SheetFeed())
        #expect(paper === recorder)
    }

    @Test("Over the fold of continuous paper go the margins, and nobody is waited for")
    func continuous() throws {
        let settings = SheetSettings(lines: 6, topMargin: 1, bottomMargin: 2, isContinuous: true)
        let paper = try SheetedPaper.wrap(recorder, settings, SheetFeed())
        #expect(try paper.print(lines("A", "B", "C", "D", "E", "F", "G"), stop: stop))
        #expect(letters(recorder.strikes) == "AnBnCn" + "nnn" + "DnEnFn" + "nnn" + "Gn")
        #expect(paper.capabilities.canErase)
    }

    @Test("A full sheet rings the bell, once, and the rest waits for a new one")
    func single() async throws {
        let changes = Mutex<[Bool]>([])
        let feed = try SheetFeed { isFull in changes.withLock { $0.append(isFull) } }
        let paper = try SheetedPaper.wrap(recorder, SheetSettings(lines: 4, topMargin: 1, bottomMargin: 1), feed)
        #expect(!paper.capabilities.canErase)
        // What ends with the sheet is done.
        #expect(try paper.print(lines("A", "B"), stop: stop))
        #expect(letters(recorder.strikes) == "AnBnb")
        #expect(feed.isFull && changes.withLock(\.self) == [true])
        // The bell needs no sheet.
        #expect(try paper.print([.bell], stop: stop))
        #expect(letters(recorder.strikes) == "AnBnbb")
        let printer = try Printer(paper)
        try printer.print(lines("C", "D", "E"))
        for expected in ["AnBnbb" + "nCnDnb", "AnBnbb" + "nCnDnb" + "nEn"] {
            feed.insert()
            let deadline = ContinuousClock.now + .seconds(30)
            while letters(recorder.strikes) != expected, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(1)) }
            #expect(letters(recorder.strikes) == expected)
        }
        try printer.drain()
        #expect(changes.withLock(\.self) == [true, false, true, false])
    }

    @Test("A stop ends the waiting; the sheet stays full, and nothing is printed on it")
    func stopped() throws {
        let feed = try SheetFeed()
        let paper = try SheetedPaper.wrap(recorder, SheetSettings(lines: 1), feed)
        #expect(try paper.print(lines("A"), stop: stop))
        stop.raise()
        #expect(try !paper.print(lines("B"), stop: stop))
        stop.lower()
        #expect(feed.isFull && letters(recorder.strikes) == "Anb")
    }

    @Test("A sheet that is put in before the last is full counts from its top")
    func early() throws {
        let feed = try SheetFeed()
        let paper = try SheetedPaper.wrap(recorder, SheetSettings(lines: 3), feed)
        #expect(try paper.print(lines("A", "B"), stop: stop))
        feed.insert()
        #expect(try paper.print(lines("C", "D"), stop: stop))
        #expect(!feed.isFull)
        #expect(try paper.print(lines("E"), stop: stop))
        #expect(feed.isFull && letters(recorder.strikes) == "AnBnCnDnEnb")
    }

    @Test("What is printed waits while the paper is out, and counts from the new sheet's top; a roll does not wait")
    func takenOut() async throws {
        let changes = Mutex<[Bool]>([])
        let feed = try SheetFeed { isFull in changes.withLock { $0.append(isFull) } }
        feed.takeOut()
        #expect(!feed.isFull)
        let paper = try SheetedPaper.wrap(recorder, SheetSettings(lines: 3), feed)
        #expect(try paper.print(lines("A", "B"), stop: stop))
        feed.takeOut()
        feed.takeOut()
        let printer = try Printer(paper)
        try printer.print(lines("C", "D", "E"))
        try await Task.sleep(for: .milliseconds(20))
        #expect(letters(recorder.strikes) == "AnBn")
        feed.insert()
        try printer.drain()
        #expect(letters(recorder.strikes) == "AnBnCnDnEnb")
        #expect(changes.withLock(\.self) == [true, false, true])
    }

    @Test("Margins that leave no line are refused")
    func margins() throws {
        #expect(throws: PaperError.self) {
            try SheetedPaper.wrap(recorder, SheetSettings(lines: 5, topMargin: 3, bottomMargin: 2), SheetFeed())
        }
    }
}

import Paper
import Synchronization
import Testing

@Suite("Paper progress")
struct PaperProgressTests {
    /// Takes so many lines, then stops.
    private final class Stub: PaperDevice {
        let capabilities = PaperCapabilities(canErase: true)
        let remaining = Atomic<Int>(0)
        init(_ lines: Int) { remaining.store(lines, ordering: .relaxed) }
        func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
            if remaining.load(ordering: .relaxed) == 0 { return false }
            remaining.subtract(strikes.count { $0 == .newLine }, ordering: .relaxed)
            return true
        }
    }

    @Test("Lines count when their end is on paper, and erased ends do not")
    func counts() throws {
        let progress = PaperProgress(Stub(100))
        let stop = try StopSignal()
        #expect(try progress.print([.text("a", []), .newLine, .text("b", [])], stop: stop))
        #expect(progress.lines == 1)
        #expect(try progress.print([.newLine, .newLine, .lineUp(to: 3)], stop: stop))
        #expect(progress.lines == 2)
        progress.catchUp(with: 10)
        #expect(try progress.print([.bell, .newLine], stop: stop))
        #expect(progress.lines == 11)
    }

    @Test("What a stop drops does not count")
    func stopped() throws {
        let progress = PaperProgress(Stub(2))
        #expect(try progress.print([.newLine, .newLine, .newLine, .newLine], stop: StopSignal()) == false)
        #expect(progress.lines == 2)
    }

    @Test("A sheet that an earlier session printed on ends where it would have")
    func sheetGoesOn() throws {
        let full = Atomic<Int>(0)
        let feed = try SheetFeed(line: 7) { _ in full.add(1, ordering: .relaxed) }
        let paper = try SheetedPaper.wrap(Stub(100), SheetSettings(lines: 10), feed)
        let stop = try StopSignal()
        #expect(try paper.print([.text("a", []), .newLine, .newLine], stop: stop))
        #expect(feed.position == (9, false))
        #expect(try paper.print([.newLine], stop: stop))
        #expect(feed.position == (0, true))
        #expect(full.load(ordering: .relaxed) == 1)
        let waiting = try SheetFeed(line: 0, isFull: true) { _ in full.add(1, ordering: .relaxed) }
        #expect(waiting.isFull)
        #expect(full.load(ordering: .relaxed) == 2)
        #expect(try SheetedPaper.wrap(Stub(100), SheetSettings(lines: 5), SheetFeed(line: 400)).print([.newLine], stop: stop))
    }
}

import Glibc
import Paper
import Testing

@Suite struct TerminalPaperTests {
    private let everything: [Strike] = [
        .text("plain ", []), .text("bold", .bold), .text(" ", []), .text("under", .underline),
        .text("both", [.bold, .underline]), .newLine, .bell, .text("abc", []), .erase(columns: 2, to: 5), .lineUp(to: 7), .back(columns: 2),
    ]

    @Test func aTerminalGetsStylesAndErasures() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let paper = try TerminalPaper(descriptor: pipe.writeEnd, isTerminal: true)
        #expect(try paper.print(everything, stop: StopSignal()))
        #expect(
            pipe.read() == "plain \u{1B}[1mbold\u{1B}[22m \u{1B}[4munder\u{1B}[24m"
                + "\u{1B}[1m\u{1B}[4mboth\u{1B}[24m\u{1B}[22m\r\n"
                + "\u{7}abc\u{1B}[6G\u{1B}[K\u{1B}[A\u{1B}[8G\u{8}\u{8}")
        #expect(paper.capabilities == PaperCapabilities(columns: nil, canErase: true, bold: true, underline: true))
    }

    @Test func aFileGetsPlainText() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let paper = try TerminalPaper(descriptor: pipe.writeEnd)
        #expect(try paper.print(Array(everything.prefix(8)), stop: StopSignal()))
        #expect(pipe.read() == "plain bold underboth\nabc")
        #expect(paper.capabilities == PaperCapabilities())
    }

    /// The same bytes, a letter at a time, in the time that letters take.
    @Test func paceIsKept() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let clock = FakeClock()
        let paper = try TerminalPaper(descriptor: pipe.writeEnd, charactersPerSecond: 10, isTerminal: true, clock: clock)
        let start = clock.now()
        #expect(try paper.print([.text("héllo e\u{301}", .bold), .newLine], stop: StopSignal()))
        #expect(clock.now() - start == 800_000_000)
        #expect(clock.waits == 8)
        #expect(pipe.read() == "\u{1B}[1mhéllo e\u{301}\u{1B}[22m\r\n")
    }

    @Test func aStopEndsAtTheLetterAndLeavesThePlainStyle() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let paper = try TerminalPaper(
            descriptor: pipe.writeEnd, charactersPerSecond: 10, isTerminal: true, clock: FakeClock(stopAfter: 3))
        #expect(try !paper.print([.text("hello", [.bold, .underline]), .newLine, .text("more", [])], stop: StopSignal()))
        #expect(pipe.read() == "\u{1B}[1m\u{1B}[4mhel\u{1B}[24m\u{1B}[22m")
    }

    @Test func aStopBeforeTheFirstLetterPrintsNone() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let stop = try StopSignal()
        stop.raise()
        for pace in [0.0, 20] {
            let paper = try TerminalPaper(descriptor: pipe.writeEnd, charactersPerSecond: pace, isTerminal: true)
            #expect(try !paper.print([.text("hello", .bold)], stop: stop))
        }
        #expect(pipe.read() == "")
        stop.lower()
        #expect(!stop.isRaised)
    }

    /// Nobody reads, so the pipe is full and the printing thread is stuck in the middle of a text.
    @Test func aStopEndsAWriteThatIsBlocked() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let printer = try Printer(TerminalPaper(descriptor: pipe.writeEnd))
        try printer.print(Array(repeating: .text(String(repeating: "x", count: 4000), []), count: 100))
        let full = waitUntil { bytesIn(pipe.readEnd) >= 40_000 }
        #expect(full)
        #expect(!printer.isIdle)
        #expect(printer.stop())
        #expect(printer.isIdle)
        #expect(pipe.read().utf8.count < 70_000)
        try printer.print([.text("again", [])])
        try printer.drain()
        #expect(pipe.read() == "again")
    }

    @Test func everythingQueuedIsPrintedInOrder() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let printer = try Printer(TerminalPaper(descriptor: pipe.writeEnd))
        for number in 0..<2_000 { try printer.print([.text("\(number) ", [])]) }
        try printer.drain()
        #expect(pipe.read() == (0..<2_000).map { "\($0) " }.joined())
        #expect(printer.isIdle)
        #expect(!printer.stop())
    }

    @Test func aReaderThatIsGoneIsAnError() throws {
        let pipe = Pipe()
        close(pipe.readEnd)
        defer { close(pipe.writeEnd) }
        let printer = try Printer(TerminalPaper(descriptor: pipe.writeEnd))
        let error = PaperError("cannot print on descriptor \(pipe.writeEnd): Broken pipe")
        try printer.print([.text("x", [])])
        #expect(throws: error) { try printer.drain() }
        #expect(throws: error) { try printer.print([.text("y", [])]) }
        #expect(!printer.stop())
    }

    @Test func aFullDiskIsAnError() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        defer { close(descriptor) }
        let printer = try Printer(TerminalPaper(descriptor: descriptor))
        try printer.print([.text("x", [])])
        let error = PaperError("cannot print on descriptor \(descriptor): No space left on device")
        #expect(throws: error) { try printer.drain() }
    }

    @Test(arguments: [-1, Double.nan, Double.infinity, 10_001, -Double.infinity])
    func absurdPacesAreErrors(pace: Double) {
        #expect(throws: PaperError("paper.characters_per_second: \(pace) is not between 0 and 10000")) {
            try TerminalPaper(charactersPerSecond: pace)
        }
    }

    @Test func aPaceCloseToNothingDoesNotTrap() throws {
        let pipe = Pipe()
        defer { pipe.close() }
        let paper = try TerminalPaper(
            descriptor: pipe.writeEnd, charactersPerSecond: .leastNonzeroMagnitude, clock: FakeClock())
        #expect(try paper.print([.text("ab", [])], stop: StopSignal()))
    }

    private func bytesIn(_ descriptor: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    private func waitUntil(_ condition: () -> Bool) -> Bool {
        for _ in 0..<5_000 {
            if condition() { return true }
            usleep(2_000)
        }
        return false
    }
}

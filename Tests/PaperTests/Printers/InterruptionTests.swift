@testable import Paper
import Synchronization
import TestSupport
import Testing

/// What happens in the middle of a page. A glyph may be struck twice on its own place, but nothing is missing, and nothing is elsewhere.
@Suite("An interrupted printer")
struct InterruptionTests {
    private static let printers = (try? printersUnderTest()) ?? []

    private static func lossy<Reader: PrinterReader & Sendable>(_ printer: PrinterUnderTest, _ reader: Reader, seed: Int, cable: Bool) throws {
        var random = SeededGenerator(seed: seed)
        let strikes = printer.strikes(&random, lines: 10)
        let port = MemoryPort(reader)
        let losses = Mutex(SeededGenerator(seed: seed + 1))
        port.state.withLock {
            $0.hasCable = cable
            $0.untilLoss = 5
            // A printer that forgets its line gets it again, and must have the time for it.
            let most = [.escp, .escpos].contains(printer.profile.language) ? 1500 : 300
            $0.nextLoss = { losses.withLock { Int.random(in: 0..<most, using: &$0) } }
        }
        let device = PrinterDevice(printer.profile, port: port, retryMilliseconds: 0)
        let isDone = try device.print(strikes, stop: StopSignal())
        #expect(isDone)
        #expect(port.page.outlines == printer.expected(strikes).outlines)
        #expect(Set(port.page.cuts) == Set(printer.expected(strikes).cuts))
        #expect(port.state.withLock(\.losses) >= 1)
    }

    // One that acknowledges is another matter: what it printed without being able to say so comes again.
    @Test("that is unplugged again and again prints the same page", arguments: printers.filter { $0.profile.blockSize == nil })
    func unplugged(_ printer: PrinterUnderTest) throws {
        for seed in 0..<20 { try Self.lossy(printer, printer.reader(), seed: seed, cable: false) }
    }

    @Test("that acknowledges loses nothing even of what was on its way")
    func acknowledged() throws {
        let printer = try #require(Self.printers.first { $0.profile.blockSize != nil })
        for seed in 0..<30 { try Self.lossy(printer, printer.reader(), seed: seed, cable: true) }
    }

    @Test("that is stopped is left plain, between two sequences, and prints on", arguments: printers)
    func stopped(_ printer: PrinterUnderTest) throws {
        func stop(_ reader: some PrinterReader & Sendable, after bytes: Int) throws {
            var random = SeededGenerator(seed: bytes)
            let port = MemoryPort(reader)
            let device = PrinterDevice(printer.profile, port: port, retryMilliseconds: 0)
            let signal = try StopSignal()
            port.state.withLock { $0.untilStop = bytes }
            let isDone = try device.print(printer.strikes(&random, lines: 4), stop: signal)
            #expect(!isDone)
            signal.lower()
            #expect(try device.print([.newLine, .text("PLAIN", []), .newLine], stop: signal))
            #expect(port.faults == [])
            let lines = port.page.plainLines
            #expect(lines.last == "PLAIN")
            let last = port.page.places.filter { $0.key[0] == lines.count - 1 }.values
            #expect(last.allSatisfy { !$0.isBold && !$0.isUnderlined && $0.glyphs.values.allSatisfy { $0 == 1 } })
        }
        for bytes in 0..<120 { try stop(printer.reader(), after: bytes) }
    }

    @Test("waits while there is no paper, and says so once")
    func noPaper() throws {
        let printer = try #require(Self.printers.first { $0.profile.features.contains(.status) })
        let port = MemoryPort(EpsonReader(isReceipt: true))
        port.state.withLock { $0.reader.status[3] = 0x72 }
        let reports = Mutex<[String]>([])
        let device = PrinterDevice(printer.profile, port: port, retryMilliseconds: 1) { report in
            reports.withLock { $0.append(report.description) }
            // Somebody puts paper in, and leaves the cover open for a while.
            if report.description.contains("out of paper") {
                #expect(port.page.places.isEmpty)
                port.state.withLock { $0.reader.status = [0x16, 0x16, 0x12, 0x12] }
            } else if report.description.contains("cover") {
                port.state.withLock { $0.reader.status = [0x16, 0x12, 0x12, 0x12] }
            }
        }
        #expect(try device.print([.text("HELLO", []), .newLine], stop: StopSignal()))
        #expect(port.page.plainLines == ["HELLO"])
        #expect(reports.withLock { $0 } == [
            "memory: out of paper; printing waits", "memory: the cover is open; printing waits", "memory: printing goes on",
        ])
    }

    @Test("that answers nothing is printed on")
    func mute() throws {
        let printer = try #require(Self.printers.first { $0.profile.features.contains(.status) })
        let port = MemoryPort(PlainReader())
        let device = PrinterDevice(printer.profile, port: port, retryMilliseconds: 0)
        #expect(try device.print([.text("A", []), .newLine, .text("B", []), .newLine], stop: StopSignal()))
        #expect(port.bytes.count(where: { $0 == 0x10 }) == 1, "it is asked once")
    }

    @Test("that waits is stopped at once")
    func stoppedWaiting() throws {
        let port = MemoryPort(PlainReader())
        port.state.withLock { $0.obstacles = ["off line"] }
        let signal = try StopSignal()
        let device = PrinterDevice(PrinterProfile(name: "plain", language: .plain), port: port, retryMilliseconds: 60_000) { _ in signal.raise() }
        let isDone = try device.print([.text("A", [])], stop: signal)
        #expect(!isDone)
        #expect(port.bytes == [])
    }

    @Test("A spooled job is complete where the text ends")
    func jobs() throws {
        let port = MemoryPort(PlainReader())
        let device = PrinterDevice(PrinterProfile(name: "plain", language: .plain), port: port)
        #expect(try device.print([.text("A", []), .newLine, .tearOff, .text("B", []), .newLine], stop: StopSignal()))
        #expect(port.state.withLock(\.jobs) == 1)
    }
}

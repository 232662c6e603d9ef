@testable import Paper
import Synchronization
import TestSupport
import Testing

@Suite("Displays, read by another")
struct DisplayTests {
    private static let lcd = DisplayProfile(
        name: "LCD", kind: .lcd, columns: 16, lines: 2,
        codes: Dictionary(uniqueKeysWithValues: Repertoire.ascii.compactMap { character in character.asciiValue.map { (character, $0) } })
            .filter { $0.key != "~" }.merging(["→": 0x7E, "ä": 0xE1, "°": 0xDF]) { $1 })

    private static func character(_ code: UInt8) -> Character {
        switch code {
        case 0x7E: "→"
        case 0xE1: "ä"
        case 0xDF: "°"
        case 0x20..<0x7F: Character(Unicode.Scalar(code))
        default: "\u{FFFD}"
        }
    }

    /// The last lines of a sheet, as a display of this size shows them.
    private static func expected(_ sheet: Sheet, columns: Int, rows: Int) -> [String] {
        let lines = sheet.lines[...sheet.line].suffix(rows).map { line in
            let text = line.map { $0?.character ?? "" }.joined()
            return text + String(repeating: " ", count: max(0, columns - line.count))
        }
        return [String](repeating: String(repeating: " ", count: columns), count: rows - lines.count) + lines
    }

    @Test("An LCD shows the line in the making below, and the line before above it")
    func scrolls() throws {
        let port = MemoryPort(LCDReader(columns: 16, lines: 2))
        let device = DisplayDevice(Self.lcd, columns: 16, lines: 2, port: port)
        var page = try Page(PageSettings(columns: 16), for: device.capabilities)
        let stop = try StopSignal()
        func shown(_ strikes: [Strike]) throws -> [String] {
            #expect(try device.print(strikes, stop: stop))
            return port.state.withLock { $0.reader.lines(Self.character) }
        }
        #expect(try shown(page.type("Hällo 20°")) == ["                ", "Hällo 20°       "])
        #expect(try shown(page.newLine()) == ["Hällo 20°       ", "                "])
        #expect(try shown(page.write("One “way” → or the other, é") + page.flush()) == ["One \"way\" → or  ", "the other, e    "])
        #expect(port.state.withLock { ($0.reader.x, $0.reader.y) } == (12, 1), "the cursor stands where the next letter goes")
        #expect(try shown(page.bell()) == ["One \"way\" → or  ", "the other, e    "])
        #expect(port.state.withLock { ($0.reader.flashes, $0.reader.isCursorOn) } == (1, true))
        #expect(port.faults == [])
    }

    @Test("What is typed, erased and answered at random looks on an LCD as it was laid out")
    func random() throws {
        for seed in 0..<40 {
            var random = SeededGenerator(seed: seed)
            let rows = Int.random(in: 1...4, using: &random)
            let port = MemoryPort(LCDReader(columns: 16, lines: rows))
            let device = DisplayDevice(Self.lcd, columns: 16, lines: rows, port: port)
            try Self.play(device, &random) { sheet in
                #expect(port.state.withLock { $0.reader.lines(Self.character) } == Self.expected(sheet, columns: 16, rows: rows))
            }
            #expect(port.faults == [])
        }
    }

    @Test("So it does on a console, with wide characters, marks and styles")
    func console() throws {
        for seed in 0..<40 {
            var random = SeededGenerator(seed: seed)
            let (columns, rows) = (Int.random(in: 8...40, using: &random), Int.random(in: 2...9, using: &random))
            let port = MemoryPort(ConsoleReader(columns: columns, lines: rows))
            let device = DisplayDevice(DisplayProfile(name: "console", kind: .console), columns: columns, lines: rows, port: port)
            try Self.play(device, &random) { sheet in
                let reader = port.state.withLock(\.reader)
                #expect(reader.lines == Self.expected(sheet, columns: columns, rows: rows))
                let bold = sheet.lines[...sheet.line].suffix(rows).map { $0.count { $0?.style.contains(.bold) == true } }
                #expect(reader.rows.suffix(bold.count).map { $0.count { $0.isBold && !$0.text.isEmpty } } == bold)
            }
            #expect(port.faults == [])
        }
    }

    /// Types, erases and answers, and calls `check` after every step.
    private static func play(_ device: DisplayDevice, _ random: inout SeededGenerator, _ check: (Sheet) -> Void) throws {
        let stop = try StopSignal()
        var page = try Page(PageSettings(columns: device.capabilities.columns ?? 16), for: device.capabilities)
        var (sheet, typed) = (Sheet(), "")
        for _ in 0..<30 {
            let strikes: [Strike]
            switch Int.random(in: 0..<6, using: &random) {
            case 0...2:
                let text = ["a", "word", " ", "open sesame ", "ä", "xyzzy"].randomElement(using: &random) ?? ""
                typed += text
                strikes = page.type(text)
            case 3:
                let text = String(typed.suffix(Int.random(in: 1...20, using: &random)))
                typed.removeLast(text.count)
                strikes = page.erase(text)
            case 4:
                typed = ""
                strikes = page.newLine()
            default:
                typed = ""
                strikes = page.startLine() + page.write("An **answer** of 滚筒 some e\u{301}lan.\n") + page.flush()
            }
            #expect(try device.print(strikes, stop: stop))
            sheet.apply(strikes)
            check(sheet)
        }
    }

    @Test("A display that goes away again and again is drawn anew", .timeLimit(.minutes(1)))
    func unplugged() throws {
        for seed in 0..<20 {
            var random = SeededGenerator(seed: seed)
            let losses = Mutex(SeededGenerator(seed: seed + 100))
            let port = MemoryPort(LCDReader(columns: 16, lines: 2))
            port.state.withLock {
                $0.untilLoss = 10
                $0.nextLoss = { losses.withLock { Int.random(in: 0..<200, using: &$0) } }
            }
            let device = DisplayDevice(Self.lcd, columns: 16, lines: 2, port: port, retryMilliseconds: 0)
            try Self.play(device, &random) { sheet in
                #expect(port.state.withLock { $0.reader.lines(Self.character) } == Self.expected(sheet, columns: 16, rows: 2))
            }
            #expect(port.state.withLock(\.losses) > 2)
        }
    }

    @Test("A display that is plugged in while nobody types shows what it should")
    func pluggedIn() throws {
        let port = MemoryPort(LCDReader(columns: 16, lines: 2))
        let stop = try StopSignal()
        let device = DisplayDevice(Self.lcd, columns: 16, lines: 2, port: port) { _ in stop.raise() }
        func lines() -> [String] { port.state.withLock { $0.reader.lines(Self.character) } }
        #expect(try device.print([.text("HELLO", [])], stop: stop))
        #expect(device.attend() == nil)
        port.state.withLock { state in
            state.untilLoss = 0
            state.nextLoss = { 0 }
        }
        #expect(try !device.print([.newLine], stop: stop))
        #expect(device.attend() == 500_000_000)
        #expect(lines()[1].hasPrefix("HELLO"))
        port.state.withLock { $0.untilLoss = nil }
        #expect(device.attend() == nil)
        #expect(lines()[0].hasPrefix("HELLO"))
    }

    @Test("A stop in the middle of a sequence leaves a display that goes on")
    func stopped() throws {
        for bytes in 0..<60 {
            let port = MemoryPort(ConsoleReader(columns: 20, lines: 3))
            let device = DisplayDevice(DisplayProfile(name: "console", kind: .console), columns: 20, lines: 3, port: port)
            let stop = try StopSignal()
            port.state.withLock { $0.untilStop = bytes }
            let isDone = try device.print([.text("one", .bold), .newLine, .text("two", .underline), .newLine, .text("three", [])], stop: stop)
            stop.lower()
            #expect(try device.print([.newLine, .text("PLAIN", []), .newLine], stop: stop))
            #expect(port.faults == [])
            #expect(port.state.withLock { $0.reader.lines[1] }.hasPrefix("PLAIN"))
            #expect(!port.state.withLock { $0.reader.rows[1][0].isBold })
            #expect(!isDone || bytes > 40)
        }
    }

    @Test("At a typewriter's pace every character has its time")
    func pace() throws {
        let clock = FakeClock()
        let port = MemoryPort(LCDReader(columns: 16, lines: 2))
        let device = DisplayDevice(Self.lcd, columns: 16, lines: 2, port: port, charactersPerSecond: 10, clock: clock)
        #expect(try device.print([.text("hello", []), .newLine], stop: StopSignal()))
        #expect(clock.waits == 6)
        #expect(clock.now() >= 600_000_000)
    }

    @Test("What does not say how large it is needs a profile that does")
    func size() {
        #expect(throws: PaperError("/dev/null does not say how large it is: give its profile columns and lines")) {
            try DisplayDevice(DisplayProfile(name: "console", kind: .console), at: "/dev/null", charactersPerSecond: 0)
        }
    }

    @Test("A console that gets another size is drawn anew in it, with the lines that were there before")
    func resizes() throws {
        let size = Mutex((columns: 20, lines: 3))
        let port = MemoryPort(ConsoleReader(columns: 30, lines: 5))
        let device = DisplayDevice(DisplayProfile(name: "console", kind: .console), columns: 20, lines: 3, port: port, measure: { size.withLock(\.self) })
        let stop = try StopSignal()
        func lines(_ strikes: [Strike]) throws -> [String] {
            #expect(try device.print(strikes, stop: stop))
            return port.state.withLock { state in state.reader.lines.map { String($0.reversed().drop { " #".contains($0) }.reversed()) } }
        }
        func text(_ text: String) -> [Strike] { [.text(text, []), .newLine] }
        #expect(try lines(text("one") + text("two") + text("three") + [.text("fo", [])]) == ["two", "three", "fo", "", ""])
        size.withLock { $0 = (30, 5) }
        #expect(try lines([.text("ur", [])]) == ["", "one", "two", "three", "four"])
        size.withLock { $0 = (4, 2) }
        #expect(try lines([.newLine, .text("wide日本", [])]) == ["four", "wide", "", "", ""])
        size.withLock { $0 = (5, 2) }
        #expect(try lines([.newLine, .text("wide日本", [])]) == ["wide", "wide", "", "", ""])
        size.withLock { $0 = (30, 5) }
        #expect(try lines([.newLine, .text("ab日本", [])]).last == "ab日本")
        size.withLock { $0 = (3, 1) }
        #expect(try lines([.bell]).first == "ab")
        size.withLock { $0 = (30, 5) }
        #expect(try lines([.bell]).last == "ab日本")
        #expect(port.faults == [])
    }
}

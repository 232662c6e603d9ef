import Foundation
import Paper
import Testing
@testable import Typewriter

private let escape = "\u{1B}"
private let controlD = "\u{04}"
private let controlL = "\u{0C}"

@Suite("A session on sheets", .timeLimit(.minutes(20)))
struct SessionSheetTests {
    @Test("At the end of a sheet the bell rings; the answer goes on when the page key is pressed, and nothing is lost")
    func sheets() throws {
        let typist = try Typist(["one two three four five six", "done"], columns: 10, sheets: SheetSettings(lines: 3))
        typist.type("go\r")
        typist.expect("go\none two\nthree four\n")
        typist.wait { typist.paper.bells == 1 }
        // Keys wait with the paper.
        typist.type("x\r")
        typist.type(controlL)
        typist.expect("go\none two\nthree four\nfive six\n\nx\n")
        typist.wait { typist.paper.bells == 2 }
        #expect(typist.paper.bells == 2)
        typist.type(controlL)
        typist.expect("go\none two\nthree four\nfive six\n\nx\ndone\n\n")
    }

    @Test("At the end of a sheet the bell beside the keys rings once, and the lamp blinks until the page key is pressed")
    func sheetLamp() throws {
        let typist = try Typist(["one two three four five six", "done"], columns: 10, sheets: SheetSettings(lines: 3))
        typist.type("go\r")
        let signals = { typist.signals.all.withLock(\.self) }
        typist.wait { signals().filter { $0.hasPrefix("page") }.count >= 4 }
        let blinking = signals()
        #expect(blinking.filter { $0.hasPrefix("page") }.prefix(4) == ["page on", "page off", "page on", "page off"])
        #expect(blinking.filter { $0.hasPrefix("bell") } == ["bell on", "bell off"])
        typist.type(controlL)
        typist.expect("go\none two\nthree four\nfive six\n\n")
        typist.wait { signals().last == "thinking off" }
        // The lamp is dark for good, and nothing wakes anybody any more.
        let after = signals()
        usleep(700_000)
        #expect(signals() == after && after.last { $0.hasPrefix("page") } == "page off")
    }

    @Test("Esc while a sheet is waited for drops the answer, and the next one begins on the new sheet")
    func stopAtSheetEnd() throws {
        let typist = try Typist(["one two three four five six", "done"], columns: 10, sheets: SheetSettings(lines: 2))
        typist.type("go\r")
        typist.expect("go\none two\n")
        typist.wait { typist.paper.bells == 1 }
        typist.type(escape)
        typist.type(controlL + "x\r")
        typist.expect("go\none two\nx\ndone\n")
        // The sheet is full again, which keeps nobody from leaving.
        typist.type(controlD)
        #expect(typist.ends(within: 30))
        #expect(typist.error == nil)
    }

    @Test("Where the keyboard has ended nobody puts in a sheet: that is said, and not waited for")
    func noMoreSheets() throws {
        let typist = try Typist(["one two three four five six"], columns: 10, sheets: SheetSettings(lines: 2))
        typist.type("go\r")
        typist.close()
        #expect(typist.ends(within: 30))
        #expect(try #require(typist.error).contains("the sheet is full, and no keyboard is left"))
        #expect(typist.paper.text == "go\none two\n")
    }
}

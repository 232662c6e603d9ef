import Conversation
import Foundation
import Paper
import Testing
@testable import Typewriter

private let escape = "\u{1B}"
private let controlC = "\u{03}"
private let controlD = "\u{04}"
private let controlL = "\u{0C}"
private let controlN = "\u{0E}"
private let controlU = "\u{15}"
private let controlW = "\u{17}"
private let backspace = "\u{7F}"

@Suite("Session", .timeLimit(.minutes(20)))
struct SessionTests {
    @Test("What is typed is on the page, Return sends it, and the answer stands under it")
    func question() throws {
        let typist = try Typist(["It is Paris."])
        typist.type("Capital of France?\r")
        typist.expect("Capital of France?\nIt is Paris.\n\n")
        #expect(typist.script.prompts == ["Capital of France?"])
        typist.type(controlD)
        #expect(typist.ends())
        #expect(typist.error == nil)
    }

    @Test("Each question is asked as the knobs stand then")
    func knobs() throws {
        let typist = try Typist(["one", "two"])
        typist.type("a\rb\r")
        typist.expect("a\none\n\nb\ntwo\n\n")
        #expect(typist.script.state.withLock(\.adjustments) == [Adjustments(temperature: 1), Adjustments(temperature: 2)])
    }

    @Test("A lamp is lit from Return until the answer is on paper, and the bell's line is let go of again")
    func lampAndBell() throws {
        let typist = try Typist(["one two"])
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("go\r")
        typist.wait { typist.signals.all.withLock { !$0.isEmpty } }
        #expect(typist.signals.all.withLock(\.self) == ["thinking on"])
        typist.script.isOpen.store(true, ordering: .releasing)
        typist.expect("go\none two\n\n")
        typist.wait { typist.signals.all.withLock { $0.count == 2 } }
        typist.type(backspace)
        typist.wait { typist.signals.all.withLock { $0.count == 4 } }
        #expect(typist.signals.all.withLock(\.self) == ["thinking on", "thinking off", "bell on", "bell off"])
    }

    @Test("An answer is wrapped at the margin")
    func wrap() throws {
        let typist = try Typist(["one two three four five"], columns: 10)
        typist.type("go\r")
        typist.expect("go\none two\nthree four\nfive\n\n")
    }

    @Test("Erased letters are gone from the page and from the question", arguments: [
        ("Helx\(backspace)lo\r", "Hello"), ("Good day\(controlW)night\r", "Good night"), ("nonsense\(controlU)sense\r", "sense"),
        ("caf\u{65}\u{301}\(backspace)\u{E9}\r", "caf\u{E9}"), ("日本\(backspace)\r", "日"), ("a\(backspace)\(backspace)\(backspace)b\r", "b"),
    ])
    func erase(_ typed: String, _ expected: String) throws {
        let typist = try Typist(["ok"])
        typist.type(typed)
        typist.expect("\(expected)\nok\n\n")
        #expect(typist.script.prompts == [expected])
    }

    @Test("Return on an empty line only turns the platen")
    func emptyLine() throws {
        let typist = try Typist(["ok"])
        typist.type("\r \r")
        typist.type("x\r")
        typist.expect("\n \nx\nok\n\n")
        #expect(typist.script.prompts == ["x"])
    }

    @Test("Keys typed during the answer are kept, and typed after it")
    func typeAhead() throws {
        let typist = try Typist(["first answer", "second answer", "third"])
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("one\r")
        typist.wait { typist.script.prompts.count == 1 }
        typist.type("twx\(backspace)o\rthree\rfo")
        typist.expect("one\n...")
        typist.script.isOpen.store(true, ordering: .releasing)
        typist.expect("one\nfirst answer\n\ntwo\nsecond answer\n\nthree\nthird\n\nfo")
        #expect(typist.script.prompts == ["one", "two", "three"])
    }

    @Test("Keys typed while a slow printer prints are kept, though the model is done")
    func typeWhilePrinting() throws {
        let typist = try Typist(["slow and steady wins", "indeed"], pace: 5000)
        typist.type("who\r")
        typist.wait { typist.paper.text.contains("slow") }
        typist.type("sure\r")
        typist.expect("who\nslow and steady wins\n\nsure\nindeed\n\n")
    }

    @Test("Esc stops model and ink at once, and the machine goes on")
    func stop() throws {
        let typist = try Typist([String(repeating: "blah ", count: 500), "fine"], columns: 70, pace: 3000)
        typist.type("talk\r")
        typist.wait { typist.paper.text.count > 20 }
        typist.type(escape)
        typist.wait { typist.paper.text.hasSuffix("\n\n") }
        let stopped = typist.paper.text
        // Of 2500 letters, that take seven seconds.
        #expect(stopped.count < 2000)
        usleep(60_000)
        #expect(typist.paper.text == stopped)
        typist.type("and now?\r")
        typist.wait { typist.paper.text.hasSuffix("fine\n\n") }
        let lines = typist.paper.text.split(separator: "\n")
        #expect(lines.first == "talk")
        #expect(lines.suffix(2) == ["and now?", "fine"])
        #expect(lines.dropFirst().dropLast(2).allSatisfy { line in line.split(separator: " ").allSatisfy { "blah".hasPrefix($0) } })
    }

    @Test("Esc while the printer prints what the model has finished leaves one empty line, as every answer does")
    func stopPrinting() throws {
        let typist = try Typist(["one two three four five six", "fine"], pace: 20_000)
        typist.type("talk\r")
        typist.wait { typist.paper.text.contains("one") }
        typist.type(escape)
        typist.wait { typist.paper.text.hasSuffix("\n\n") }
        typist.type("so\r")
        typist.wait { typist.paper.text.hasSuffix("fine\n\n") }
        #expect(typist.paper.text.hasSuffix("\n\nso\nfine\n\n"))
        #expect(!typist.paper.text.contains("\n\n\n"))
        #expect(!typist.paper.text.contains("six"))
    }

    @Test("Esc before the first word cancels the model")
    func stopThinking() throws {
        let typist = try Typist(["never said", "fine"])
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("think\r")
        typist.wait { typist.script.prompts.count == 1 }
        typist.type(escape)
        typist.wait { typist.script.cancellations == 1 }
        typist.script.isOpen.store(true, ordering: .releasing)
        typist.type("again\r")
        typist.wait { typist.paper.text.hasSuffix("again\nfine\n\n") }
        #expect(typist.script.cancellations == 1)
        #expect(!typist.paper.text.contains("never"))
    }

    @Test("A machine that thinks for long shows it, and takes the sign away again")
    func thinkingSign() throws {
        let typist = try Typist(["At last."])
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("hard one\r")
        typist.expect("hard one\n...")
        typist.script.isOpen.store(true, ordering: .releasing)
        typist.expect("hard one\nAt last.\n\n")
    }

    @Test("Paper that cannot erase gets no sign")
    func noSign() throws {
        let typist = try Typist(["At last."], canErase: false)
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("hard one\r")
        usleep(700_000)
        #expect(typist.paper.text == "hard one\n")
        typist.script.isOpen.store(true, ordering: .releasing)
        typist.expect("hard one\nAt last.\n\n")
    }

    @Test("A question that is refused is answered with the reason, in one paragraph")
    func refusal() throws {
        let typist = try Typist(["error: the question is too long", "ok"])
        typist.type("long\rshort\r")
        typist.expect("long\n(the question is too long)\n\nshort\nok\n\n")
    }

    @Test("The new-conversation key marks the page and resets the model; what was on the line is forgotten")
    func newConversation() throws {
        let typist = try Typist(["one", "two"])
        typist.type("a\rdraft\(controlN)b\r")
        typist.expect("a\none\n\ndraft\n* * *\nb\ntwo\n\n")
        #expect(typist.script.state.withLock(\.resets) == 1)
        #expect(typist.script.prompts == ["a", "b"])
    }

    @Test("Ctrl-C ends at once, even during an answer", arguments: [0, 3000] as [UInt32])
    func interrupt(_ pace: UInt32) throws {
        let typist = try Typist([String(repeating: "blah ", count: 2000)], pace: pace)
        if pace == 0 { typist.script.isOpen.store(false, ordering: .releasing) }
        typist.type("talk\r")
        typist.wait { typist.script.prompts.count == 1 }
        typist.type(controlC)
        #expect(typist.ends())
        #expect(typist.error == nil)
    }

    @Test("Ctrl-D during an answer ends after it")
    func endAfterAnswer() throws {
        let typist = try Typist(["to the end"], pace: 1000)
        typist.type("talk\r\(controlD)")
        #expect(typist.ends())
        #expect(typist.paper.text == "talk\nto the end\n\n")
    }

    @Test("The end of the input ends the session after the last answer; a line without Return is sent")
    func endOfInput() throws {
        let typist = try Typist(["one", "two"])
        typist.type("a\rb")
        typist.close()
        #expect(typist.ends())
        #expect(typist.paper.text == "a\none\n\nb\ntwo\n\n")
    }

    @Test("With nobody at the keys only the answers are printed, an empty one as an empty line")
    func notInteractive() throws {
        let typist = try Typist(["one", "", "three"], isInteractive: false)
        typist.type("a\nb\nc\n")
        typist.close()
        #expect(typist.ends())
        #expect(typist.paper.text == "one\n\nthree\n")
    }

    @Test("The line is read while it is typed and erased, and as a whole when the typist pauses")
    func readsAhead() throws {
        let typist = try Typist(["ok"])
        typist.wait { typist.script.readings == [""] }
        for (typed, line) in [("One tw", "One tw"), ("p\(backspace)", "One tw"), ("o", "One two")] {
            typist.type(typed)
            typist.wait { typist.script.readings.last == line || typist.script.readings.last == "[\(line)]" }
        }
        typist.wait { typist.script.readings.last == "[One two]" }
        #expect(typist.script.readings.last == "[One two]")
        typist.type("\r")
        typist.expect("One two\nok\n\n")
        typist.wait { typist.script.readings.last == "" }
        #expect(typist.script.readings.last == "", "the next question's opening")
        #expect(typist.script.prompts == ["One two"])
    }

    @Test("Nothing is read ahead where that is not wanted, or nobody types", arguments: [(true, false), (false, true)])
    func readsNothing(isInteractive: Bool, readsAhead: Bool) throws {
        let typist = try Typist(["ok"], isInteractive: isInteractive, readsAhead: readsAhead)
        typist.type("One two\r")
        typist.wait { typist.paper.text.contains("ok") }
        typist.close()
        #expect(typist.ends())
        #expect(typist.script.prompts == ["One two"])
        #expect(typist.script.readings.isEmpty)
    }

    @Test("A model that cannot be made is an error before anything is printed")
    func noModel() {
        #expect(throws: TypewriterError.self) {
            _ = try ModelThread(wake: {}) { () throws(ConversationError) -> any Answering in throw ConversationError("no memory") }
        }
    }

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

    @Test("With the model off the keys go straight to paper, and nobody answers")
    func plainTypewriter() throws {
        let typist = try Typist(["Here."])
        typist.type("/off\rDear Ada,\r\rI writx\(backspace)e to you.\r")
        typist.expect("/off\nDear Ada,\n\nI write to you.\n")
        #expect(typist.script.prompts.isEmpty)
        typist.type("/on\rAre you there?\r")
        typist.expect("/off\nDear Ada,\n\nI write to you.\n/on\nAre you there?\nHere.\n\n")
        #expect(typist.script.prompts == ["Are you there?"])
        #expect(typist.script.readings.allSatisfy { !$0.contains("Dear") })
    }
}

import Conversation
import Foundation
import Paper
import Testing
@testable import Typewriter

private let controlD = "\u{04}"
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

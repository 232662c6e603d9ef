import Foundation
import Keyboard
import Paper
import Testing
@testable import Typewriter

private let controlC = "\u{03}"
private let controlD = "\u{04}"

@Suite("Ending a session", .timeLimit(.minutes(20)))
struct SessionEndingTests {
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

    @Test("At a keyboard that nobody ends anything by, Ctrl-C stops the answer and Ctrl-D waits for its end with the other keys")
    func stopByInterrupt() throws {
        let typist = try Typist([String(repeating: "blah ", count: 2000), "done"], endsByKey: false)
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("talk\r")
        typist.wait { typist.script.prompts.count == 1 }
        typist.type("\(controlD)\(controlC)")
        typist.wait { typist.script.cancellations == 1 }
        typist.script.isOpen.store(true, ordering: .releasing)
        typist.type("go on\r")
        typist.wait { typist.paper.text.hasSuffix("go on\ndone\n\n") }
        #expect(typist.script.prompts == ["talk", "go on"])
        #expect(typist.paper.bells == 1)
        #expect(typist.error == nil)
    }

    @Test("At such a keyboard Ctrl-C erases the line, and Ctrl-D on an empty one rings the bell")
    func eraseByInterrupt() throws {
        let typist = try Typist(["done"], endsByKey: false)
        typist.type("nonsense\(controlC)\(controlD)\(controlC)sense\(controlD)\r")
        typist.expect("sense\ndone\n\n")
        #expect(typist.script.prompts == ["sense"])
        #expect(typist.paper.bells == 3)
        // The end of the input ends it nevertheless.
        typist.close()
        #expect(typist.ends())
        #expect(typist.error == nil)
    }

    @Test("Esc or Ctrl-C that is held down during an answer means nothing more after it", arguments: [Key.escape, .interrupt])
    func heldDown(_ key: Key) throws {
        let typist = try Typist([String(repeating: "blah ", count: 2000)], endsByKey: false)
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("talk\r")
        typist.wait { typist.script.prompts.count == 1 }
        typist.press([(key, .press), (key, .repetition), (key, .repetition), (key, .release)])
        typist.wait { typist.events.all.withLock { $0.last == .printed } }
        typist.type("\u{7F}x")
        typist.wait { typist.paper.text.hasSuffix("x") }
        #expect(typist.script.cancellations == 1)
        #expect(typist.paper.bells == 1, "for Backspace")
    }

    @Test("A new conversation changes nothing about the keys that end it", arguments: [false, true])
    func afterNewConversation(endsByKey: Bool) throws {
        let typist = try Typist(["done"], endsByKey: endsByKey)
        typist.type("draft\u{0E}\(controlD)x\r")
        if endsByKey { #expect(typist.ends()) } else { typist.expect("draft\n* * *\nx\ndone\n\n") }
    }

    @Test("Told to end, it silences an answer, and what is on the line stays", arguments: [false, true])
    func toldToEnd(isAnswering: Bool) throws {
        let typist = try Typist([String(repeating: "blah ", count: 2000)], endsByKey: false)
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type(isAnswering ? "talk\r" : "talk")
        typist.wait { isAnswering ? typist.script.prompts.count == 1 : typist.paper.text == "talk" }
        typist.end()
        #expect(typist.ends(within: 30))
        #expect(typist.error == nil)
        #expect(typist.paper.text.hasPrefix("talk\n"))
        #expect(typist.script.cancellations == (isAnswering ? 1 : 0))
        #expect(typist.events.all.withLock { $0.last } == .ended)
    }
}

import Foundation
import Paper
import Testing
@testable import Typewriter

private let escape = "\u{1B}"

@Suite("Stopping an answer", .timeLimit(.minutes(20)))
struct SessionStoppingTests {
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
}

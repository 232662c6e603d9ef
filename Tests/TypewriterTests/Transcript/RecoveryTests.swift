import Conversation
import Synchronization
import Testing
import Transcript
@testable import Typewriter

@Suite("Recovery on the page", .timeLimit(.minutes(20)))
struct RecoveryTests {
    @Test("After a cut the page goes on on a fresh line; after an end it goes on where it is", arguments: [true, false])
    func freshLine(_ isMidPage: Bool) throws {
        let typist = try Typist(["fine"], resumption: Resumption(isMidPage: isMidPage))
        typist.type("how?\r")
        typist.expect("\(isMidPage ? "\n" : "")how?\nfine\n\n")
    }

    @Test("An answer that was cut off is marked on a line of its own")
    func marked() throws {
        let typist = try Typist(["fine"], resumption: Resumption(isMidPage: true, answer: .marked))
        typist.type("how?\r")
        typist.expect("\n(interrupted)\n\nhow?\nfine\n\n")
        #expect(typist.events.all.withLock(\.self).first == .printed)
    }

    @Test("The rest of a whole answer is printed, and nobody is asked")
    func known() throws {
        let typist = try Typist([], resumption: Resumption(isMidPage: true, answer: .known(rest: "is **blue**.")))
        typist.expect("\nis blue.\n\n")
        #expect(typist.script.prompts.isEmpty)
    }

    @Test("An answer in the making is printed as far as it is known, and then the model goes on")
    func begun() throws {
        let typist = try Typist([" blue today", "yes"], resumption: Resumption(
            isMidPage: true, answer: .begun(question: "sky?", text: "The sky is", rest: "sky is")))
        typist.type("sure?\r")
        typist.expect("\nsky is blue today\n\nsure?\nyes\n\n")
        #expect(typist.script.prompts == ["sky?", "sure?"])
        #expect(typist.script.state.withLock(\.begun) == ["The sky is", ""])
        #expect(typist.events.all.withLock { Array($0.prefix(3)) } == [.text("sky is", line: 1), .text(" blue", line: 1), .text(" today", line: 1)])
    }

    @Test("The end of an answer is printed when it is kept, not before")
    func settled() throws {
        let isKept = Channel<Void>()
        let typist = try Typist(["It is", "no"], resumption: Resumption(), settle: { isKept.receive() })
        typist.type("a\rb\r")
        typist.expect("a\nIt is")
        isKept.send(())
        isKept.send(())
        typist.expect("a\nIt is\n\nb\nno\n\n")
    }

    @Test("A stop while an answer is being kept leaves one end of it")
    func stopWhileSettling() throws {
        let (isKept, isSettling) = (Channel<Void>(), Flag())
        let typist = try Typist(["It is"], resumption: Resumption(), settle: {
            isSettling.isUp.store(true, ordering: .releasing)
            isKept.receive()
        })
        typist.type("a\r")
        typist.wait { isSettling.isUp.load(ordering: .acquiring) }
        typist.expect("a\nIt is")
        typist.type("\u{1B}")
        typist.wait { typist.events.all.withLock { $0.contains(.stopped) } }
        isKept.send(())
        typist.wait { typist.events.all.withLock { $0.last == .printed } }
        #expect(typist.paper.text == "a\nIt is\n\n")
    }

    private final class Flag: Sendable { let isUp = Atomic<Bool>(false) }
}

import Conversation
import Testing
import Transcript
@testable import Typewriter

@Suite("Resumption")
struct ResumptionTests {
    private let page = PageRecord(line: 3, isFull: false, isOpen: true)

    private func resumption(_ turns: [TurnRecord], marks: Bool = false) -> Resumption {
        Resumption(TranscriptStore.Remains(turns: turns, page: page), marks: marks)
    }

    private let whole = TurnRecord(asked: 1, question: "one", answer: "first", finish: "endOfTurn", paper: .all)

    @Test("A whole turn at the end leaves nothing to do but to remember")
    func nothing() {
        let resumption = resumption([whole])
        #expect(resumption == Resumption(isMidPage: true, answer: .none, exchanges: [Exchange(question: "one", answer: "first")]))
    }

    @Test("An answer in the making goes on behind its last whole word, from the word that may not be on paper", arguments: [
        ("The sky is blu", 8, "The sky is", "The sky ", "is"),
        ("The sky is blu", 6, "The sky is", "The ", "sky is"),
        ("The sky is blu", 0, "The sky is", "", "The sky is"),
        ("The sky is blu", 14, "The sky is", "The sky ", "is"),
        ("The sky is ", 11, "The sky is", "The sky ", "is"),
        ("Blu", 2, "", "", ""),
        ("", 0, "", "", ""),
        ("天は青", 3, "天は青", "", "天は青"),
        ("Grüße an äll", 9, "Grüße an", "Grüße ", "an"),
        ("one\n\ntwo thr", 3, "one\n\ntwo", "", "one\n\ntwo"),
        ("one\n\ntwo thr", 5, "one\n\ntwo", "one\n\n", "two"),
    ])
    func begun(_ answer: String, _ bytes: Int, _ text: String, _ shown: String, _ rest: String) {
        let cut = TurnRecord(asked: 2, question: "sky?", answer: answer, paper: .atLeast(bytes))
        let resumption = resumption([whole, cut])
        #expect(resumption.answer == .begun(question: "sky?", text: text, rest: rest))
        #expect(resumption.turn?.answer == text)
        #expect(resumption.shown == shown.utf8.count)
        #expect(resumption.turn?.finish == nil)
        #expect(resumption.exchanges == [Exchange(question: "one", answer: "first")])
    }

    @Test("Of an answer that is whole but not on paper only the rest is printed")
    func known() {
        let cut = TurnRecord(asked: 2, question: "sky?", answer: "The sky is blue", finish: "endOfTurn", paper: .atLeast(8))
        let resumption = resumption([cut])
        #expect(resumption.answer == .known(rest: "is blue"))
        #expect(resumption.turn == cut)
        #expect(resumption.shown == 8)
        #expect(resumption.exchanges.map(\.answer) == ["The sky is blue"])
    }

    @Test("Marked answers stay as they are, and are remembered", arguments: [nil, "endOfTurn", "failed"])
    func marked(_ finish: String?) {
        let cut = TurnRecord(asked: 2, question: "sky?", answer: "The sky is blu", finish: finish, paper: .atLeast(8))
        let resumption = resumption([whole, cut], marks: true)
        #expect(resumption.answer == .marked)
        #expect(resumption.turn?.finish == finish ?? "interrupted")
        #expect(resumption.turn?.answer == cut.answer)
        #expect(resumption.exchanges.count == 2)
    }

    @Test("What somebody stopped is not taken up again", arguments: [true, false])
    func stopped(_ marks: Bool) {
        let cut = TurnRecord(asked: 2, question: "sky?", answer: "The sky", finish: "cancelled", paper: .atLeast(0))
        #expect(resumption([cut], marks: marks).answer == .none)
    }
}

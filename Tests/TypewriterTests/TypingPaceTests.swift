import Testing
@testable import Typewriter

@Suite("Typing pace")
struct TypingPaceTests {
    private func pause(after milliseconds: [UInt64]) -> UInt64 {
        var pace = TypingPace(), time: UInt64 = 5_000_000_000
        pace.key(at: time)
        for gap in milliseconds {
            time += gap * 1_000_000
            pace.key(at: time)
        }
        return pace.pause / 1_000_000
    }

    @Test("Return is expected after half of the time between two letters")
    func pause() {
        #expect(pause(after: Array(repeating: 120, count: 20)) == 60)
        #expect(pause(after: [110, 120, 130, 120, 110, 600, 120]) == 60)
    }

    @Test("It is never longer than 150 ms, nor shorter than 40")
    func bounds() {
        #expect(pause(after: []) == 150)
        #expect(pause(after: [60, 60]) == 150)
        #expect(pause(after: Array(repeating: 400, count: 20)) == 150)
        #expect(pause(after: Array(repeating: 2, count: 20)) == 40)
    }

    @Test("Time spent thinking is no pace, and a typist who changes is followed")
    func change() {
        #expect(pause(after: Array(repeating: 120, count: 9) + Array(repeating: 5000, count: 9)) == 60)
        #expect(pause(after: Array(repeating: 120, count: 9) + Array(repeating: 200, count: 9)) == 100)
    }

    @Test("A clock that goes back is borne")
    func backwards() {
        var pace = TypingPace()
        for time in [10, 5, 20, 1] as [UInt64] { pace.key(at: time) }
        #expect(pace.pause == 150_000_000)
    }
}

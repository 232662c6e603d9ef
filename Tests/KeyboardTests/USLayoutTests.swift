import Keyboard
import Testing

@Suite struct USLayoutTests {
    /// Types keys by their codes: negative ones go up.
    private func type(_ codes: [Int]) -> [Key] {
        var layout = USLayout()
        return codes.flatMap { layout.keys(for: UInt16($0.magnitude), $0 < 0 ? .release : .press) }
    }

    @Test func lettersAndSigns() {
        #expect(type([30, -30, 2, 12, 53, 57, 41, 43]) == ["a", "1", "-", "/", " ", "`", "\\"].map { .text($0) })
    }

    @Test func eitherShift() {
        #expect(type([42, 30, 54, -42, 2, -54, 30]) == ["A", "!", "a"].map { .text($0) })
    }

    @Test func shiftLockHoldsAllKeysUntilShift() {
        #expect(type([58, -58, 30, 2, 42, -42, 30, 2]) == ["A", "!", "a", "1"].map { .text($0) })
    }

    @Test func control() {
        #expect(type([29, 46, 38, 12, -29, 46]) == [.interrupt, .page, .code(12), .text("c")])
    }

    @Test func namedKeysAndUnknownOnes() {
        #expect(type([28, 14, 1, 59, 88, 183]) == [.return, .erase, .escape, .function(1), .function(12), .code(183)])
    }
}

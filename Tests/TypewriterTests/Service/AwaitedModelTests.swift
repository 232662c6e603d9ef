import Conversation
import Foundation
import Testing

@testable import Typewriter

@Suite struct AwaitedModelTests {
    /// A file that comes and goes, and time that passes as the test says.
    private final class World {
        let path = FileManager.default.temporaryDirectory.appending(path: "platen-model-\(UUID())").path
        var time: UInt64 = 0
        var reports: [String?] = []
        var readings = 0
        /// What each reading was told to go on with.
        var recalled: [[String]] = []
        /// What reading the file ends in.
        var problem: String?
        let script = ScriptedAnswerer.Script(["One.", "error: cut off", "Three."])

        lazy var model = AwaitedModel(find: { [self] () throws(TypewriterError) in path }, after: [Exchange(question: "Before?", answer: "Yes.")], open: { [self] (_, exchanges) throws(ConversationError) in
            readings += 1
            recalled.append(exchanges.map { "\($0.question) \($0.answer)" })
            if let problem { throw ConversationError(problem) }
            return ScriptedAnswerer(script)
        }, now: { [self] in time }, report: { [self] in reports.append($0) })

        func write(_ text: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
        func ask() -> String {
            do throws(ConversationError) {
                return try model.reply(to: "Well?", input: nil, begun: "", cancellation: Cancellation()) { _ in true }.text
            } catch {
                return "(\(error))"
            }
        }

        deinit { unlink(path) }
    }

    @Test func answersOnceItsFileIsThere() throws {
        let world = World()
        #expect(world.model.attend() != nil)
        #expect(world.ask() == "(there is no model: model \(world.path): No such file or directory)")
        try world.write("model")
        world.model.adjust(Adjustments(temperature: 0.5))
        world.model.configure(ConversationSettings(maximumTokens: 7))
        #expect(world.model.attend() == nil)
        #expect(world.ask() == "One.")
        #expect(world.script.state.withLock { $0.configurations.map(\.maximumTokens) } == [7])
        #expect(world.script.state.withLock(\.adjustments).map(\.temperature) == [0.5])
        #expect(world.reports == ["model \(world.path): No such file or directory", nil])
    }

    @Test func aConversationThatWasEndedBeforeIsNotGoneOnWith() throws {
        let world = World()
        #expect(world.model.attend() != nil)
        world.model.reset()
        try world.write("model")
        #expect(world.model.attend() == nil)
        #expect(world.recalled == [[]])
    }

    @Test func readsADamagedFileAgainOnlyWhenItChangedOrMuchTimePassed() throws {
        let world = World()
        world.problem = "damaged"
        try world.write("x")
        for _ in 0..<5 { #expect(world.model.attend() != nil) }
        #expect(world.readings == 1)
        try world.write("xx")
        #expect(world.model.attend() != nil)
        #expect(world.readings == 2)
        world.time += 3_600_000_000_000
        #expect(world.model.attend() != nil)
        #expect(world.readings == 3)
        #expect(world.reports == ["damaged"])
    }

    @Test func looksAnewWhenAnAnswerFailsAndTheFileIsAnother() throws {
        let world = World()
        try world.write("x")
        #expect(world.model.attend() == nil)
        #expect(world.ask() == "One.")
        unlink(world.path)
        #expect(world.ask() == "(cut off)")
        #expect(world.model.attend() != nil)
        try world.write("y")
        #expect(world.model.attend() == nil)
        #expect(world.ask() == "Three.")
        #expect(world.readings == 2)
        // What was said meanwhile is remembered.
        #expect(world.recalled == [["Before? Yes."], ["Before? Yes.", "Well? One."]])
    }

    @Test func keepsAModelWhoseFileIsTheSame() throws {
        let world = World()
        try world.write("x")
        #expect(world.model.attend() == nil)
        #expect(world.ask() == "One.")
        #expect(world.ask() == "(cut off)")
        #expect(world.model.attend() == nil)
        #expect(world.ask() == "Three.")
        #expect(world.readings == 1)
    }
}

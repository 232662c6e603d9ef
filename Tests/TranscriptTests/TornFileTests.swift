import Foundation
import TestSupport
import Testing
@testable import Transcript

/// What a power cut leaves. Every commit is synced before it returns, so a cut between two commits may have brought any part of
/// the bytes that the second one wrote to the disk, sector by sector and in any order, and nothing else is uncertain.
@Suite("Torn files", .timeLimit(.minutes(2)))
struct TornFileTests {
    private static let sector = 512

    private struct Moment {
        var database: [UInt8]
        var log: [UInt8]
        /// Questions of the turns that were finished by then, with their answers.
        var finished: [(String, String)]
    }

    @Test("Torn between two commits at random sectors, the database opens whole, with every turn that was finished")
    func commits() throws {
        var random = SeededGenerator(seed: 5)
        try withScratch { path in
            var moments: [Moment] = []
            var finished: [(String, String)] = []
            func remember() throws {
                moments.append(Moment(database: try bytes(path), log: try bytes(path + "-wal"), finished: finished))
            }
            do {
                var store = try open(path)
                try remember()
                for number in 0..<60 {
                    var turn = TurnRecord(asked: Int64(number), question: "question \(number)")
                    try store.keep(&turn, on: PageRecord(line: number, isOpen: true))
                    try remember()
                    for _ in 0..<Int.random(in: 0...3, using: &random) {
                        turn.answer += String(repeating: "word\(number) ", count: Int.random(in: 1...300, using: &random))
                        try store.keep(&turn, on: PageRecord(line: number, isOpen: true))
                        try remember()
                    }
                    (turn.finish, turn.paper) = ("endOfTurn", .all)
                    try store.keep(&turn, on: PageRecord(line: number, isOpen: true))
                    finished.append((turn.question, turn.answer))
                    try remember()
                    if number % 7 == 6 {
                        try checkpoint(path)
                        try remember()
                    }
                }
            }
            for _ in 0..<400 {
                let first = Int.random(in: 0..<moments.count - 1, using: &random)
                let (before, after) = (moments[first], moments[first + 1])
                try withScratch { torn in
                    try write(mix(before.database, after.database, &random), to: torn)
                    try write(mix(before.log, after.log, &random), to: torn + "-wal")
                    try check(torn, before.finished)
                }
            }
        }
    }

    @Test("Cut off at any byte, the log gives what was committed before it")
    func truncation() throws {
        var random = SeededGenerator(seed: 6)
        try withScratch { path in
            var sizes: [(log: Int, finished: [(String, String)])] = []
            var finished: [(String, String)] = []
            var store = try open(path)
            for number in 0..<30 {
                try store.keep("question \(number)", String(repeating: "word ", count: number * 40))
                finished.append(("question \(number)", String(repeating: "word ", count: number * 40)))
                sizes.append((try bytes(path + "-wal").count, finished))
            }
            let (database, log) = (try bytes(path), try bytes(path + "-wal"))
            for _ in 0..<200 {
                let length = Int.random(in: sizes[0].log...log.count, using: &random)
                try withScratch { torn in
                    try write(database, to: torn)
                    try write(Array(log.prefix(length)), to: torn + "-wal")
                    try check(torn, sizes.last { $0.log <= length }?.finished ?? [])
                }
            }
        }
    }

    /// Each sector as it was before or after; a file that grew may end anywhere between.
    private func mix(_ before: [UInt8], _ after: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        guard before != after else { return before }
        var mixed = before + [UInt8](repeating: 0, count: max(0, after.count - before.count))
        for start in stride(from: 0, to: after.count, by: Self.sector) where Bool.random(using: &random) {
            let end = min(start + Self.sector, after.count)
            mixed.replaceSubrange(start..<end, with: after[start..<end])
        }
        return Array(mixed.prefix(Int.random(in: min(before.count, after.count)...mixed.count, using: &random)))
    }

    private func check(_ path: String, _ expected: [(String, String)]) throws {
        var store = try TranscriptFile.open(path, sizeLimit: 64 << 20) { Issue.record("\($0)") }
        try store.checkIntegrity()
        let turns = try store.resume(most: 1000).turns
        #expect(turns.count >= expected.count && turns.count <= expected.count + 1)
        for (turn, (question, answer)) in zip(turns, expected) {
            #expect(turn.question == question && turn.answer == answer && turn.finish == "endOfTurn")
        }
        try store.keep("after the cut", "it goes on")
    }
}

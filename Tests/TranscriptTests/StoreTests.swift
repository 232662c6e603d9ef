import Foundation
import Testing
@testable import Transcript

@Suite("Transcript store")
struct StoreTests {
    @Test("What was kept is there after opening again, with the page")
    func roundTrip() throws {
        try withScratch { path in
            do {
                var store = try open(path)
                #expect(try store.resume(most: 10).turns == [])
                try store.keep("Wer?", "Grüße 日本\n\"quoted\" \0 zero")
                try store.keep("", "")
                var third = TurnRecord(asked: 5, question: "third", answer: "half an ans", paper: .atLeast(4))
                try store.keep(&third, on: PageRecord(line: 12, isFull: true, isOpen: true))
            }
            var store = try open(path)
            let remains = try store.resume(most: 10)
            #expect(remains.turns.map(\.question) == ["Wer?", "", "third"])
            #expect(remains.turns[0].answer == "Grüße 日本\n\"quoted\" \0 zero")
            #expect(remains.turns[0].finish == "endOfTurn")
            #expect(remains.turns[0].paper == .all)
            #expect(remains.turns[2].finish == nil)
            #expect(remains.turns[2].paper == .atLeast(4))
            #expect(remains.page == PageRecord(line: 12, isFull: true, isOpen: true))
            #expect(try store.resume(most: 2).turns.map(\.question) == ["", "third"])
            try store.checkIntegrity()
        }
    }

    @Test("An ended conversation is not gone on with, and the next turn begins another")
    func conversations() throws {
        try withScratch { path in
            do {
                var store = try open(path)
                try store.keep("one", "1")
                try store.endConversation(on: PageRecord())
                #expect(try store.resume(most: 9).turns == [])
                try store.keep("two", "2", at: 2000)
                try store.keep("three", "3", at: 3000)
            }
            let archive = try TranscriptArchive(path: path)
            let list = try archive.conversations()
            #expect(list.map(\.turns) == [1, 2])
            #expect(list.map(\.firstQuestion) == ["one", "two"])
            #expect(list.map(\.started) == [1000, 2000])
            #expect(try archive.conversations(last: 1).map(\.id) == [list[1].id])
            #expect(try archive.turns(of: list[1].id)?.map(\.answer) == ["2", "3"])
            #expect(try archive.turns(of: 77) == nil)
        }
    }

    @Test("Search finds questions and answers in any case, of any alphabet")
    func search() throws {
        try withScratch { path in
            var store = try open(path)
            try store.keep("Über den ÄTHER", "nichts")
            try store.keep("100% of_it", "Mehr ÜBERaus")
            let archive = try TranscriptArchive(path: path)
            func found(_ text: String) throws -> [String] {
                var questions: [String] = []
                try archive.search(text) { questions.append($1.question) }
                return questions
            }
            #expect(try found("über") == ["Über den ÄTHER", "100% of_it"])
            #expect(try found("äther") == ["Über den ÄTHER"])
            #expect(try found("%") == ["100% of_it"])
            #expect(try found("_") == ["100% of_it"])
            #expect(try found("absent") == [])
        }
    }

    @Test("While a typewriter writes, others read and delete; a deleted turn stays deleted, and the next begins a conversation")
    func deletion() throws {
        try withScratch { path in
            var store = try open(path)
            try store.keep("old secret", "x", at: 10)
            try store.endConversation(on: PageRecord())
            var turn = TurnRecord(asked: 5000, question: "current secret")
            try store.keep(&turn, on: PageRecord())
            let archive = try TranscriptArchive(path: path, deletes: true)
            #expect(try archive.delete(before: 10) == 0)
            #expect(try archive.delete(before: 11) == 1)
            let left = try archive.conversations()
            let current = try #require(left.first).id
            #expect(try archive.delete([99]) == 0)
            #expect(try archive.delete([current, 99]) == 1)
            turn.answer = "late"
            try store.keep(&turn, on: PageRecord())
            #expect(try archive.conversations().isEmpty)
            try store.keep("next", "y")
            #expect(try archive.conversations().map(\.firstQuestion) == ["next"])
            #expect(try archive.delete(before: nil) == 1)
            #expect(try archive.overwrite())
            let onDisk = try bytes(path) + bytes(path + "-wal")
            #expect(onDisk.ranges(of: Array("secret".utf8)).isEmpty)
        }
    }

    @Test("Somebody who reads keeps what was deleted from being overwritten, and it is said", .timeLimit(.minutes(20)))
    func reader() throws {
        try withScratch { path in
            var store = try open(path)
            for number in 0..<50 { try store.keep("secret \(number)", "x") }
            let archive = try TranscriptArchive(path: path, deletes: true)
            do {
                let reader = try Database(path: path, .reading)
                try reader.execute("BEGIN; SELECT * FROM turn")
                #expect(try archive.delete(before: nil) == 1)
                #expect(try archive.overwrite() == false)
            }
            #expect(try !bytes(path + "-wal").ranges(of: Array("secret".utf8)).isEmpty)
            #expect(try archive.overwrite())
            #expect(try (bytes(path) + bytes(path + "-wal")).ranges(of: Array("secret".utf8)).isEmpty)
        }
    }

    @Test("Numbers that nobody wrote are not added to, and all means all")
    func hostileNumbers() throws {
        try withScratch { path in
            var store = try open(path)
            try store.keep("q", "a", at: .max)
            for (line, expected) in [(Int64.max, 1 << 20), (.min, 0), (12, 12)] {
                try Database(path: path, .writing).execute("UPDATE page SET line = \(line); UPDATE turn SET on_paper = \(line)")
                #expect(try store.resume(most: 1).page.line == expected)
            }
            #expect(try TranscriptArchive(path: path, deletes: true).delete(before: nil) == 1)
        }
    }

    @Test("A database that nobody can write is read without any file beside it", arguments: ["plain.db", "50% sure? #1.db"])
    func immutable(_ name: String) throws {
        try withScratch { path in
            let directory = String(path.dropLast(TranscriptFile.name.count))
            let path = directory + name
            do {
                var store = try open(path)
                try store.keep("q", "a")
            }
            let database = try Database(path: path, .immutable)
            #expect(try database.integer("SELECT count(*) FROM turn") == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [name])
            #expect(throws: TranscriptError.self) { try database.execute("DELETE FROM turn") }
        }
    }

    @Test("A database that was removed is noticed")
    func removal() throws {
        try withScratch { path in
            var store = try open(path)
            try store.keep("q", "a")
            let before = store.hasMoved
            try FileManager.default.removeItem(atPath: path)
            let after = store.hasMoved
            #expect(!before && after)
        }
    }

    @Test("The oldest conversations go when the file is larger than it may be, and the last turn never does")
    func size() throws {
        try withScratch { path in
            var store = try open(path, mebibytes: 1)
            let long = String(repeating: "word ", count: 2000)
            var removed = 0
            for number in 0..<300 {
                if number % 10 == 0 { try store.endConversation(on: PageRecord()) }
                try store.keep("question \(number)", long)
                removed += try store.prune()
            }
            #expect(removed > 150)
            let archive = try TranscriptArchive(path: path)
            let list = try archive.conversations()
            #expect(list.last?.firstQuestion == "question 290")
            #expect(list.allSatisfy { $0.turns == 10 })
            #expect(list.reduce(0) { $0 + $1.turns } == 300 - removed)
            // One conversation that is too large by itself loses its oldest turns.
            for number in 0..<300 {
                try store.keep("more \(number)", long)
                removed += try store.prune()
            }
            #expect(try archive.conversations().count == 1)
            let left = try archive.conversations()
            let last = try archive.turns(of: left.last?.id ?? 0) ?? []
            #expect(last.last?.question == "more 299")
            #expect(last.count > 50)
            #expect(try bytes(path).count <= 2 << 20)
            #expect(try bytes(path + "-wal").count <= 6 << 20)
            try store.checkIntegrity()
        }
    }

    @Test("A file that is no transcript is set aside as it is, and a new one begun", arguments: [
        "text", "noise", "truncated", "other", "newer", "without a table",
    ])
    func foreign(_ kind: String) throws {
        try withScratch { path in
            switch kind {
            case "text": try write(Array("Dear diary, this is no database but a letter of some length.".utf8), to: path)
            case "noise": try write((0..<20000).map { _ in UInt8.random(in: 0...255) }, to: path)
            case "truncated":
                do {
                    var store = try open(path)
                    for number in 0..<200 { try store.keep("q\(number)", String(repeating: "a", count: 500)) }
                    try checkpoint(path)
                }
                try write(Array(bytes(path).prefix(5000)), to: path)
            case "other":
                let database = try Database(path: path, .making)
                try database.execute("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('soup')")
            case "without a table":
                _ = try open(path)
                try Database(path: path, .writing).execute("DROP TABLE turn")
            default:
                _ = try open(path)
                try Database(path: path, .writing).execute("PRAGMA user_version = 99")
            }
            let before = try bytes(path)
            var reports: [String] = []
            var store = try TranscriptFile.open(path, sizeLimit: 1 << 20) { reports.append($0) }
            #expect(reports.count == 1)
            #expect(reports.first?.contains("\(path).set-aside-1") == true)
            #expect(reports.first?.contains("\n") == false)
            #expect(try bytes(path + ".set-aside-1") == before)
            try store.keep("new", "life")
            #expect(try store.resume(most: 1).turns.map(\.answer) == ["life"])
            try store.checkIntegrity()
        }
    }

    @Test("An empty file, which a cut may leave, is begun anew without a word")
    func empty() throws {
        try withScratch { path in
            try write([], to: path)
            var store = try TranscriptFile.open(path, sizeLimit: 1 << 20) { Issue.record("\($0)") }
            try store.keep("a", "b")
        }
    }

    @Test("Where nothing can be opened, one line says what and why", arguments: ["missing directory", "directory"])
    func unopenable(_ kind: String) throws {
        try withScratch { path in
            if kind == "directory" { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
            let place = kind == "directory" ? path : path + "/nowhere/transcripts.db"
            do {
                _ = try TranscriptFile.open(place, sizeLimit: 1 << 20) { Issue.record("\($0)") }
                Issue.record("it opened")
            } catch let error as TranscriptError {
                #expect(error.kind == .other)
                #expect(error.description.hasPrefix(place))
            }
            #expect(throws: TranscriptError.self) { _ = try TranscriptArchive(path: place) }
        }
    }
}

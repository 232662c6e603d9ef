import Foundation
import Testing
@testable import Transcript
@testable import Typewriter

/// What goes wrong with the database, or is in its way.
extension TranscriptWriterTests {
    @Test("A database that turns out damaged after a cut is set aside as it is, and what is said goes on in a new one")
    func breaks() throws {
        try withScratch { directory in
            let path = "\(directory)/\(TranscriptFile.name)"
            do {
                let writer = try writer(directory)
                writer.begin()
                for number in 0..<200 {
                    turn("question \(number)", String(repeating: "word ", count: 300), to: writer)
                }
            }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seek(toOffset: 10 * 4096)
            try handle.write(contentsOf: Data(repeating: 0x5A, count: 4096))
            let writer = try writer(directory)
            #expect(writer.resumption.exchanges.count == 64)
            #expect(lines.count(of: "is set aside as") == 0)
            writer.begin()
            #expect(lines.count(of: "is set aside as") == 1)
            turn("another", "two", to: writer)
            #expect(try turns(directory).map(\.answer) == ["two"])
            #expect(FileManager.default.fileExists(atPath: path + ".set-aside-1"))
        }
    }

    @Test("An answer that is finished after a cut goes into the new database, where the old one turns out damaged")
    func breaksUnderAnAnswer() throws {
        try withScratch { directory in
            do {
                let writer = try writer(directory)
                writer.begin()
                for number in 0..<200 {
                    turn("question \(number)", String(repeating: "word ", count: 300), to: writer)
                }
                writer.hear(.asked("sky?"))
                writer.hear(.text("The sky is blu", line: 1))
                writer.keep()
            }
            let handle = try #require(FileHandle(forWritingAtPath: "\(directory)/\(TranscriptFile.name)"))
            try handle.seek(toOffset: 10 * 4096)
            try handle.write(contentsOf: Data(repeating: 0x5A, count: 4096))
            let writer = try writer(directory)
            writer.begin()
            #expect(lines.count(of: "is set aside as") == 1)
            #expect(writer.isUnderWay)
            writer.look()
            #expect(try turns(directory).map(\.answer) == ["The sky is"])
            writer.hear(finished(" blue"))
            writer.hear(.printed)
            #expect(try turns(directory).map(\.answer) == ["The sky is blue"])
        }
    }

    @Test("A database that somebody removes while a typewriter types is begun anew, with the answer in the making")
    func removed() throws {
        try withScratch { directory in
            let writer = try writer(directory)
            writer.begin()
            turn("one", "1", to: writer)
            writer.hear(.asked("two"))
            writer.hear(.text("2", line: 1))
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) { try FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
            writer.hear(finished("2 and more"))
            writer.hear(.printed)
            #expect(try turns(directory).map(\.answer) == ["2 and more"])
            #expect(lines.count(of: "was removed; new transcripts are begun") == 1)
            #expect(lines.count(of: "") == 1)
        }
    }

    @Test("What cannot be opened at first is tried again, and said when it is kept")
    func late() throws {
        try withScratch { directory in
            let path = "\(directory)/\(TranscriptFile.name)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let writer = try writer(directory)
            writer.begin()
            turn("lost", "x", to: writer)
            #expect(lines.count(of: "transcripts are not kept") == 1)
            try FileManager.default.removeItem(atPath: path)
            turn("kept", "y", to: writer)
            #expect(try turns(directory).map(\.question) == ["kept"])
            #expect(lines.count(of: "transcripts are kept again") == 1)
            #expect(lines.count(of: "") == 2)
        }
    }

    @Test("A conversation that ends while the database is locked is over when it is not any more")
    func endsLate() throws {
        try withScratch { directory in
            let writer = try writer(directory)
            writer.begin()
            turn("old", "x", to: writer)
            do {
                let other = try Database(path: "\(directory)/\(TranscriptFile.name)", .writing)
                try other.execute("BEGIN IMMEDIATE")
                writer.hear(.newConversation)
                #expect(lines.count(of: "is locked by another program") == 1)
            }
            writer.hear(.asked("new"))
            let archive = try TranscriptArchive(path: "\(directory)/\(TranscriptFile.name)")
            #expect(try archive.conversations().map(\.firstQuestion) == ["old", "new"])
        }
    }

    @Test("Two typewriters do not share a transcript; when one ends, the other's is kept")
    func lock() throws {
        try withScratch { directory in
            let second: TranscriptWriter
            do {
                let first = try writer(directory)
                first.begin()
                second = try writer(directory)
                #expect(lines.count(of: "is in use by another typewriter") == 1)
                second.begin()
                second.hear(.asked("by the second"))
                first.hear(.asked("by the first"))
                #expect(try turns(directory).map(\.question) == ["by the first"])
                first.hear(.ended)
            }
            second.hear(finished("x"))
            #expect(try turns(directory).map(\.question) == ["by the first", "by the second"])
        }
    }

    @Test("The private mode writes nothing, and where nothing can be written one line says so")
    func nowhere() throws {
        try withScratch { directory in
            var settings = Settings()
            settings.state.directory = "\(directory)/new"
            settings.transcript.keeps = false
            #expect(TranscriptWriter.open(settings, lines.logger) == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
            settings.transcript.keeps = true
            #expect(TranscriptWriter.open(settings, lines.logger) != nil)
            try Data().write(to: URL(filePath: "\(directory)/file"))
            settings.state.directory = "\(directory)/file/deeper"
            #expect(lines.count(of: "") == 0)
            #expect(TranscriptWriter.open(settings, lines.logger) == nil)
            #expect(lines.count(of: "transcripts are not kept") == 1)
        }
    }
}

import Foundation
@testable import Transcript

/// A directory for a database, removed afterwards; in memory where that goes, for whole disks wait long to be synced.
func withScratch<Result>(_ body: (_ database: String) throws -> Result) throws -> Result {
    let memory = URL(filePath: "/dev/shm")
    let base = FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
    let directory = base.appending(path: "platen-transcript-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.appending(path: TranscriptFile.name).path)
}

/// Opens or makes a database that is not to be set aside.
func open(_ path: String, mebibytes: Int64 = 64) throws -> TranscriptStore {
    try TranscriptStore(path: path, sizeLimit: mebibytes << 20)
}

extension TranscriptStore {
    /// A turn from its question to its end on paper.
    mutating func keep(_ question: String, _ answer: String, at time: Int64 = 1000) throws {
        var turn = TurnRecord(asked: time, question: question)
        try keep(&turn, on: PageRecord(isOpen: true))
        turn.answer = answer
        turn.finish = "endOfTurn"
        turn.paper = .all
        try keep(&turn, on: PageRecord(isOpen: true))
    }
}

func bytes(_ path: String) throws -> [UInt8] {
    FileManager.default.fileExists(atPath: path) ? Array(try Data(contentsOf: URL(filePath: path))) : []
}

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// Moves what stands in the write-ahead log into the database, as SQLite does by itself from time to time.
func checkpoint(_ path: String) throws {
    try Database(path: path, .writing).execute("PRAGMA wal_checkpoint(RESTART)")
}

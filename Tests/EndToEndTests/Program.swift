import Foundation
import Glibc
import TestSupport

/// Where things are: the built programs, the repository, and data that is not part of it.
enum Places {
    /// The test bundle lies beside the programs.
    static let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// A model of 260 thousand weights that tells stories.
    static let stories = SharedFiles.stories260K
    /// The model that comes with the project.
    static let included: String? = existing(SharedFiles.root.appending(path: "deploy/model/platen-tiny.gguf"))

    private static func existing(_ url: URL?) -> String? {
        guard let url, FileManager.default.fileExists(atPath: url.path) else { return nil }
        return url.path
    }

    /// A directory that is removed when `body` is done.
    static func withDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-test-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory)
    }
}

/// What a program that ran without a terminal left behind.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs a built program to its end.
func run(_ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = Places.programs.appending(path: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now() + 120)
    timer.setEventHandler { process.terminate() }
    timer.resume()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    let errors = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    timer.cancel()
    return Outcome(
        status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
        output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self)
    )
}

import Foundation
import Glibc
@testable import Paper
import Synchronization
import TestSupport
import Testing

/// Printing through a fake `lp`. One after another: a program that is started meanwhile would hold pipes open.
@Suite("CUPS", .serialized)
struct SpoolerTests {
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "platen-lp-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    /// Makes an `lp` of a shell script.
    private static func makeProgram(_ directory: String, _ script: String) throws {
        try "#!/bin/sh\n\(script)\n".write(toFile: directory + "/lp", atomically: true, encoding: .utf8)
        chmod(directory + "/lp", 0o755)
    }

    @Test("A job goes to lp as a whole, without a shell")
    func spooler() throws {
        try Self.withDirectory { directory in
            try Self.makeProgram(directory, "echo \"$@\" >> \(directory)/arguments\ncat >> \(directory)/jobs")
            let port = SpoolerPort(queue: "office; rm", isRaw: true, program: directory + "/lp")
            let device = PrinterDevice(PrinterProfile(name: "plain", language: .plain), port: port)
            #expect(try device.print([.text("one", []), .newLine], stop: StopSignal()))
            #expect(access(directory + "/jobs", F_OK) != 0)
            #expect(try device.print([.text("two", []), .newLine, .tearOff], stop: StopSignal()))
            #expect(try String(contentsOfFile: directory + "/jobs", encoding: .utf8) == "one\r\ntwo\r\n")
            #expect(try String(contentsOfFile: directory + "/arguments", encoding: .utf8) == "-s -d office; rm -o raw --\n")
        }
    }

    @Test("A job that lp does not take is kept",
        .enabled(if: SpawnSupport.reportsMissingPrograms, "needs to be told that a program is missing, which this system does not do"))
    func refusedJob() throws {
        try Self.withDirectory { directory in
            let port = SpoolerPort(queue: "", isRaw: false, program: directory + "/lp")
            let reports = Mutex<[String]>([])
            let device = PrinterDevice(PrinterProfile(name: "plain", language: .plain), port: port, retryMilliseconds: 1) { report in
                reports.withLock { $0.append(report.description) }
                try? Self.makeProgram(directory, "cat > \(directory)/job")
            }
            let isPrinted = try device.print([.text("one", []), .newLine, .tearOff], stop: StopSignal())
            let job = try String(contentsOfFile: directory + "/job", encoding: .utf8)
            #expect(isPrinted && job == "one\r\n")
            #expect(reports.withLock(\.self) == ["lp: \(directory)/lp: No such file or directory; printing waits", "lp: printing goes on"])
        }
    }

    /// More than a pipe holds, so that the job hangs while it is written, too.
    @Test("An lp that hangs is ended, with what it started, when printing is stopped", arguments: ["", "cat > \"$0-job\"\n"], [1, 200_000])
    func hangs(_ reading: String, _ letters: Int) throws {
        try Self.withDirectory { directory in
            try Self.makeProgram(directory, "\(reading)sleep 1000 & echo $$ $! > \(directory)/started.part; mv \(directory)/started.part \(directory)/started; wait")
            let device = PrinterDevice(
                PrinterProfile(name: "plain", language: .plain), port: SpoolerPort(queue: "", isRaw: false, program: directory + "/lp"))
            let printer = try Printer(device)
            try printer.print([.text(String(repeating: "x", count: letters), []), .newLine, .tearOff])
            let path = directory + "/started"
            for _ in 0..<20_000 where access(path, F_OK) != 0 { usleep(1000) }
            let started = try String(contentsOfFile: path, encoding: .utf8).split { $0.isWhitespace }.compactMap { pid_t($0) }
            try #require(started.count == 2 && started.allSatisfy { kill($0, 0) == 0 })
            #expect(try !printer.drain(within: 100_000_000))
            let start = ContinuousClock.now
            #expect(printer.stop())
            #expect(ContinuousClock.now - start < .seconds(5))
            // The program has been reaped; what it started is an orphan, which somebody else reaps.
            #expect(kill(started[0], 0) != 0)
            for _ in 0..<5000 where isRunning(started[1]) { usleep(1000) }
            #expect(!isRunning(started[1]))
        }
    }

    @Test("An lp that does not end in time is told, and tried again")
    func late() throws {
        try Self.withDirectory { directory in
            try Self.makeProgram(directory, "cat > /dev/null; sleep 1000")
            let port = SpoolerPort(queue: "", isRaw: false, program: directory + "/lp", patience: 300_000_000)
            let reports = Mutex<[String]>([])
            let device = PrinterDevice(PrinterProfile(name: "plain", language: .plain), port: port, retryMilliseconds: 1) { report in
                reports.withLock { $0.append(report.description) }
                try? Self.makeProgram(directory, "cat > \(directory)/job")
            }
            #expect(try device.print([.text("one", []), .newLine, .tearOff], stop: StopSignal()))
            #expect(try String(contentsOfFile: directory + "/job", encoding: .utf8) == "one\r\n")
            #expect(reports.withLock(\.self) == ["lp: \(directory)/lp did not take the job; ask `lpstat -p`; printing waits", "lp: printing goes on"])
        }
    }

    /// Not a zombie either.
    private func isRunning(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }
}

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("platen quantize", .timeLimit(.minutes(20)))
struct QuantizeTests {
    private func contents(_ directory: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    @Test("A quantized model is smaller, runs, and can be quantized no further")
    func smaller() throws {
        let included = try #require(Places.included)
        try Places.withDirectory { directory in
            let path = directory.appending(path: "q4.gguf").path
            let outcome = try run("platen", ["quantize", included, path, "q4_k_m"])
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.contains("2.2 MiB from 3.1"))
            #expect(outcome.output.contains("tensors: 34 Q5_0, 13 F32, 4 Q4_K, 3 Q8_0, 2 Q6_K"))
            #expect(try contents(directory) == ["q4.gguf"])
            let answer = try run("platen", ["complete", path, "--prompt", "Once upon a time", "--tokens", "5", "--temperature", "0"])
            #expect(answer.status == 0 && !answer.output.isEmpty)

            let further = try run("platen", ["quantize", path, directory.appending(path: "q8.gguf").path, "Q8_0"])
            #expect(further.status == 1)
            #expect(further.errors.hasSuffix("already: quantize from the model's F32, F16, BF16 or Q8_0 file\n"))
            #expect(try contents(directory) == ["q4.gguf"])
        }
    }

    @Test("The file to read is never written, by no name that it has")
    func sameFile() throws {
        let included = try Data(contentsOf: URL(filePath: try #require(Places.included)))
        try Places.withDirectory { directory in
            let path = directory.appending(path: "model.gguf"), link = directory.appending(path: "link.gguf")
            try included.write(to: path)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: path)
            for name in [path.path, link.path] {
                let outcome = try run("platen", ["quantize", path.path, name, "Q4_0"])
                #expect(outcome.status == 1)
                #expect(outcome.errors == "platen quantize: \(name): is the file to read; name another to write\n")
            }
            #expect(try Data(contentsOf: path) == included)
        }
    }

    @Test("Where writing fails, one line says so and nothing is left")
    func limit() throws {
        let included = try #require(Places.included)
        try Places.withDirectory { directory in
            let process = Process(), stderr = Pipe()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "ulimit -f 1000; exec \"$0\" quantize \"$1\" \"$2\" Q4_0",
                                 Places.programs.appending(path: "platen").path, included, directory.appending(path: "out.gguf").path]
            process.standardError = stderr
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            let errors = String(decoding: stderr.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 1)
            #expect(errors.hasSuffix("/out.gguf: cannot write it: File too large\n"))
            #expect(try contents(directory) == [])
        }
    }

    /// A file of zeros, so large that the signal comes while it is written.
    @Test("A signal in the middle leaves the old file, and no part of a new one", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupted(signal: Int32) throws {
        try Places.withDirectory { directory in
            let input = directory.appending(path: "in.gguf"), output = directory.appending(path: "out.gguf")
            try sparseModel(rows: 1 << 20).write(to: input)
            #expect(truncate(input.path, 96 + 256 * 4 << 20) == 0)
            try Data("old".utf8).write(to: output)
            let process = Process()
            process.executableURL = Places.programs.appending(path: "platen")
            process.arguments = ["quantize", input.path, output.path, "Q5_K_M", "--threads", "1"]
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            // The test's own thread may be one that takes no signals, and a child inherits that.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, signal)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            try process.run()
            while process.isRunning, try contents(directory).count < 3 { usleep(1000) }
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
            #expect(try contents(directory) == ["in.gguf", "out.gguf"])
            #expect(try Data(contentsOf: output) == Data("old".utf8))
        }
    }

    /// The head of a file with one F32 matrix [256][rows] at byte 96.
    private func sparseModel(rows: UInt64) -> Data {
        func bytes(_ value: some FixedWidthInteger) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
        let name = Data("w.weight".utf8)
        return Data("GGUF".utf8) + bytes(UInt32(3)) + bytes(UInt64(1)) + bytes(UInt64(0)) + bytes(UInt64(name.count)) + name
            + bytes(UInt32(2)) + bytes(UInt64(256)) + bytes(rows) + bytes(UInt32(0)) + bytes(UInt64(0))
    }
}

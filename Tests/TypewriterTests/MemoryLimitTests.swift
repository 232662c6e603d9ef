import Conversation
import Foundation
import TestSupport
import Testing
@testable import Typewriter

@Suite("The service's memory limit")
struct MemoryLimitTests {
    /// For a process that takes so much; this one takes whatever the other tests do.
    private func limit(_ model: String, own: Int = 8 << 20) throws -> Int? {
        MemoryLimit.of(try Settings(toml: "[model]\n\(model)", file: "platen.toml")) { own }
    }

    /// What the plan is where a group of this process has a limit, and a process that uses so much already.
    private func isStreaming(_ limit: Int, used: Int) throws -> Bool {
        let root = FileManager.default.temporaryDirectory.appending(path: "platen-limit-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in [
            "proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n", "proc/self/cgroup": "0::/platen\n",
            "sys/fs/cgroup/platen/memory.max": "\(limit)\n", "sys/fs/cgroup/platen/memory.current": "\(used)\n",
        ] {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let need = try OpenModel(path: IncludedModel.find()).memoryNeed(contextLength: nil, cacheType: .f16, memoryLimit: nil, root: root.path)
        #expect(need.available == limit - used)
        return need.isStreaming
    }

    @Test("The model is held under it as without one, beside a daemon of 64 MiB")
    func isEnough() throws {
        let limit = try #require(try limit(""))
        #expect(try !isStreaming(limit, used: 64 << 20))
        #expect(try isStreaming(limit, used: limit - 8 << 20), "this would be too little")
        // The included model has 3 MiB: no gigabyte, then.
        #expect(limit < 256 << 20)
    }

    @Test("It follows the settings")
    func follows() throws {
        let whole = try #require(try limit(""))
        let trained = try OpenModel(path: IncludedModel.find()).memoryNeed(contextLength: nil, cacheType: .f16, memoryLimit: nil).anonymous
        let short = try #require(try limit("context_length = 16"))
        // A group's limit is a little more than what it leaves.
        #expect(short < whole && whole - short <= trained + trained / 255 + 1)
        #expect(try limit("context_length = 1048576") == whole, "no model remembers more than it was trained for")
        #expect(try limit("memory_limit_mib = 4096") == whole, "all of it fits")
        #expect(try limit("", own: 7 << 20) == whole, "one start finds the same as the next")
        #expect(try #require(try limit("", own: 108 << 20)) - whole >= 96 << 20)
    }

    @Test("Nothing follows from a model that is missing or damaged")
    func unreadable() throws {
        #expect(try limit("path = \"/nowhere/model.gguf\"") == nil)
        let file = FileManager.default.temporaryDirectory.appending(path: "platen-limit-\(UUID()).gguf")
        defer { try? FileManager.default.removeItem(at: file) }
        for bytes in [Data(), Data("GGUF".utf8), Data(repeating: 0xFF, count: 4096)] {
            try bytes.write(to: file)
            #expect(try limit("path = \"\(file.path)\"") == nil)
        }
    }
}

import Foundation
import TestSupport
import Testing

@Suite("platen bench", .timeLimit(.minutes(20)))
struct BenchTests {
    private struct Report: Decodable {
        struct Result: Decodable {
            let work: String
            let tokens, depth, threads, runs: Int
            let tokens_per_second: Double
            let anonymous_bytes, file_bytes: Int?
        }
        struct Bandwidth: Decodable {
            let threads: Int
            let read_bytes_per_second, weight_bytes_per_second: Double
            let file_bytes_per_second: Double?
        }
        let model, kernels: String
        let bytes_per_token, context_length, kv_cache_bytes, buffer_bytes: Int
        let seconds_to_ready: Double?
        let results: [Result]
        let bandwidth: [Bandwidth]
    }

    private func bench(_ arguments: [String]) throws -> Outcome {
        try run("platen", ["bench", try #require(Places.included)] + arguments)
    }

    @Test("JSON has a rate and the memory for every number of threads, prompt and depth")
    func json() throws {
        let outcome = try bench(["--threads", "2,1", "--prefill", "8,4", "--depth", "16,0", "--decode", "3", "--runs", "2", "--json"])
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        #expect(report.model == Places.included)
        #expect(report.results.map { "\($0.threads) \($0.work) \($0.tokens) at \($0.depth), \($0.runs)" } == [1, 2].flatMap { threads in
            ["prefill 4 at 0", "prefill 8 at 0", "decode 3 at 0", "decode 3 at 16"].map { "\(threads) \($0), 2" }
        })
        for result in report.results {
            #expect(result.tokens_per_second > 0)
            // The model has been read: its pages count as the file's, not as the program's own.
            #expect(try #require(result.file_bytes) > report.bytes_per_token)
            #expect(try #require(result.anonymous_bytes) > 0)
        }
        #expect(report.context_length == 19)
        #expect(report.bytes_per_token > 1_000_000 && report.kv_cache_bytes > 0 && report.buffer_bytes > 0)
        #expect(try #require(report.seconds_to_ready) < 60)
        #expect(report.bandwidth.map(\.threads) == [1, 2])
        for rate in report.bandwidth {
            #expect(rate.read_bytes_per_second > 0)
            // The included model fits into caches: reading it says nothing of the memory.
            #expect(rate.file_bytes_per_second == nil)
            let shallow = try #require(report.results.first { $0.threads == rate.threads && $0.work == "decode" })
            #expect(abs(rate.weight_bytes_per_second / (shallow.tokens_per_second * Double(report.bytes_per_token)) - 1) < 0.01)
        }
    }

    @Test("The context's length and the cache's type decide how large the KV cache is")
    func context() throws {
        func cache(_ positions: Int, _ type: String) throws -> Int {
            let outcome = try bench(["--prefill", "4", "--decode", "0", "--json", "--bare", "--context", "\(positions)", "--cache-type", type])
            return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).kv_cache_bytes
        }
        #expect(try cache(320, "f16") == 2 * cache(160, "f16"))
        #expect(try 32 * cache(320, "q8_0") == 17 * cache(320, "f16"))
    }

    @Test("The table names what was measured")
    func table() throws {
        let outcome = try bench(["--threads", "1", "--prefill", "4", "--depth", "8", "--decode", "2", "--runs", "1"])
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(rows.contains { $0.prefix(4) == ["1", "prefill", "4", "0"] })
        #expect(rows.contains { $0.prefix(4) == ["1", "decode", "2", "8"] })
        #expect(outcome.output.contains("KV cache") && outcome.output.contains("GB/s that the memory gives"))
    }

    @Test("Bare work is done once and nothing else is measured")
    func bare() throws {
        let outcome = try bench(["--bare", "--threads", "1", "--prefill", "0", "--decode", "2", "--depth", "0", "--runs", "5", "--json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        #expect(report.results.map(\.runs) == [1])
        #expect(report.bandwidth.isEmpty)
    }

    @Test("Options that make no sense are one clear line", arguments: [
        (["--threads", "0"], "--threads 0 is not between 1 and 256"),
        (["--threads", "1,300"], "--threads 300 is not between 1 and 256"),
        (["--threads", "1,two"], "The value '1,two' is invalid for '--threads"),
        (["--threads", "1", "--all-threads"], "--threads and --all-threads exclude each other"),
        (["--prefill", "8,,4"], "The value '8,,4' is invalid for '--prefill"),
        (["--prefill=-1"], "--prefill -1 is not between"),
        (["--depth", "99999999999999999999"], "is invalid for '--depth"),
        (["--decode", "10000000000"], "--decode 10000000000 is not between"),
        (["--prefill", "0", "--decode", "0"], "nothing to measure"),
        (["--cache-type", "q4_0"], "The value 'q4_0' is invalid for '--cache-type"),
        (["--runs", "0"], "--runs 0 is not between"),
        (["--prefill", "64", "--depth", "50", "--decode", "30", "--context", "79"], "--context 79 is too short: the measurements need 80 positions"),
    ])
    func refusal(_ arguments: [String], _ message: String) throws {
        let outcome = try bench(arguments)
        #expect(outcome.status != 0 && outcome.output.isEmpty)
        #expect(outcome.errors.split(separator: "\n").first?.contains(message) == true, "\(outcome.errors)")
    }
}

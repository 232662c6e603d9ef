import ArgumentParser
import GGUF
import Inference

/// `platen bench`: how fast a model reads and writes on this machine.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure prefill and decoding.",
        discussion: """
            Tokens per second of reading a prompt and of writing an answer, medians of several runs; the weights read for each
            token; and the rate of that reading beside what this machine's memory gives.

            Examples:
              platen bench model.gguf --threads 2 --prefill 128 --decode 32
              platen bench model.gguf --json
            """)

    @OptionGroup var file: ModelFile
    @Option(help: "Threads; one for each processor if not given.")
    var threads: Int?
    @Option(help: "Tokens of the prompt; 0 to leave it out.")
    var prefill: Int = 128
    @Option(help: "Tokens to write; 0 to leave it out.")
    var decode: Int = 32
    @Option(help: "How often each is measured.")
    var runs: Int = 3
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads) is not between 1 and 256") }
        if !(0...1_000_000).contains(prefill) { throw ValidationError("--prefill \(prefill) is not between 0 and 1000000") }
        if !(0...1_000_000).contains(decode) { throw ValidationError("--decode \(decode) is not between 0 and 1000000") }
        if !(1...1000).contains(runs) { throw ValidationError("--runs \(runs) is not between 1 and 1000") }
        if prefill + decode == 0 { throw ValidationError("nothing to measure: --prefill and --decode are both 0") }
    }

    func run() throws {
        let model = try Model(file.open())
        let context = try InferenceContext(model, contextLength: prefill + decode + 1, threads: threads)
        let ids = tokens(max(prefill, 1), of: model.configuration.vocabularySize)
        var reading: [Double] = [], writing: [Double] = []
        // The first run warms caches and pages and is not counted.
        var progress = Progress("measuring, run")
        for run in 0...runs {
            progress.show(run, of: runs)
            context.rewind(to: 0)
            let readTime = try time { try context.evaluate(ids) }
            let writeTime = try time {
                for i in 0..<decode { try context.evaluate(ids[i % ids.count]) }
            }
            guard run > 0 else { continue }
            reading.append(Double(prefill) / readTime)
            writing.append(Double(decode) / writeTime)
        }
        let report = BenchReport(
            model: file.model, kernels: context.kernelSet, threads: context.threads,
            prefill: prefill, prefillRate: median(reading), decode: decode, decodeRate: median(writing),
            bytesPerToken: model.bytesPerToken, bandwidth: try MemoryBandwidth.measure(threads: context.threads),
            contextBytes: context.byteCount)
        try OutputStream(standard: OutputStream.standardOutput).write(json ? report.json : report.text)
    }

    /// The same tokens every time, spread over the vocabulary.
    private func tokens(_ count: Int, of vocabularySize: Int) -> [Int32] {
        (0..<count).map { Int32(($0 * 7919 + 13) % vocabularySize) }
    }

    private func time(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// The figures of one benchmark.
struct BenchReport {
    let model: String
    let kernels: String
    let threads: Int
    let prefill: Int
    /// Tokens per second.
    let prefillRate: Double
    let decode: Int
    /// Tokens per second.
    let decodeRate: Double
    let bytesPerToken: Int
    /// Bytes per second that the memory gives to as many threads.
    let bandwidth: Double
    /// Buffers and KV cache.
    let contextBytes: Int

    /// Bytes of weights per second while decoding.
    var readRate: Double { decodeRate * Double(bytesPerToken) }

    var text: String {
        var lines = ["\(model): \(kernels), \(threads) thread\(threads == 1 ? "" : "s")"]
        if prefill > 0 { lines.append("prefill \(String(prefill).padded(to: 5)) tokens  \(fixed(prefillRate, 2).padded(to: 9)) tokens/s") }
        if decode > 0 {
            lines.append("decode  \(String(decode).padded(to: 5)) tokens  \(fixed(decodeRate, 2).padded(to: 9)) tokens/s")
            lines.append("weights read per token    \(fixed(Double(bytesPerToken) / 1e6, 2)) MB")
            lines.append("reading them              \(fixed(readRate / 1e9, 2)) GB/s of \(fixed(bandwidth / 1e9, 2)) GB/s that the memory gives (\(fixed(100 * readRate / bandwidth, 0)) %)")
        }
        lines.append("buffers and KV cache      \(fixed(Double(contextBytes) / 1048576, 1)) MiB")
        return lines.joined(separator: "\n") + "\n"
    }

    var json: String {
        """
        {"model": \(quoted(model)), "kernels": \(quoted(kernels)), "threads": \(threads), \
        "prefill_tokens": \(prefill), "prefill_tokens_per_second": \(fixed(prefillRate, 3)), \
        "decode_tokens": \(decode), "decode_tokens_per_second": \(fixed(decodeRate, 3)), \
        "bytes_per_token": \(bytesPerToken), "effective_gb_per_second": \(fixed(readRate / 1e9, 3)), \
        "read_bandwidth_gb_per_second": \(fixed(bandwidth / 1e9, 3)), "context_bytes": \(contextBytes)}

        """
    }

    private func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\\(scalar)"
            case _ where scalar.value < 0x20: out += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

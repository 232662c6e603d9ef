import Inference
import Typewriter

/// The figures of one benchmark, as a table or as JSON.
struct BenchReport {
    let model: String
    let kernels: String
    /// Bytes of weights that decoding a token reads.
    let bytesPerToken: Int
    let plan: MemoryPlan
    /// Where the weights do not fit into memory.
    let residency: WeightResidency?
    /// From the process's start to the moment when it could compute.
    let secondsToReady: Double?
    var figures: [Figure] = []
    /// What the memory gives to a number of threads.
    var bandwidth: [Int: Bandwidth] = [:]

    /// In bytes per second.
    struct Bandwidth {
        let memory: Double
        /// Of the mapped model file; nil for a small one.
        let file: Double?
    }

    /// Bytes of weights per second while decoding with so many threads: in the shallowest context, where little else is read.
    private func readRate(_ threads: Int) -> Double? {
        figures.first { $0.work == .decode && $0.threads == threads }.map { $0.rate * Double(bytesPerToken) }
    }

    // MARK: Text

    var text: String {
        var lines = ["\(model): \(kernels), \(fixed(Double(bytesPerToken) / 1e6, 1)) MB of weights read for each token"]
        let ready = secondsToReady.map { "ready \(fixed($0, 2)) s after the start; " } ?? ""
        lines.append("\(ready)\(plan)")
        if let residency { lines.append("\(residency)") }
        lines += ["", "threads  work           depth   tokens/s  runs  own memory  file pages"]
        for figure in figures {
            let cells = [
                String(figure.threads).padded(to: 7), "\(figure.work.rawValue) \(figure.tokens)".extended(to: 12),
                String(figure.depth).padded(to: 7), fixed(figure.rate, 2).padded(to: 9), String(figure.rates.count).padded(to: 4),
                (figure.memory.map { mebibytes($0.anonymous) } ?? "-").padded(to: 10),
                (figure.memory.map { mebibytes($0.fileBacked) } ?? "-").padded(to: 10),
            ]
            lines.append(cells.joined(separator: "  "))
        }
        for (threads, most) in bandwidth.sorted(by: { $0.key < $1.key }) {
            guard let rate = readRate(threads), most.memory > 0 else { continue }
            let file = most.file.map { ", \(fixed(100 * rate / $0, 0)) % of the \(fixed($0 / 1e9, 2)) GB/s of only reading the mapped file" } ?? ""
            if lines.last?.hasPrefix("decoding") == false { lines.append("") }
            lines.append("""
                decoding with \(threads) thread\(threads == 1 ? "" : "s") reads \(fixed(rate / 1e9, 2)) GB/s of weights, \
                \(fixed(100 * rate / most.memory, 0)) % of the \(fixed(most.memory / 1e9, 2)) GB/s that the memory gives\(file)
                """)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func mebibytes(_ bytes: Int) -> String { "\(fixed(Double(bytes) / 1048576, 1)) MiB" }

    // MARK: JSON

    var json: String {
        let rows = figures.map { figure in
            """
                {"work": "\(figure.work.rawValue)", "tokens": \(figure.tokens), "depth": \(figure.depth), "threads": \(figure.threads), \
            "runs": \(figure.rates.count), "tokens_per_second": \(fixed(figure.rate, 3)), \
            "anonymous_bytes": \(number(figure.memory?.anonymous)), "file_bytes": \(number(figure.memory?.fileBacked))}
            """
        }
        let rates = bandwidth.sorted { $0.key < $1.key }.map { threads, most in
            """
                {"threads": \(threads), "read_bytes_per_second": \(fixed(most.memory, 0)), \
            "file_bytes_per_second": \(most.file.map { fixed($0, 0) } ?? "null"), \
            "weight_bytes_per_second": \(readRate(threads).map { fixed($0, 0) } ?? "null")}
            """
        }
        return """
            {
              "model": \(jsonString(model)), "kernels": \(jsonString(kernels)), "bytes_per_token": \(bytesPerToken),
              "seconds_to_ready": \(secondsToReady.map { fixed($0, 3) } ?? "null"),
              "context_length": \(plan.contextLength), "cache_type": "\(plan.cacheType.rawValue)", "kv_cache_bytes": \(plan.cache), "buffer_bytes": \(plan.buffers),
              "streamed_bytes_per_token": \(residency?.streamedBytes ?? 0),
              "results": [
            \(rows.joined(separator: ",\n"))
              ],
              "bandwidth": [
            \(rates.joined(separator: ",\n"))
              ]
            }

            """
    }

    private func number(_ value: Int?) -> String { value.map(String.init) ?? "null" }
}

import ArgumentParser
import GGUF
import Inference
import Tokenizer

/// `platen bench`: how fast a model reads and writes on this machine, and what memory that takes.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure prefill, decoding and memory.",
        discussion: """
            Tokens per second of reading prompts, and of writing behind texts of several lengths; the memory at each point, the
            program's own and the pages of the model file; and the rate at which decoding reads the weights, beside what this
            machine's memory gives. Every rate is the median of --runs, or of as many as fit in 30 seconds.

            Examples:
              platen bench model.gguf
              platen bench model.gguf --all-threads --prefill 128 --depth 0
              platen bench model.gguf --threads 1,2 --runs 5 --json > figures.json
            """)

    @OptionGroup var file: ModelFile
    @Option(help: "Numbers of threads, such as 1,2; one for each processor if not given.")
    var threads: CountList?
    @Flag(help: "Every number of threads up to one for each processor.")
    var allThreads = false
    @Option(help: "Lengths of prompts; 0 to leave them out.")
    var prefill = CountList([128, 512])
    @Option(help: "Tokens to write; 0 to leave it out.")
    var decode: Int = 32
    @Option(help: "Tokens in the context before those that are written.")
    var depth = CountList([0, 512, 2048])
    @Option(help: "Positions of the context; as many as the measurements need if not given.")
    var context: Int?
    @OptionGroup var memory: MemoryOptions
    @Option(help: "How often each is measured, at most.")
    var runs: Int = 3
    @Flag(help: "Nothing but each work, once, and no warming up: for counting instructions.")
    var bare = false
    @Flag(help: "Print JSON.")
    var json = false

    private static let longest = 1_000_000

    func validate() throws {
        if let wrong = threads?.first(outside: 1...256) { throw ValidationError("--threads \(wrong) is not between 1 and 256") }
        if threads != nil, allThreads { throw ValidationError("--threads and --all-threads exclude each other: give one of them") }
        if let wrong = prefill.first(outside: 0...Self.longest) { throw ValidationError("--prefill \(wrong) is not between 0 and \(Self.longest)") }
        if let wrong = depth.first(outside: 0...Self.longest) { throw ValidationError("--depth \(wrong) is not between 0 and \(Self.longest)") }
        if !(0...Self.longest).contains(decode) { throw ValidationError("--decode \(decode) is not between 0 and \(Self.longest)") }
        if !(1...1000).contains(runs) { throw ValidationError("--runs \(runs) is not between 1 and 1000") }
        if benchmark.isEmpty { throw ValidationError("nothing to measure: --prefill and --decode are both 0") }
        if let context, context < benchmark.positions {
            throw ValidationError("--context \(context) is too short: the measurements need \(benchmark.positions) positions")
        }
    }

    private var benchmark: Benchmark {
        Benchmark(
            prompts: prefill.counts.filter { $0 > 0 }, depths: decode > 0 ? depth.counts : [], decode: decode,
            runs: bare ? 1 : runs, warmsUp: !bare)
    }

    /// Numbers of threads; nil leaves the choice to the context.
    private var teams: [Int?] {
        if allThreads { return (1...InferenceContext.availableProcessors).map { $0 } }
        return threads?.counts.map { $0 } ?? [nil]
    }

    func run() throws {
        let model = try Model(file.open())
        // A typewriter needs it too, in time and in memory; a file made only for measuring may have none.
        let tokenizer = try? Tokenizer(model.file)
        let plan = try memory.plan(model, contextLength: context ?? benchmark.positions)
        var report: BenchReport?
        var progress = Progress("measuring")
        for (number, threads) in teams.enumerated() {
            let context = try InferenceContext(model, plan, threads: threads)
            if report == nil {
                report = BenchReport(
                    model: file.model, kernels: context.kernelSet, bytesPerToken: model.bytesPerToken, plan: plan,
                    residency: context.residency, secondsToReady: secondsSinceProcessStart())
            }
            try benchmark.measure(context) { figure, done, all in
                report?.figures.append(figure)
                progress.show(number * all + done, of: teams.count * all)
            }
        }
        // Where weights are read from a file, the memory's speed says nothing.
        if decode > 0, !bare, report?.residency == nil {
            // Last, because it takes memory that may drive the model's pages out.
            for threads in Set(report?.figures.map(\.threads) ?? []) {
                // The file first, while it is in memory.
                let file = try MemoryBandwidth.measure(threads: threads, reading: model)
                report?.bandwidth[threads] = BenchReport.Bandwidth(memory: try MemoryBandwidth.measure(threads: threads), file: file)
            }
        }
        try withExtendedLifetime(tokenizer) {
            try OutputStream(standard: OutputStream.standardOutput).write((json ? report?.json : report?.text) ?? "")
        }
    }
}

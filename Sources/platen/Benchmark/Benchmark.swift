import Inference

/// One measured rate.
struct Figure {
    enum Work: String {
        case prefill, decode
    }

    let work: Work
    /// Tokens of the prompt, or tokens written.
    let tokens: Int
    /// Tokens in the context before them.
    let depth: Int
    let threads: Int
    /// Tokens per second, a value for each run.
    let rates: [Double]
    /// After the work.
    let memory: ProcessMemory?

    /// Tokens per second: the median of the runs.
    var rate: Double {
        let sorted = rates.sorted()
        return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// What is measured of a context: prompts from the beginning, then writing behind texts of some lengths.
struct Benchmark {
    /// Lengths in tokens, ascending.
    let prompts: [Int]
    /// Tokens in the context before writing, ascending.
    let depths: [Int]
    /// Tokens to write.
    let decode: Int
    /// How often each is measured, at most.
    let runs: Int
    let warmsUp: Bool

    /// After this time no work is measured once more, so that a slow machine takes minutes, not hours.
    private static let enough = Duration.seconds(30)

    var isEmpty: Bool { prompts.isEmpty && depths.isEmpty }

    /// Positions that a context must have.
    var positions: Int { max(prompts.last ?? 0, depths.last.map { $0 + decode } ?? 0) }

    /// Hands over every figure as it comes, with how many there are now and will be.
    func measure(_ context: InferenceContext, each: (_ figure: Figure, _ done: Int, _ all: Int) throws -> Void) throws {
        let all = prompts.count + depths.count
        let text = text(of: positions, vocabulary: context.model.configuration.vocabularySize)
        if warmsUp { try warmUp(context, text) }
        for (i, length) in prompts.enumerated() {
            let prompt = Array(text[..<length])
            let rates = try rates(of: length) {
                context.rewind(to: 0)
                return try time { try context.evaluate(prompt) }
            }
            try each(Figure(.prefill, length, at: 0, context, rates), i + 1, all)
        }
        for (i, depth) in depths.enumerated() {
            // What lies in the cache already is the beginning of the same text.
            context.rewind(to: depth)
            try context.evaluate(Array(text[context.position..<depth]))
            let rates = try rates(of: decode) {
                context.rewind(to: depth)
                return try time {
                    for token in text[depth..<depth + decode] { try context.evaluate(token) }
                }
            }
            try each(Figure(.decode, decode, at: depth, context, rates), prompts.count + i + 1, all)
        }
    }

    /// Brings the weights into memory and the processor up to speed.
    private func warmUp(_ context: InferenceContext, _ text: [Int32]) throws {
        try context.evaluate(Array(text.prefix(InferenceContext.chunk)))
        context.rewind(to: 0)
        if let first = text.first, decode > 0 { try context.evaluate(first) }
    }

    /// The same tokens every time, spread over the vocabulary.
    private func text(of length: Int, vocabulary: Int) -> [Int32] {
        (0..<length).map { Int32(truncatingIfNeeded: ($0 * 7919 + 13) % max(1, vocabulary)) }
    }

    /// Tokens per second of several runs of a work that returns its seconds.
    private func rates(of tokens: Int, _ work: () throws -> Double) rethrows -> [Double] {
        let start = ContinuousClock.now
        var rates: [Double] = []
        while rates.count < runs, rates.isEmpty || ContinuousClock.now - start < Self.enough {
            rates.append(Double(tokens) / max(try work(), 1e-9))
        }
        return rates
    }

    private func time(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}

extension Figure {
    init(_ work: Work, _ tokens: Int, at depth: Int, _ context: InferenceContext, _ rates: [Double]) {
        self.init(work: work, tokens: tokens, depth: depth, threads: context.threads, rates: rates, memory: ProcessMemory())
    }
}

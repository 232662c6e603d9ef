import CAllocations
import GGUF
import Glibc
import Inference

// Prints how many allocations 40 rounds of work take once everything is warm, a line for each cache and way to choose:
// a prompt's chunk, and tokens sampled and evaluated after it.
//
//   count-allocations model.gguf

/// Every sampler at work, or none.
func settings(greedy: Bool) -> SamplingSettings {
    var settings = SamplingSettings()
    settings.seed = 1
    if greedy {
        settings.temperature = 0
    } else {
        settings.topK = 0
        settings.repetitionPenalty = 1.1
        settings.dry.multiplier = 0.8
    }
    return settings
}

func work(_ context: InferenceContext, _ chain: inout SamplerChain, _ prompt: [Int32]) throws {
    context.rewind(to: 0)
    try context.evaluate(prompt)
    for i in 0..<prompt.count { chain.accept(prompt[i]) }
    for _ in 0..<8 {
        let token = chain.sample(context.logits)
        chain.accept(token)
        try context.evaluate(token)
    }
}

guard CommandLine.arguments.count == 2 else {
    print("usage: count-allocations MODEL")
    exit(64)
}
let model = try Model(GGUFFile(path: CommandLine.arguments[1]))
let size = model.configuration.vocabularySize
let prompt = (0..<100).map { Int32($0 * 7919 % size) }
for cache in CacheType.allCases {
    for greedy in [true, false] {
        let context = try InferenceContext(model, contextLength: 128, cacheType: cache, threads: 2)
        var chain = SamplerChain(settings(greedy: greedy), vocabularySize: size)
        for _ in 0..<3 { try work(context, &chain, prompt) }
        let before = allocations_so_far()
        for _ in 0..<40 { try work(context, &chain, prompt) }
        let count = allocations_so_far() - before
        print(allocations_are_counted() ? "\(cache.rawValue) \(greedy ? "greedy" : "sampled"): \(count) allocations" : "not counted")
    }
}

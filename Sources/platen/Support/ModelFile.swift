import ArgumentParser
import GGUF
import Inference

/// The argument that names a model, and the ways to open it.
struct ModelFile: ParsableArguments {
    @Argument(help: "A model in GGUF format.", completion: .file(extensions: ["gguf"]))
    var model: String

    func open() throws -> GGUFFile {
        try GGUFFile(path: model)
    }
}

/// How a command that computes is run.
struct ComputeOptions: ParsableArguments {
    @Option(help: "Threads that compute; one for each processor if not given.")
    var threads: Int?

    @OptionGroup var memory: MemoryOptions

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads) is not between 1 and 256") }
    }
}

/// How long a text the model keeps in mind.
struct ContextOption: ParsableArguments {
    @Option(help: "Positions of the context; the model's own, up to 4096, if not given.")
    var context: Int?

    func validate() throws {
        if let context, context < 1 { throw ValidationError("--context \(context) is not at least 1") }
    }
}

/// What a command that computes may take.
struct MemoryOptions: ParsableArguments {
    @Option(help: "What the KV cache keeps keys and values as: f16, or q8_0, which takes half as much memory.")
    var cacheType: CacheType = .f16

    @Option(help: "MiB for weights, buffers and KV cache; what the machine has left if not given. Weights beyond it are read from the file for every token.")
    var memoryLimit: Int?

    func validate() throws {
        if let memoryLimit, !(1...1 << 30).contains(memoryLimit) { throw ValidationError("--memory-limit \(memoryLimit) is not between 1 and \(1 << 30)") }
    }

    /// - Parameter contextLength: the model's own, up to 4096, if nil.
    func plan(_ model: Model, contextLength: Int?) throws(InferenceError) -> MemoryPlan {
        try MemoryPlan(
            model, contextLength: contextLength, cacheType: cacheType,
            available: memoryLimit.map(AvailableMemory.init(mebibytes:)) ?? .measure())
    }
}

extension CacheType: ExpressibleByArgument {}

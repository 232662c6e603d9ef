import ArgumentParser
import GGUF
import Inference
import Tokenizer

/// `platen complete`: continues a text as it stands, without a prompt template.
struct Complete: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Continue a text, raw: no template, no conversation.",
        discussion: """
            Prints what the model writes after the prompt, and ends at the model's end of text or after --tokens tokens.

            Examples:
              platen complete stories.gguf --prompt "Once upon a time" --tokens 100 --temperature 0
              platen complete stories.gguf --seed 7 < beginning.txt
            """)

    @OptionGroup var file: ModelFile
    @OptionGroup var compute: ComputeOptions
    @OptionGroup var length: ContextOption
    @OptionGroup var sampling: SamplingOptions

    @Option(help: "The text to continue; standard input if not given.")
    var prompt: String?
    @Option(help: "At most this many tokens.")
    var tokens: Int = 128
    @Flag(help: "Texts of control tokens in the prompt, such as <|im_end|>, become those tokens.")
    var parseSpecial = false

    func validate() throws {
        if tokens < 0 { throw ValidationError("--tokens \(tokens) is negative") }
    }

    func run() throws {
        let gguf = try file.open()
        let tokenizer = try Tokenizer(gguf)
        let model = try Model(gguf)
        let plan = try compute.memory.plan(model, contextLength: length.context)
        let errors = OutputStream(standard: OutputStream.standardError)
        if errors.isTerminal { try errors.write("platen: memory: \(plan)\n") }
        let context = try InferenceContext(model, plan, threads: compute.threads)
        if let residency = context.residency { try errors.write("platen: \(residency)\n") }
        let text = try prompt ?? readStandardInputText()
        let ids = tokenizer.encode(text, parseSpecial: parseSpecial)
        guard !ids.isEmpty else {
            throw CommandError("the prompt is empty, and this model has no token that begins a text")
        }
        guard ids.count <= context.contextLength else {
            throw CommandError("the prompt is \(ids.count) tokens long, but the context holds \(context.contextLength): shorten it, or give a larger --context")
        }
        var chain = SamplerChain(sampling.settings, vocabularySize: model.configuration.vocabularySize)
        try read(ids, into: context, &chain)
        try write(tokenizer, context, &chain)
    }

    private func read(_ ids: [TokenID], into context: InferenceContext, _ chain: inout SamplerChain) throws {
        var progress = Progress("reading the prompt")
        for start in stride(from: 0, to: ids.count, by: InferenceContext.chunk) {
            let end = min(start + InferenceContext.chunk, ids.count)
            try context.evaluate(ids[start..<end])
            progress.show(end, of: ids.count)
        }
        for id in ids { chain.accept(id) }
    }

    private func write(_ tokenizer: Tokenizer, _ context: InferenceContext, _ chain: inout SamplerChain) throws {
        let output = OutputStream(standard: OutputStream.standardOutput)
        var decoder = StreamingDecoder(tokenizer)
        for number in 0..<tokens {
            let id = chain.sample(context.logits)
            if tokenizer.isEndOfGeneration(id) { break }
            chain.accept(id)
            try output.write(decoder.append(id))
            guard context.position < context.contextLength else {
                try OutputStream(standard: OutputStream.standardError).write(
                    "platen: the context of \(context.contextLength) positions is full after \(number + 1) tokens\n")
                break
            }
            if number + 1 < tokens { try context.evaluate(id) }
        }
        try output.write(decoder.finish())
        if output.isTerminal { try output.write("\n") }
    }
}

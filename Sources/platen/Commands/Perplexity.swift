import ArgumentParser
import Inference
import Tokenizer

/// `platen perplexity`: how well a model predicts a text.
struct Perplexity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how well a model predicts a text.",
        discussion: """
            Prints the running value after every piece of --context tokens, and then the estimate with its standard error, as
            llama.cpp's llama-perplexity does: the numbers of both can be compared. Lower is better.

            Examples:
              platen perplexity model.gguf wiki.test.raw
              platen perplexity model.gguf text.txt --context 256 --chunks 20
            """)

    @OptionGroup var file: ModelFile
    @OptionGroup var compute: ComputeOptions
    @Argument(help: "A text in UTF-8.", completion: .file())
    var text: String
    @Option(help: "Tokens of a piece, of which the second half is scored.")
    var context: Int = 512
    @Option(help: "Pieces to score at most; all of the text if not given.")
    var chunks: Int?

    func validate() throws {
        if context < 4 { throw ValidationError("--context \(context) is not at least 4") }
        if let chunks, chunks < 1 { throw ValidationError("--chunks \(chunks) is not at least 1") }
    }

    func run() throws {
        let gguf = try file.open()
        let tokenizer = try Tokenizer(gguf)
        let model = try Model(gguf)
        var content = try readTextFile(text)
        // llama.cpp drops it too: it is the editor's, not the text's.
        if content.utf8.last == UInt8(ascii: "\n") { content.removeLast() }
        let context = try InferenceContext(model, compute.memory.plan(model, contextLength: self.context), threads: compute.threads)
        if let residency = context.residency { try OutputStream(standard: OutputStream.standardError).write("platen: \(residency)\n") }
        var perplexity = try Inference.Perplexity(
            tokenizer.encode(content), context: context, bos: tokenizer.addsBOS ? tokenizer.bos : nil)
        let output = OutputStream(standard: OutputStream.standardOutput)
        for piece in 0..<min(perplexity.count, chunks ?? .max) {
            try perplexity.score(piece: piece)
            try output.write("[\(piece + 1)]\(fixed(perplexity.value, 4)),")
        }
        try output.write("\nFinal estimate: PPL = \(fixed(perplexity.value, 4)) +/- \(fixed(perplexity.error, 5))\n")
    }
}

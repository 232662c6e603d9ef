import ArgumentParser
import GGUF
import Inference
import Tokenizer

/// `platen logits`: what the model thinks of every position, for comparison with other engines.
struct Logits: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the logits of every position to a file.",
        discussion: """
            The file holds float32 numbers, little-endian: for each id given, one row of the vocabulary's size.

            Example:
              platen logits model.gguf --ids "1 403 407" --out logits.f32
            """)

    @OptionGroup var file: ModelFile
    @OptionGroup var compute: ComputeOptions
    @OptionGroup var length: ContextOption
    @Option(help: "Token ids, separated by spaces or commas.")
    var ids: String
    @Option(help: "The file to write.", completion: .file())
    var out: String

    func run() throws {
        let model = try Model(file.open())
        let list = try parseIDs(ids, below: model.configuration.vocabularySize)
        guard !list.isEmpty else { throw CommandError("--ids names no token") }
        let plan = try compute.memory.plan(model, contextLength: length.context ?? list.count)
        let context = try InferenceContext(model, plan, threads: compute.threads)
        let output = try OutputStream(path: out)
        var progress = Progress("computing")
        var done = 0
        var failure: StreamError?
        try context.evaluate(list) { row in
            do throws(StreamError) {
                if failure == nil { try output.write(UnsafeRawBufferPointer(row)) }
            } catch {
                failure = error
            }
            done += 1
            progress.show(done, of: list.count)
        }
        if let failure { throw failure }
    }
}

import GGUF
import Inference
import Tokenizer

/// A model file, mapped and checked, with all that a conversation needs of it.
public struct OpenModel: Sendable {
    public let path: String
    let model: Model
    let tokenizer: Tokenizer

    /// - Throws: a line that names the file and what is wrong with it.
    public init(path: String) throws(ConversationError) {
        self.path = path
        do {
            let file = try GGUFFile(path: path)
            model = try Model(file)
            tokenizer = try Tokenizer(file)
        } catch {
            let problem = "\(error)"
            throw ConversationError(problem.contains(path) ? problem : "\(path): \(problem)")
        }
    }

    /// The temperature that the file's maker found best (`general.sampling.temp`, ggml-org/llama.cpp, `gguf-py`). A senseless one says
    /// nothing.
    var suggestedTemperature: Float? {
        guard let value = (try? model.file.float("general.sampling.temp")) ?? nil, (0...100).contains(value) else { return nil }
        return value
    }
}

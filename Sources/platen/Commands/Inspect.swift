import ArgumentParser
import GGUF
import Inference

/// `platen inspect`: what is in a GGUF file.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a GGUF file's metadata and tensors.",
        discussion: """
            Examples:
              platen inspect model.gguf
              platen inspect model.gguf --tensors
            """)

    @OptionGroup var file: ModelFile
    @Flag(help: "List every tensor.")
    var tensors = false

    func run() throws {
        let gguf = try file.open()
        let output = OutputStream(standard: OutputStream.standardOutput)
        try output.write("\(gguf.path): GGUF version \(gguf.version), \(gguf.metadata.count) keys, \(gguf.tensors.count) tensors\n\n")
        for entry in gguf.metadata {
            try output.write("\(printable(entry.key)) = \(entry.value)\n")
        }
        try output.write("\n")
        if tensors {
            for tensor in gguf.tensors {
                let shape = tensor.shape.map(String.init).joined(separator: " x ")
                try output.write("\(printable(tensor.name).extended(to: 32)) \(tensor.type.name.extended(to: 6)) \(shape.extended(to: 20)) \(tensor.byteCount) bytes\n")
            }
            try output.write("\n")
        }
        try output.write(summary(gguf.tensors))
        do {
            try output.write("\nmemory to run it: \(MemoryPlan(Model(gguf)))\n")
        } catch let error as InferenceError {
            try output.write("\ncannot be run: \(error)\n")
        }
    }

    /// A line for each tensor type: how many tensors, weights and bytes.
    private func summary(_ tensors: [TensorInfo]) -> String {
        var text = ""
        for type in TensorType.allCases {
            let some = tensors.filter { $0.type == type }
            guard !some.isEmpty else { continue }
            let weights = some.reduce(0) { $0 + $1.columns * $1.rows }
            let bytes = some.reduce(0) { $0 + $1.byteCount }
            text += "\(type.name.extended(to: 6)) \(String(some.count).padded(to: 5)) tensors \(fixed(Double(weights) / 1e6, 2).padded(to: 10)) M weights \(fixed(Double(bytes) / 1048576, 2).padded(to: 10)) MiB\n"
        }
        return text
    }
}

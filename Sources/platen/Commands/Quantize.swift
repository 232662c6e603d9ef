import ArgumentParser
import GGUF
import Glibc
import Inference
import Synchronization

/// `platen quantize`: a model in fewer bits.
struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a model with its weights in fewer bits.",
        discussion: """
            Reads F32, F16, BF16 and Q8_0 weights. Norms and other small tensors stay as they are, and so does all metadata. Q4_K_M and
            Q5_K_M give the head and part of the layers 6 bits, and every type but Q8_0 and F16 gives them to the head, as
            llama.cpp does. OUT appears when it is complete; until then, and if anything fails, an older OUT stays.

            Examples:
              platen quantize model-f16.gguf model-q4_k_m.gguf Q4_K_M
              platen quantize model-f16.gguf model-q8_0.gguf Q8_0 --threads 2
            """)

    @Argument(help: "The model to read.", completion: .file(extensions: ["gguf"]))
    var input: String
    @Argument(help: "The file to write.", completion: .file(extensions: ["gguf"]))
    var output: String
    @Argument(
        help: "One of \(Quantization.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: { text in
            guard let type = Quantization(rawValue: text.uppercased()) else {
                throw ValidationError("'\(text)' is none of \(Quantization.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return type
        })
    var type: Quantization
    @Option(help: "Threads that compute; one for each processor if not given.")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads) is not between 1 and 256") }
    }

    func run() throws {
        let file = try GGUFFile(path: input)
        guard !isSameFile(input, output) else {
            throw CommandError("\(printable(output)): is the file to read; name another to write")
        }
        let quantizer = try Quantizer(file, to: type)
        // Past a limit on the size of files, writing shall fail, not the program.
        signal(SIGXFSZ, SIG_IGN)
        try holdingSignals {
            let progress = Mutex(Progress("quantizing, MiB"))
            try quantizer.write(to: output, threads: threads) { done, all throws(GGUFError) in
                guard !isInterrupted() else { throw GGUFError("interrupted") }
                progress.withLock { $0.show(done >> 20, of: all >> 20) }
            }
        }
        try OutputStream(standard: OutputStream.standardOutput).write(summary(quantizer))
    }

    private func isSameFile(_ first: String, _ second: String) -> Bool {
        var a = stat(), b = stat()
        return stat(first, &a) == 0 && stat(second, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
    }

    /// `model-q4_k_m.gguf: 636.2 MiB from 2098.4, 4.85 bits a weight: 134 tensors Q4_K, 22 Q6_K, 45 F32`
    private func summary(_ quantizer: Quantizer) -> String {
        let before = quantizer.parts.reduce(0) { $0 + $1.tensor.byteCount }
        let after = quantizer.parts.reduce(0) { $0 + $1.byteCount }
        let weights = quantizer.parts.reduce(0) { $0 + $1.tensor.columns * $1.tensor.rows }
        let counts = Dictionary(grouping: quantizer.parts, by: \.type).mapValues(\.count)
        let types = counts.sorted { ($1.value, $0.key.name) < ($0.value, $1.key.name) }.map { "\($0.value) \($0.key)" }
        let mebibytes = { (bytes: Int) in fixed(Double(bytes) / 1048576, 1) }
        return "\(printable(output)): \(mebibytes(after)) MiB from \(mebibytes(before)), \(fixed(8 * Double(after) / Double(weights), 2)) bits a weight; tensors: \(types.joined(separator: ", "))\n"
    }
}

@testable import GGUF
import Testing
@testable import Inference

/// A damaged file that still opens must be refused or computed with, never trap: run these under AddressSanitizer too.
@Suite struct DamagedModelTests {
    private static let tiny = TinyModel(width: 32, heads: 2, keyValueHeads: 1, feedForward: 32, layers: 1, vocabulary: 12)

    /// Opens and runs the bytes as a model. True where it could be run.
    private func runs(_ bytes: [UInt8]) -> Bool {
        guard let file = try? GGUFFile(copying: bytes, path: "damaged.gguf"), let model = try? Model(file),
              let context = try? InferenceContext(model, contextLength: 8, threads: 1) else { return false }
        return (try? context.evaluate([0, 1, 2])) != nil && context.position == 3
    }

    @Test(arguments: ForwardTests.families)
    func everyHeaderByteMayBeWrong(_ family: String) throws {
        var tiny = try #require(TinyModel.families[family])
        (tiny.width, tiny.heads, tiny.keyValueHeads, tiny.feedForward, tiny.vocabulary) = (32, 2, 1, 32, 12)
        if family == "lfm2" { tiny.changes["lfm2.attention.head_count_kv"] = .array(MetadataArray([0, 1, 0] as [UInt32])) }
        let sound = try tiny.writer().bytes()
        let isSound = runs(sound)
        #expect(isSound)
        let headerSize = try #require(GGUFFile(copying: sound, path: "sound.gguf").tensors.map(\.offset).min())
        var refused = 0, computed = 0
        for at in 0..<headerSize {
            for change in [0x00, 0xFF, sound[at] ^ 0x01, sound[at] ^ 0x80, sound[at] &+ 1] as [UInt8] where change != sound[at] {
                var bytes = sound
                bytes[at] = change
                if runs(bytes) { computed += 1 } else { refused += 1 }
            }
        }
        print("damaged \(family) models: \(refused) refused, \(computed) computed")
        #expect(refused > 1000 && computed > 100)
    }

    @Test func weightsMayHoldAnyBits() throws {
        var random = RandomSource(seed: 3)
        let sound = try Self.tiny.writer().bytes()
        let start = try #require(GGUFFile(copying: sound, path: "sound.gguf").tensors.map(\.offset).min())
        for _ in 0..<50 {
            var bytes = sound
            for at in start..<bytes.count { bytes[at] = UInt8(truncatingIfNeeded: random.next()) }
            #expect(runs(bytes))
        }
    }
}

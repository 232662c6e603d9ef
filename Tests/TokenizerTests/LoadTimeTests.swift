import Foundation
@testable import GGUF
import TestSupport
import Testing

@testable import Tokenizer

/// Processor time of this thread, in seconds.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Reading a vocabulary must not be felt at the start. The times are printed; the bounds leave room for slow machines
/// and for builds without optimization.
struct LoadTimeTests {
    @Test func aQuarterOfAMillionPiecesLoadAtOnce() throws {
        var vocabulary = TestVocabulary.sentencePiece([:])
        let pieces = (0..<262_144 - 259).map { "▁" + String($0 &* 2_654_435_761 & 0xFFFF_FFFF, radix: 36) }
        vocabulary.tokens += pieces
        vocabulary.metadata[MetadataKey.kinds] = nil
        vocabulary.metadata[MetadataKey.scores] = .array(MetadataArray((0..<262_144).map { -Float($0) }))
        let tokenizer = try load(GGUFFile(copying: vocabulary.bytes(), path: "262144 pieces"))
        #expect(tokenizer.count == 262_144)
        #expect(tokenizer.id(of: pieces[200_000]) == 200_259)
    }

    @Test(
        .enabled(if: SharedFiles.directory != nil, SharedVocabulary.skipped),
        arguments: SharedVocabulary.allCases)
    func publishedVocabulariesLoadAtOnce(vocabulary: SharedVocabulary) throws {
        _ = try load(GGUFFile(path: vocabulary.path(".gguf")))
    }

    private func load(_ file: GGUFFile) throws -> Tokenizer {
        let start = processorTime()
        let tokenizer = try Tokenizer(file)
        let seconds = processorTime() - start
        print("\(file.path): \(tokenizer.count) tokens in \(Int(seconds * 10_000) / 10) ms")
        #if DEBUG
            #expect(seconds < 30)
        #else
            #expect(seconds < 1)
        #endif
        return tokenizer
    }
}

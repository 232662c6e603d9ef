import Foundation
import TestSupport
import Testing

@testable import Tokenizer

struct GoldenFileTests {
    /// Cuts at the same places as llama.cpp, for each family of pre-tokenizers.
    @Test(arguments: try PreTokenizerGolden.read())
    func preTokenizerCutsAsRecorded(golden: PreTokenizerGolden) throws {
        let tokenizer = try TestVocabulary.byteLevel(PreTokenizerGolden.allPairs, preTokenizer: golden.name).tokenizer()
        #expect(golden.cases.count > 50)
        for (text, lengths) in golden.cases {
            let ids = tokenizer.encode(text, addSpecial: false)
            #expect(ids.map { tokenizer.bytes(of: $0).count } == lengths, "\(text.debugDescription)")
        }
    }

    /// Names that llama.cpp takes for the same pre-tokenizer cut alike.
    @Test func everyKnownNameIsAFamilyOnRecord() throws {
        let recorded = Set(try PreTokenizerGolden.read().map(\.name))
        #expect(recorded.isSubset(of: PreTokenizer.names))
        #expect(PreTokenizer.families.allSatisfy { !recorded.isDisjoint(with: $0) })
        #expect(Set(PreTokenizer.names).count == PreTokenizer.names.count)
    }

    @Test(
        .enabled(if: SharedFiles.directory != nil, SharedVocabulary.skipped),
        arguments: SharedVocabulary.allCases)
    func tokensAreThoseRecorded(vocabulary: SharedVocabulary) throws {
        let tokenizer = try vocabulary.tokenizer()
        let lines = try Data.lines("vocabularies").drop { $0 != "vocabulary \(vocabulary.rawValue)" }.dropFirst()
            .prefix { !$0.hasPrefix("vocabulary ") }
        #expect(lines.count > 80)
        for line in lines {
            let flags = line.prefix { $0 != " " }
            let (text, rest) = try Data.string(line.dropFirst(flags.count + 1))
            let ids = tokenizer.encode(text, addSpecial: flags.contains("a"), parseSpecial: flags.contains("p"))
            #expect(ids == rest.split(separator: " ").compactMap { TokenID($0) }, "\(line)")
        }
    }
}

/// What is on record for one pre-tokenizer.
struct PreTokenizerGolden: CustomTestStringConvertible {
    let name: String
    var cases: [(text: String, lengths: [Int])] = []

    var testDescription: String { name }

    static func read() throws -> [PreTokenizerGolden] {
        var result: [String: PreTokenizerGolden] = [:]
        var text = ""
        for line in try Data.lines("pretokenizers") {
            if line.hasPrefix("text ") {
                text = try Data.string(line.dropFirst(5)).text
                continue
            }
            let fields = line.split(separator: " ")
            for name in fields.dropFirst().map(String.init) {
                result[name, default: PreTokenizerGolden(name: name)].cases
                    .append((text, fields[0].compactMap(\.wholeNumberValue)))
            }
        }
        return result.values.sorted { $0.name < $1.name }
    }

    /// Merges of all pairs of bytes in the recorded texts, in the bytes' order.
    static var allPairs: [([UInt8], [UInt8])] {
        get throws {
            let texts = try Data.lines("pretokenizers").filter { $0.hasPrefix("text ") }
            let used = try Set(texts.flatMap { try Data.string($0.dropFirst(5)).text.utf8 }).sorted()
            return used.flatMap { first in used.map { ([first], [$0]) } }
        }
    }
}

/// The files of recorded results.
enum Data {
    /// Lines but for comments.
    static func lines(_ name: String) throws -> [String] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Data"))
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
    }

    /// A text in quotes, as in JSON, and what follows it.
    static func string(_ line: Substring) throws -> (text: String, rest: Substring) {
        var end = line.index(after: line.startIndex)
        while line[end] != "\"" { end = line.index(end, offsetBy: line[end] == "\\" ? 2 : 1) }
        let text = try JSONDecoder().decode(String.self, from: Foundation.Data(line[...end].utf8))
        return (text, line[line.index(after: end)...])
    }
}

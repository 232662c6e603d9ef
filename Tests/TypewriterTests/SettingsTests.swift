import Foundation
@testable import Typewriter
import TestSupport
import Paper
import Testing

struct SettingsError: Sendable, CustomTestStringConvertible {
    let toml: String
    let message: String

    var testDescription: String { toml.replacing("\n", with: " ⏎ ") }
}

private let errors = [
    SettingsError(toml: "[paper]\ncolumns = \"many\"", message: "platen.toml:2: paper.columns \"many\" is not a whole number"),
    SettingsError(toml: "[paper]\n\ncolumns = 7.5", message: "platen.toml:3: paper.columns 7.5 is not a whole number"),
    SettingsError(toml: "[paper]\ncolumns = 5000", message: "platen.toml:2: paper.columns 5000 is not between 4 and 1000"),
    SettingsError(toml: "[paper]\ncolumns = -1", message: "platen.toml:2: paper.columns -1 is not between 4 and 1000"),
    SettingsError(toml: "[paper]\nmarkdown = 1", message: "platen.toml:2: paper.markdown 1 is not true or false; write true"),
    SettingsError(toml: "[paper]\nmarkdown = 1979-05-27", message: "platen.toml:2: paper.markdown is a date, not true or false"),
    SettingsError(toml: "# a comment\n[paper]\nkind = \"plotter\"", message: "platen.toml:3: paper.kind \"plotter\" is none of " + PaperKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")),
    SettingsError(toml: "[log]\nlevel = true", message: "platen.toml:2: log.level true is not a text in quotation marks: \"trace\", \"debug\", \"info\", \"notice\", \"warning\", \"error\", \"critical\""),
    SettingsError(
        toml: "[log]\nlevel = \"loud\"",
        message: "platen.toml:2: log.level \"loud\" is none of \"trace\", \"debug\", \"info\", \"notice\", \"warning\", \"error\", \"critical\""
    ),
    SettingsError(toml: "[sampling]\ntemperature = -0.5", message: "platen.toml:2: sampling.temperature -0.5 is not between 0.0 and 100.0"),
    SettingsError(toml: "[sampling]\ntemperature = nan", message: "platen.toml:2: sampling.temperature nan is not between 0.0 and 100.0"),
    SettingsError(toml: "[sampling]\ntemperature = inf", message: "platen.toml:2: sampling.temperature inf is not between 0.0 and 100.0"),
    SettingsError(toml: "[sampling]\ntemperature = 1e300", message: "platen.toml:2: sampling.temperature 1e+300 is not between 0.0 and 100.0"),
    SettingsError(toml: "[sampling]\ntemperature = \"hot\"", message: "platen.toml:2: sampling.temperature \"hot\" is not a number or \"auto\""),
    SettingsError(toml: "[sampling]\nseed = -1", message: "platen.toml:2: sampling.seed -1 is not between 0 and 9223372036854775807"),
    SettingsError(
        toml: "[conversation]\nstop = [\"a\", 1]", message: "platen.toml:2: conversation.stop is a list with something else in it, not a list of texts, such as [\"a\", \"b\"]"
    ),
    SettingsError(
        toml: "[conversation]\nstop = \"a\"", message: "platen.toml:2: conversation.stop \"a\" is not a list of texts, such as [\"a\", \"b\"]; write [\"a\"]"
    ),
    SettingsError(toml: "[paper]\ncolums = 72", message: "platen.toml:2: unknown key paper.colums; did you mean paper.columns?"),
    SettingsError(toml: "[paper]\nweight_in_grams = 80", message: "platen.toml:2: unknown key paper.weight_in_grams; [paper] has " + SettingKey.all.filter { $0.section == "paper" }.map { $0.name.dropFirst(6) }.joined(separator: ", ")),
    SettingsError(toml: "\n[papper]\ncolumns = 72", message: "platen.toml:2: unknown section [papper]; did you mean [paper]?"),
    SettingsError(toml: "columns = 72", message: "platen.toml:1: columns stands in no section; write [paper] on a line above it"),
    SettingsError(toml: "paper = 72", message: "platen.toml:1: paper is a section: write [paper] on a line of its own"),
    SettingsError(toml: "log.level = \"info\"\npaper.columns = 1", message: "platen.toml:2: paper.columns 1 is not between 4 and 1000"),
    SettingsError(toml: "\npaper = { columns = 1 }", message: "platen.toml:2: paper.columns 1 is not between 4 and 1000"),
    SettingsError(toml: "\n[\"paper\"]\n\"columns\" = 1", message: "platen.toml:3: paper.columns 1 is not between 4 and 1000"),
    SettingsError(
        toml: "[conversation]\nsystem_prompt = \"\"\"\n[paper]\ncolumns = 3\n\"\"\"\n[paper]\ncolumns = 1",
        message: "platen.toml:7: paper.columns 1 is not between 4 and 1000"
    ),
    SettingsError(
        toml: "[conversation]\nstop = [\n  \"a]\", # ]\n  'b\"',\n]\nmax_tokens = 0",
        message: "platen.toml:6: conversation.max_tokens 0 is not between 1 and 1048576"
    ),
    SettingsError(
        toml: "[paper]\ncolumns = 20\nleft_margin = 10\nright_margin = 8",
        message: "platen.toml:4: paper: margins of 10 and 8 leave 2 of 20 columns; make them smaller, so that 4 remain"
    ),
    SettingsError(
        toml: "[sampling]\ntop_k = -1\n[paper]\ncolumns = 1", message: "platen.toml:2: sampling.top_k -1 is not between 0 and 1048576"
    ),
]

@Suite("Settings")
struct SettingsTests {
    /// The repository that this file stands in.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let shipped = root.appending(path: "deploy/platen.toml").path

    @Test("What is wrong is said with file, line and key", arguments: errors)
    func message(_ example: SettingsError) {
        #expect(throws: TypewriterError(example.message, status: .configuration)) {
            try Settings(toml: example.toml, file: "platen.toml")
        }
    }

    @Test("What is no TOML is said with its line", arguments: [
        ("[paper]\ncolumns = 110a\n", 2), ("[paper\n", 1), ("x", 1), ("[log]\nlevel = \"info", 2), ("[log]\n[log]\n", 2), ("a = 1\na = 2", 2),
        ("[conversation]\nstop = [\"a\"", 2), ("\u{1}", 1), ("\n[(odel]", 2), ("[\u{E9}]", 1), ("[[ (x]]", 1), ("[]", 1), ("[ ]", 1), ("[\n(x]", 1),
        ("[", 1), ("[[", 1), ("\u{A0}[(x]", 1), ("\u{FEFF}\n[(x]", 2), ("\u{FEFF}[(x]", 1), ("a = \"\"\"\n\"\"\"\"\n[(x]", 3), ("= 1", 1),
        ("a = '''\n\\'''\n[^]", 3), ("a.b = 1 # c\r\n[&]", 2), ("a\u{7F} = 1", 1), ("a = 1 [(x]", 1), ("a = 1\u{2028}[(x]", 1),
        ("a = {b = 1, (}", 1), ("a = [(]", 1), ("a = _1", 1), ("a = 1_", 1), ("a = +", 1), ("a = 0x", 1), ("a..b = 1", 1), ("a. = 1", 1),
    ])
    func syntax(_ toml: String, _ line: Int) throws {
        let error = try #require(throws: TypewriterError.self) { try Settings(toml: toml, file: "platen.toml") }
        #expect(error.description.hasPrefix("platen.toml:\(line): "), "\(error)")
        #expect(!error.description.contains("\n"))
        #expect(error.status == .configuration)
    }

    @Test("An empty file changes nothing")
    func empty() throws {
        #expect(try Settings(toml: "", file: "x") == Settings())
        #expect(try Settings(toml: "# nothing\n[paper]\n", file: "x") == Settings())
    }

    @Test("Values arrive where they belong")
    func values() throws {
        let settings = try Settings(toml: """
            [model]
            path = "/srv/model.gguf"
            threads = 3
            [conversation]
            template = "llama-3"
            stop = ["a", "b"]
            [sampling]
            temperature = 1
            seed = 42
            dry_multiplier = 0.75
            [paper]
            columns = 40
            markdown = false
            characters_per_second = 12.5
            lines = 70
            bottom_margin = 6
            sheets = "continuous"
            """, file: "x")
        #expect(settings.paper.sheets == SheetSettings(lines: 70, bottomMargin: 6, isContinuous: true))
        #expect(settings.model.path == "/srv/model.gguf")
        #expect(settings.model.threads == 3)
        #expect(settings.forConversation.template == .llama3)
        #expect(settings.forConversation.stopSequences == ["a", "b"])
        #expect(settings.temperature == 1)
        #expect(settings.sampling.seed == 42)
        #expect(settings.sampling.dry.multiplier == 0.75)
        #expect(settings.paper.page.columns == 40)
        #expect(!settings.paper.page.markdown)
        #expect(settings.paper.charactersPerSecond == 12.5)
    }

    @Test("The shipped file has every key, no other, each with its default and a line of explanation")
    func shippedFile() throws {
        let text = try String(contentsOfFile: Self.shipped, encoding: .utf8)
        #expect(try Settings(file: Self.shipped) == Settings())

        var section = ""
        var named: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                section = String(line[line.index(after: line.startIndex)..<end])
            } else if !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") {
                let name = section + "." + line[..<equals].trimmingCharacters(in: .whitespaces)
                named.append(name)
                #expect(line.contains(" # "), "\(name) has no explanation")
                // Reading only this line must change nothing, and the line must be about a real key.
                #expect(try Settings(toml: "[\(section)]\n\(line)", file: name) == Settings())
            }
        }
        #expect(named == SettingKey.all.map(\.name))
    }

    @Test("A name with more dots than any name has is refused before it takes the memory", arguments: ["%@ = 1", "[%@]", "a = { %@ = 1 }"])
    func deep(_ form: String) {
        let name = [String](repeating: "a", count: 200_000).joined(separator: ".")
        #expect(throws: TypewriterError("x:1: a name with more than 32 dots; there is none", status: .configuration)) {
            try Settings(toml: form.replacing("%@", with: name), file: "x")
        }
    }

    @Test("Every key can be set, and gives back what was set")
    func everyKey() throws {
        for key in SettingKey.all {
            var settings = Settings()
            let value: SettingValue = switch key.kind {
            case .integer(_, let range): .integer(range.upperBound)
            case .number(_, let range), .automaticNumber(_, let range): .number(Double(range.upperBound))
            case .flag: .flag(key.value(in: settings) != .flag(true))
            case .text: .text("something")
            case .choice(_, let choices): .text(choices.last ?? "")
            case .texts: .texts(["something"])
            }
            try settings.set(key.name, to: value)
            #expect(key.value(in: settings) == value, "\(key.name)")
        }
    }

    @Test("A file that cannot be read is one line", arguments: [
        ("/nowhere/platen.toml", "No such file or directory"), ("/etc", "Is a directory"), ("/dev/zero", "this is no file; name a text file"),
    ])
    func unreadable(_ path: String, _ message: String) throws {
        let error = try #require(throws: TypewriterError.self) { try Settings(file: path) }
        #expect(error.description.hasPrefix(path) && error.description.contains(message))
    }

    @Test("Bytes that are no text are refused, not trapped on")
    func notText() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "platen-\(UUID()).toml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (bytes, message) in [
            ([0xFF, 0xFE, 0x41], ": this is UTF-16; save it as UTF-8"), ([0x0A, 0x61, 0x00], ":2: a zero byte; this is no text, or a damaged one: write it anew"),
            ([0x0A, 0xC3], ":2: 0xC3 is not UTF-8; save the file as UTF-8"), ([0x41, 0xED, 0xA0, 0x80], ":1: 0xED is not UTF-8; save the file as UTF-8"),
        ] as [([UInt8], String)] {
            try Data(bytes).write(to: URL(filePath: path))
            #expect(throws: TypewriterError(path + message, status: .configuration)) { try Settings(file: path) }
        }
    }

    @Test("The shipped file, cut anywhere or damaged anywhere, gives settings or one line")
    func damaged() throws {
        let bytes = Array(try String(contentsOfFile: Self.shipped, encoding: .utf8).utf8)
        var random = SystemRandomNumberGenerator()
        var refused = 0
        for length in stride(from: 0, to: bytes.count, by: 7) {
            if !isUnderstood(Array(bytes[..<length])) { refused += 1 }
        }
        let headers = bytes.indices.filter { bytes[$0] == UInt8(ascii: "[") }.flatMap { [Int](repeating: $0 + 1, count: 200) }
        for position in Array(stride(from: 0, to: bytes.count, by: 5)) + headers where position < bytes.count {
            var damaged = bytes
            damaged[position] = UInt8.random(in: 1...255, using: &random)
            if !isUnderstood(damaged) { refused += 1 }
        }
        #expect(refused > 100)
    }

    @Test("Twenty thousand texts of TOML's own signs, in any order, give settings or one line")
    func nonsense() throws {
        let signs = [
            "[", "]", "[[", "]]", "{", "}", "=", " = ", ",", ".", "\"", "'", "\"\"\"", "'''", "\n", "\r\n", "#", "a", "1", "_", "+", "-", "0x", "1e",
            "inf", "nan", "true", "1979-05-27", "T07:32:00", ":", "Z", " ", "\t", "\\", "\\u00e9", "\\U0010FFFF", "\u{E9}", "\u{2028}", "\u{85}", "\u{FEFF}",
            "paper", "columns", "stop", "a = ", "a = [", "a = {", "[a]\n",
        ]
        var random = SeededGenerator(seed: 20260101)
        var understood = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in signs.randomElement(using: &random) ?? "" }.joined()
            if isUnderstood(Array(text.utf8)) { understood += 1 }
        }
        #expect((1..<20_000).contains(understood))
    }

    private func isUnderstood(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try Settings(toml: String(decoding: bytes, as: UTF8.self), file: "platen.toml")
            return true
        } catch {
            #expect(error.description.hasPrefix("platen.toml:"))
            #expect(!error.description.contains("\n"))
            return false
        }
    }
}

@Suite("Suggestions")
struct SuggestionTests {
    @Test("count edits", arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("columns", "colums", 1), ("ab", "ba", 2), ("größe", "grosse", 3),
    ])
    func distance(_ a: String, _ b: String, _ expected: Int) {
        #expect(editDistance(a, b) == expected)
        #expect(editDistance(b, a) == expected)
    }
}

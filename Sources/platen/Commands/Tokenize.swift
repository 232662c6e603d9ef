import ArgumentParser
import GGUF
import Tokenizer

/// `platen tokenize`: text to token ids and back.
struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn standard input into a model's tokens, or back.",
        discussion: """
            Shows a line for each token: its id and its text. With --ids, only the ids, on one line.

            Examples:
              echo -n "Hello, world" | platen tokenize model.gguf
              echo -n "Hello, world" | platen tokenize model.gguf --ids
              echo "1 403 407" | platen tokenize model.gguf --decode
            """)

    @OptionGroup var file: ModelFile
    @Flag(help: "Only the ids, on one line.")
    var ids = false
    @Flag(help: "Read ids and print their text.")
    var decode = false
    @Flag(help: "Do not add the tokens that begin or end a text.")
    var noSpecial = false
    @Flag(help: "Texts of control tokens become those tokens; with --decode, show them.")
    var parseSpecial = false

    func run() throws {
        let tokenizer = try Tokenizer(file.open())
        let output = OutputStream(standard: OutputStream.standardOutput)
        if decode {
            let list = try parseIDs(readStandardInputText(), below: tokenizer.count)
            try output.write(tokenizer.decode(list, special: parseSpecial))
            return
        }
        let list = tokenizer.encode(try readStandardInputText(), addSpecial: !noSpecial, parseSpecial: parseSpecial)
        if ids {
            try output.write(list.map(String.init).joined(separator: " ") + "\n")
        } else {
            for id in list {
                let text = String(decoding: tokenizer.bytes(of: id, special: true), as: UTF8.self)
                try output.write("\(String(id).padded(to: 7))  \(text.debugDescription)\n")
            }
        }
    }
}

/// Token ids separated by white space or commas.
func parseIDs(_ text: String, below count: Int) throws -> [TokenID] {
    try text.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map { word in
        guard let id = TokenID(word), id >= 0, Int(id) < count else {
            throw CommandError("'\(word)' is not a token id from 0 to \(count - 1)")
        }
        return id
    }
}

import GGUF

/// A file's metadata as the tokenizer reads it: whatever is wrong with it is the tokenizer's error.
struct VocabularyMetadata {
    let file: GGUFFile

    func int(_ key: String) throws(TokenizerError) -> Int? {
        try read { () throws(GGUFError) in try file.int(key) }
    }

    func bool(_ key: String) throws(TokenizerError) -> Bool? {
        try read { () throws(GGUFError) in try file.bool(key) }
    }

    func string(_ key: String) throws(TokenizerError) -> String? {
        try read { () throws(GGUFError) in try file.string(key) }
    }

    func strings(_ key: String) throws(TokenizerError) -> StringArray? {
        try read { () throws(GGUFError) in try file.strings(key) }
    }

    /// One number for each token.
    func ints(_ key: String, count: Int) throws(TokenizerError) -> [Int]? {
        try checked(read { () throws(GGUFError) in try file.ints(key) }, key, count)
    }

    /// One number for each token.
    func floats(_ key: String, count: Int) throws(TokenizerError) -> [Float]? {
        try checked(read { () throws(GGUFError) in try file.floats(key) }, key, count)
    }

    /// Something that is not supported.
    func error(_ message: String) -> TokenizerError {
        TokenizerError("\(printable(file.path)): \(message)")
    }

    /// Something that contradicts itself: the program that made the file is to blame.
    func damaged(_ message: String) -> TokenizerError {
        error(message + "; convert the model again")
    }

    private func checked<Value>(_ values: [Value]?, _ key: String, _ count: Int) throws(TokenizerError) -> [Value]? {
        if let values, values.count != count { throw damaged("\(key) has \(values.count) entries for \(count) tokens") }
        return values
    }

    private func read<Value>(_ body: () throws(GGUFError) -> Value) throws(TokenizerError) -> Value {
        do throws(GGUFError) {
            return try body()
        } catch {
            throw TokenizerError(error.description)
        }
    }
}

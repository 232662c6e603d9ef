import GGUF

/// The metadata keys of one architecture (`llama.block_count`, ...), with the errors that name them.
struct ModelKeys {
    let file: GGUFFile
    let architecture: Architecture

    init(_ file: GGUFFile) throws(InferenceError) {
        self.file = file
        let name: String?
        do { name = try file.string("general.architecture") } catch { throw InferenceError(error) }
        guard let name else {
            throw InferenceError("\(file.path): key 'general.architecture' is missing: this is not a language model")
        }
        guard let known = Architecture.all.first(where: { $0.name == name }) else {
            let names = Architecture.all.map(\.name).joined(separator: ", ")
            throw InferenceError("\(file.path): architecture '\(printable(name, limit: 80))' is not supported; supported are \(names)")
        }
        architecture = known
    }

    func error(_ key: String, _ what: String) -> InferenceError {
        InferenceError("\(file.path): \(architecture.name).\(key): \(what)")
    }

    func optional(_ key: String, in range: ClosedRange<Int>) throws(InferenceError) -> Int? {
        let value: Int?
        do { value = try file.int("\(architecture.name).\(key)") } catch { throw InferenceError(error) }
        if let value { try check(value, key, range) }
        return value
    }

    private func check(_ value: Int, _ key: String, _ range: ClosedRange<Int>) throws(InferenceError) {
        guard range.contains(value) else {
            throw error(key, "\(value) is not between \(range.lowerBound) and \(range.upperBound)")
        }
    }

    func required(_ key: String, in range: ClosedRange<Int>) throws(InferenceError) -> Int {
        guard let value = try optional(key, in: range) else {
            throw error(key, "the key is missing")
        }
        return value
    }

    /// A finite number, or nil where the key is absent.
    func float(_ key: String) throws(InferenceError) -> Float? {
        let value: Float?
        do { value = try file.float("\(architecture.name).\(key)") } catch { throw InferenceError(error) }
        guard let value else { return nil }
        guard value.isFinite else { throw error(key, "\(value) is not a finite number") }
        return value
    }

    /// A factor above 0 and at most a million, or nil where the key is absent.
    func positive(_ key: String) throws(InferenceError) -> Float? {
        guard let value = try float(key) else { return nil }
        guard value > 0, value <= 1e6 else { throw error(key, "\(value) is not above 0 and at most 1000000") }
        return value
    }

    func bool(_ key: String) throws(InferenceError) -> Bool? {
        do { return try file.bool("\(architecture.name).\(key)") } catch { throw InferenceError(error) }
    }

    /// An integer for each of `count` layers: an array, or one number for all. Nil where the key is absent.
    func perLayer(_ key: String, count: Int, in range: ClosedRange<Int>) throws(InferenceError) -> [Int]? {
        let name = "\(architecture.name).\(key)"
        guard case .array = file.metadata[name] else {
            return try optional(key, in: range).map { Array(repeating: $0, count: count) }
        }
        let values: [Int]?
        do { values = try file.ints(name) } catch { throw InferenceError(error) }
        return try values.map { values throws(InferenceError) in
            for value in values { try check(value, key, range) }
            return try perLayer(values, key, count)
        }
    }

    /// An array with a value for each of `count` layers, or nil where the key is absent or not an array.
    func bools(_ key: String, count: Int) throws(InferenceError) -> [Bool]? {
        let name = "\(architecture.name).\(key)"
        guard case .array = file.metadata[name] else { return nil }
        let values: [Bool]?
        do { values = try file.bools(name) } catch { throw InferenceError(error) }
        return try values.map { values throws(InferenceError) in try perLayer(values, key, count) }
    }

    private func perLayer<Value>(_ values: [Value], _ key: String, _ count: Int) throws(InferenceError) -> [Value] {
        guard values.count == count else {
            throw error(key, "the array has \(values.count) values, but there are \(count) layers")
        }
        return values
    }

    func string(_ key: String) throws(InferenceError) -> String? {
        do { return try file.string("\(architecture.name).\(key)") } catch { throw InferenceError(error) }
    }
}

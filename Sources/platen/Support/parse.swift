import ArgumentParser
func parseIDs(_ text: String, below count: Int) throws -> [Int32] {
    try text.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map { word in
        guard let id = Int32(word), id >= 0, Int(id) < count else {
            throw ValidationError("'\(word)' is not a token id from 0 to \(count - 1)")
        }
        return id
    }
}

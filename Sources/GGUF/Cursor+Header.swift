/// In bytes, by the specification.
let longestKey = 65535
/// In bytes, where the file names none.
let defaultAlignment = 32

struct Header {
    let version: UInt32
    let tensorCount: Int
    let metadataCount: Int
}

extension Cursor {
    /// Magic, version and the two counts: 24 bytes.
    mutating func header() throws(GGUFError) -> Header {
        guard bytes.starts(with: "GGUF".utf8) else {
            throw GGUFError(path, notGGUF(bytes))
        }
        try skip(4, "its magic")
        let version = try integer(UInt32.self, "its version")
        switch version {
        case 2, 3:
            break
        case 1:
            throw GGUFError(path, "is GGUF version 1, of which few files exist; versions 2 and 3 are read: "
                + "download a newer conversion of the model")
        case _ where version.byteSwapped <= 0xFFFF && version > 0xFFFF:
            throw GGUFError(path, "is a big-endian GGUF file; only little-endian files are read: "
                + "download the ordinary file or convert it with gguf_convert_endian.py")
        default:
            throw GGUFError(path, "is GGUF version \(version); versions 2 and 3 are read")
        }
        // An entry is at least a name of one character with its length, and: a type and a byte of value; or the count
        // of dimensions, one dimension, a type and an offset.
        let tensorCount = try count(ofAtLeast: 8 + 1 + 4 + 8 + 4 + 8, "the tensor count")
        let metadataCount = try count(ofAtLeast: 8 + 1 + 4 + 1, "the metadata count")
        return Header(version: version, tensorCount: tensorCount, metadataCount: metadataCount)
    }

    /// The keys and values, checked, with the position of each key.
    mutating func metadataEntries(
        count: Int
    ) throws(GGUFError) -> (entries: [Metadata.Entry], positions: [String: Int]) {
        var entries: [Metadata.Entry] = []
        var positions: [String: Int] = [:]
        for index in 0..<count {
            let key = try name("key \(index)", limit: longestKey)
            guard positions.updateValue(index, forKey: key) == nil else {
                throw GGUFError(path, "key \(quoted(key)) occurs twice; the file is damaged")
            }
            entries.append(try metadataEntry(key))
        }
        return (entries, positions)
    }

    private mutating func metadataEntry(_ key: String) throws(GGUFError) -> Metadata.Entry {
        let owner = "key \(quoted(key))"
        let type = try valueType("the type of \(owner)")
        switch type {
        case .string:
            let length = try count(ofAtLeast: 1, "the length of \(owner)")
            let start = position
            try skip(length, owner)
            return Metadata.Entry(key: key, type: type, range: start..<position)
        case .array:
            let (elementType, count) = try arrayHead(owner)
            let start = position
            try skipElements(elementType, count: count, owner)
            return Metadata.Entry(
                key: key, type: type, range: start..<position, elementType: elementType, count: count)
        default:
            let start = position
            try skipElements(type, count: 1, owner)
            return Metadata.Entry(key: key, type: type, range: start..<position)
        }
    }

    /// A key or a tensor's name: UTF-8, not empty, and no longer than the specification allows.
    mutating func name(_ what: @autoclosure () -> String, limit: Int) throws(GGUFError) -> String {
        let bytes = try string("the name of \(what())")
        guard !bytes.isEmpty else { throw GGUFError(path, "\(what()) has an empty name; the file is damaged") }
        guard bytes.count <= limit else {
            throw GGUFError(path, "\(what()) has a name of \(bytes.count) bytes, more than \(limit); the file is damaged")
        }
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw GGUFError(path, "\(what()) has a name that is not UTF-8; the file is damaged")
        }
        return name
    }
}

/// `general.alignment`, or the format's default.
func checkedAlignment(_ value: MetadataValue?, path: String) throws(GGUFError) -> Int {
    guard let value else { return defaultAlignment }
    guard case .uint32(let alignment) = value else {
        throw GGUFError(path, "general.alignment is of type \(value.type.name), not UINT32")
    }
    guard (8...65536).contains(alignment), alignment.nonzeroBitCount == 1 else {
        throw GGUFError(path, "general.alignment is \(alignment), not a power of two from 8 to 65536")
    }
    return Int(alignment)
}

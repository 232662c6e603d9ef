import Glibc

/// The texts of all tokens in one block of bytes: a vocabulary has some hundred thousand, too many for as many strings.
struct TokenTexts: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each text ends.
    private var ends: [UInt32] = []
    /// The longest text's bytes.
    private(set) var longest = 0

    init(capacity: Int) {
        ends.reserveCapacity(capacity)
        bytes.reserveCapacity(capacity * 8)
    }

    /// Adds the next token's text, which `write` appends to the bytes. The texts of a file are below 4 GiB.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        longest = max(longest, bytes.count - start)
    }

    func range(of id: Int) -> Range<Int> {
        (id == 0 ? 0 : Int(ends[id - 1]))..<Int(ends[id])
    }

    subscript(id: Int) -> ArraySlice<UInt8> {
        bytes[range(of: id)]
    }

    /// True where the token's text is just these bytes.
    @inline(__always)
    func matches(_ id: Int, _ text: RawSpan) -> Bool {
        let range = range(of: id)
        guard range.count == text.byteCount else { return false }
        return bytes.withUnsafeBytes { all in
            text.withUnsafeBytes { other in
                guard let mine = all.baseAddress, let theirs = other.baseAddress else { return true }
                return memcmp(mine + range.lowerBound, theirs, range.count) == 0
            }
        }
    }
}

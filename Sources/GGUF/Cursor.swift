/// Reads little-endian values one after the other and never past the end.
struct Cursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    /// Names the file in errors.
    let path: String

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, path: String) {
        self.bytes = bytes
        self.position = position
        self.path = path
    }

    var remaining: Int { bytes.count - position }

    /// - Parameter what: completes "the file ends inside ...".
    mutating func integer<T: FixedWidthInteger>(
        _: T.Type = T.self, _ what: @autoclosure () -> String
    ) throws(GGUFError) -> T {
        guard MemoryLayout<T>.size <= remaining else { throw ended(what()) }
        let value = bytes.loadUnaligned(fromByteOffset: position, as: T.self)
        position += MemoryLayout<T>.size
        return T(littleEndian: value)
    }

    /// A count of things that take at least `size` bytes each, all of which must still fit in the file.
    mutating func count(ofAtLeast size: Int, _ what: @autoclosure () -> String) throws(GGUFError) -> Int {
        let count = try integer(UInt64.self, what())
        guard count <= UInt64(remaining / size) else {
            throw GGUFError(path, "\(what()) is \(count), more than the \(remaining) bytes left in the file can hold; "
                + "it is damaged or truncated: copy or download it again")
        }
        return Int(count)
    }

    /// A string's bytes: a 64-bit length, then UTF-8 without a terminator.
    mutating func string(_ what: @autoclosure () -> String) throws(GGUFError) -> UnsafeRawBufferPointer {
        let length = try count(ofAtLeast: 1, "the length of \(what())")
        return try skip(length, what())
    }

    /// A vocabulary and its merges are half a million strings: this loop makes nothing for any of them.
    mutating func skipStrings(_ count: Int, _ owner: String) throws(GGUFError) {
        for _ in 0..<count {
            guard remaining >= 8, case let length = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self),
                UInt64(littleEndian: length) <= UInt64(remaining - 8)
            else {
                _ = try string("a string of \(owner)")  // says what is wrong
                return
            }
            position += 8 + Int(UInt64(littleEndian: length))
        }
    }

    @discardableResult
    mutating func skip(_ count: Int, _ what: @autoclosure () -> String) throws(GGUFError) -> UnsafeRawBufferPointer {
        guard count <= remaining else { throw ended(what()) }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    private func ended(_ what: String) -> GGUFError {
        GGUFError(path, "the file ends inside \(what): it is truncated; copy or download it again")
    }
}

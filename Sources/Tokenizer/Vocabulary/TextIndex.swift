/// A hash table from a token's text to its id: open addressing, linear probing, at most two thirds full.
struct TextIndex: Sendable {
    /// The upper half of a text's hash and, in the lower half, the id plus one; 0 is an empty slot.
    private var slots: [UInt64]

    init(capacity: Int) {
        var size = 16
        while size * 2 < capacity * 3 { size *= 2 }
        slots = Array(repeating: 0, count: size)
    }

    /// Enters a token whose text is already in `texts`, or returns the token that has the same text.
    mutating func insert(_ id: Int, _ texts: TokenTexts) -> Int? {
        let text = texts.bytes.span.bytes.extracting(texts.range(of: id))
        let hash = Self.hash(text)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let other = Int(slots[slot] & 0xFFFF_FFFF) - 1
                if texts.matches(other, text) { return other }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = (hash >> 32) << 32 | UInt64(id + 1)
        return nil
    }

    /// The token whose text is just these bytes.
    func find(_ text: RawSpan, _ texts: TokenTexts) -> Int? {
        let hash = Self.hash(text)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let id = Int(slots[slot] & 0xFFFF_FFFF) - 1
                if texts.matches(id, text) { return id }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Multiplies and folds eight bytes at a time; the last eight may overlap those before.
    private static func hash(_ text: RawSpan) -> UInt64 {
        func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: T.Type) -> UInt64 {
            UInt64(truncatingIfNeeded: text.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
        }
        let count = text.byteCount
        var hash = UInt64(truncatingIfNeeded: count) &+ 0x9E37_79B9_7F4A_7C15
        switch count {
        case 0:
            return hash
        case 1...3:
            let (first, middle, last) = (load(0, UInt8.self), load(count / 2, UInt8.self), load(count - 1, UInt8.self))
            return mix(hash ^ (first | middle << 8 | last << 16))
        case 4...7:
            return mix(hash ^ (load(0, UInt32.self) | load(count - 4, UInt32.self) << 32))
        default:
            var offset = 0
            while offset + 8 < count {
                hash = mix(hash ^ load(offset, UInt64.self))
                offset += 8
            }
            return mix(hash ^ load(count - 8, UInt64.self))
        }
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}

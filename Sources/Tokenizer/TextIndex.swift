/// A hash table from a token's text to its id: open addressing, linear probing, at most half full.
struct TextIndex: Sendable {
    /// The upper half of a text's hash and, in the lower half, the id plus one; 0 is an empty slot.
    private var slots: [UInt64]

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
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

    /// Multiplies and folds eight bytes at a time.
    private static func hash(_ text: RawSpan) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: text.byteCount) &+ 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= text.byteCount {
            hash = mix(hash ^ text.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < text.byteCount {
            rest = rest << 8 | UInt64(text.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            offset += 1
        }
        return mix(hash ^ rest)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}

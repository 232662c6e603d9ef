import CKernels

/// What the keys and values of a KV cache are kept as.
public enum CacheType: String, Sendable, CaseIterable {
    /// IEEE 754 half precision: 2 bytes an element.
    case f16
    /// Blocks of 32 elements of a head, a half-precision scale and 32 signed bytes each (GGUF's Q8_0): 17/16 bytes an element. A head
    /// that 32 does not divide is filled up.
    case q8_0

    /// The kernels' number for it.
    var kind: Int32 {
        switch self {
        case .f16: Int32(PL_F16)
        case .q8_0: Int32(PL_Q8_0)
        }
    }

    /// Bytes of one layer's keys, and as many of its values, for `positions` positions; they are kept in tiles of 16.
    func byteCount(_ c: ModelConfiguration, positions: Int) -> Int {
        pl_cache_bytes(kind, Int32(c.keyValueHeadCount), Int32(c.headSize), Int32((positions + 15) / 16))
    }
}

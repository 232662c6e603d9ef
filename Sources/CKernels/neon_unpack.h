// Weights as bytes in their order. Included by the Arm sets.

typedef int8x16x2_t bytes32; // of 32 columns

PL_INLINE bytes32 both(uint8x16_t low, uint8x16_t high) { return (bytes32){{vreinterpretq_s8_u8(low), vreinterpretq_s8_u8(high)}}; }

/// 16 bytes to their low nibbles, then their high nibbles.
PL_INLINE bytes32 nibbles(const uint8_t *p) {
    uint8x16_t q = vld1q_u8(p);
    return both(vandq_u8(q, vdupq_n_u8(15)), vshrq_n_u8(q, 4));
}

/// Five bits as -16 ... 15, from 0 ... 15 and the bits that are missing from the fifth: where it is, 16 is taken off.
PL_INLINE bytes32 with_fifth_bits(bytes32 w, uint8x16_t missing) {
    const uint8x16_t bit = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201)), first = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    uint8x16_t low = vtstq_u8(vqtbl1q_u8(missing, first), bit), high = vtstq_u8(vqtbl1q_u8(missing, vaddq_u8(first, vdupq_n_u8(2))), bit);
    return both(vsliq_n_u8(vreinterpretq_u8_s8(w.val[0]), low, 4), vsliq_n_u8(vreinterpretq_u8_s8(w.val[1]), high, 4));
}

/// The bits that 4 bytes lack, in the first 4 of a register.
PL_INLINE uint8x16_t missing_bits(const void *p) { return vmvnq_u8(vreinterpretq_u8_u32(vld1q_dup_u32(p))); }

PL_INLINE uint8x16_t iq4_level(uint8x16_t nibble) {
    static const int8_t levels[16] = {PL_IQ4_LEVELS};
    return vreinterpretq_u8_s8(vqtbl1q_s8(vld1q_s8(levels), nibble));
}

/// Two bits from bit `shift` on.
PL_INLINE uint8x16_t pair_at(uint8x16_t q, int shift) {
    return shift == 6 ? vshrq_n_u8(q, 6) : vandq_u8(vshlq_u8(q, vdupq_n_s8((int8_t)-shift)), vdupq_n_u8(3));
}

// In a block of 256, where run `run` of 32 columns has its low bits, and where its upper ones. IQ4_XS: 16 bytes for 32 columns.

PL_INLINE size_t low_bytes(int type, int run) {
    switch (type) {
    case PL_IQ4_XS: return offsetof(pl_block_iq4_xs, q) + (size_t)(16 * run);
    case PL_Q2_K: return offsetof(pl_block_q2_k, q) + (size_t)(32 * (run / 4));
    case PL_Q3_K: return offsetof(pl_block_q3_k, q) + (size_t)(32 * (run / 4));
    case PL_Q4_K: return offsetof(pl_block_q4_k, q) + (size_t)(32 * (run / 2));
    case PL_Q5_K: return offsetof(pl_block_q5_k, q) + (size_t)(32 * (run / 2));
    default: return (size_t)(64 * (run / 4) + 32 * (run & 1)); // Q6_K
    }
}

PL_INLINE bool has_high_bytes(int type) { return type == PL_Q3_K || type == PL_Q5_K || type == PL_Q6_K; }

PL_INLINE size_t high_bytes(int type, int run) {
    return type == PL_Q3_K ? offsetof(pl_block_q3_k, high) : type == PL_Q5_K ? offsetof(pl_block_q5_k, high)
        : offsetof(pl_block_q6_k, high) + (size_t)(32 * (run / 4));
}

/// Runs in an order that takes those with the same low bytes in turn: Q6_K keeps runs 2 and 0, 3 and 1 together,
/// Q5_K ends with low nibbles, whose bytes are then overwritten.
PL_INLINE int run_order(int type, int i) { return type == PL_Q6_K ? i / 4 * 4 + i / 2 % 2 + 2 * (~i & 1) : type == PL_Q5_K ? i ^ 1 : i; }

/// The levels of a run in a block of 256, from the bytes with their low bits and those with their upper bits.
PL_INLINE uint8x16_t level(int type, int run, uint8x16_t q, uint8x16_t h) {
    switch (type) {
    case PL_Q2_K: return pair_at(q, 2 * (run % 4));
    case PL_Q3_K: // bit `run` of h becomes bit 2
        return vorrq_u8(pair_at(q, 2 * (run % 4)), vandq_u8(vshlq_u8(h, vdupq_n_s8((int8_t)(2 - run))), vdupq_n_u8(4)));
    case PL_Q4_K: return run & 1 ? vshrq_n_u8(q, 4) : vandq_u8(q, vdupq_n_u8(15));
    case PL_Q5_K: // bit `run` of h becomes bit 4
        if (run & 1) return vbslq_u8(vdupq_n_u8(16), vshlq_u8(h, vdupq_n_s8((int8_t)(4 - run))), vshrq_n_u8(q, 4));
        return vandq_u8(vsliq_n_u8(q, vshlq_u8(h, vdupq_n_s8((int8_t)-run)), 4), vdupq_n_u8(31));
    default: // Q6_K: of 4 runs, 0 and 1 have the low nibbles; two bits of h become bits 4 and 5
        if (run & 1) h = vshrq_n_u8(h, 2);
        if (run % 4 / 2) return vbslq_u8(vdupq_n_u8(0x30), h, vshrq_n_u8(q, 4));
        return vandq_u8(vsliq_n_u8(q, h, 4), vdupq_n_u8(63));
    }
}

PL_INLINE bytes32 iq4_levels(bytes32 nibbles) {
    return both(iq4_level(vreinterpretq_u8_s8(nibbles.val[0])), iq4_level(vreinterpretq_u8_s8(nibbles.val[1])));
}

/// The levels of 32 weights, above their offset, but 5 bits of blocks of 32 as -16 ... 15, and signed ones as they are.
/// `run` is the run of 32 in a block of 256.
PL_INLINE bytes32 unpack(int type, const uint8_t *block, int run) {
    switch (type) {
    case PL_Q4_0: return nibbles(block + offsetof(pl_block_q4_0, q));
    case PL_Q4_1: return nibbles(block + offsetof(pl_block_q4_1, q));
    case PL_Q5_0: return with_fifth_bits(nibbles(block + offsetof(pl_block_q5_0, q)), missing_bits(block + offsetof(pl_block_q5_0, high)));
    case PL_Q5_1: return with_fifth_bits(nibbles(block + offsetof(pl_block_q5_1, q)), missing_bits(block + offsetof(pl_block_q5_1, high)));
    case PL_Q8_0: {
        const void *q = block + offsetof(pl_block_q8_0, q), *rest = block + offsetof(pl_block_q8_0, q) + 16;
        return (bytes32){{vld1q_s8(q), vld1q_s8(rest)}};
    }
    case PL_IQ4_NL: return iq4_levels(nibbles(block + offsetof(pl_block_iq4_nl, q)));
    case PL_IQ4_XS: return iq4_levels(nibbles(block + low_bytes(type, run)));
    default: {
        const uint8_t *q = block + low_bytes(type, run), *h = has_high_bytes(type) ? block + high_bytes(type, run) : q;
        return both(level(type, run, vld1q_u8(q), vld1q_u8(h)), level(type, run, vld1q_u8(q + 16), vld1q_u8(h + 16)));
    }
    }
}

/// Scales and minimums of one block of 256, of its runs of 32 or 16, at every `stride`th place.
PL_INLINE void row_scales(int type, const void *block, int16_t *scale, int16_t *minimum, int stride) {
    int8_t s[16];
    uint8_t m[8];
    int runs = has_scales_of_16(type) ? 16 : 8;
    switch (type) {
    case PL_Q2_K:
        for (int i = 0; i < 16; i++) {
            s[i] = ((const pl_block_q2_k *)block)->scales[i] & 15;
            minimum[i * stride] = ((const pl_block_q2_k *)block)->scales[i] >> 4;
        }
        break;
    case PL_Q3_K: pl_unpack_scales_q3_k(((const pl_block_q3_k *)block)->scales, s); break;
    case PL_Q6_K: memcpy(s, ((const pl_block_q6_k *)block)->scales, 16); break;
    case PL_IQ4_XS: pl_unpack_scales_iq4_xs(block, s); break;
    default: // Q4_K and Q5_K, which begins alike
        pl_unpack_scales(((const pl_block_q4_k *)block)->scales, (uint8_t *)s, m);
        for (int i = 0; i < 8; i++) minimum[i * stride] = m[i];
    }
    for (int i = 0; i < runs; i++) scale[i * stride] = s[i];
}

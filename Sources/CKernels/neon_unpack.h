// Weights as bytes in their order. Included by the Arm sets.

typedef int8x16x2_t bytes32; // of 32 columns

PL_INLINE bytes32 both(uint8x16_t low, uint8x16_t high) { return (bytes32){{vreinterpretq_s8_u8(low), vreinterpretq_s8_u8(high)}}; }

/// 16 bytes to their low nibbles, then their high nibbles.
PL_INLINE bytes32 nibbles(const uint8_t *p) {
    uint8x16_t q = vld1q_u8(p);
    return both(vandq_u8(q, vdupq_n_u8(15)), vshrq_n_u8(q, 4));
}

/// Bit i to byte i as 0 or 16.
PL_INLINE uint8x16_t fifth_bits(uint32_t bits) {
    const uint8x8_t bit = vcreate_u8(0x8040201008040201);
    uint8x16_t spread = vcombine_u8(vdup_n_u8((uint8_t)bits), vdup_n_u8((uint8_t)(bits >> 8)));
    return vandq_u8(vtstq_u8(spread, vcombine_u8(bit, bit)), vdupq_n_u8(16));
}

PL_INLINE bytes32 with_fifth_bits(bytes32 w, uint32_t bits) {
    return both(vorrq_u8(vreinterpretq_u8_s8(w.val[0]), fifth_bits(bits)), vorrq_u8(vreinterpretq_u8_s8(w.val[1]), fifth_bits(bits >> 16)));
}

/// The low or high nibbles of 16 bytes.
PL_INLINE uint8x16_t half_bytes(const uint8_t *p, bool high) {
    uint8x16_t q = vld1q_u8(p);
    return high ? vshrq_n_u8(q, 4) : vandq_u8(q, vdupq_n_u8(15));
}

/// `mask` bits from bit `shift` on, moved to bit 4.
PL_INLINE uint8x16_t upper_bits(const uint8_t *p, int shift, uint8_t mask) {
    return vandq_u8(vshlq_u8(vld1q_u8(p), vdupq_n_s8((int8_t)(4 - shift))), vdupq_n_u8((uint8_t)(mask << 4)));
}

/// The levels of 32 weights without their offset (8 for Q4_0, 16 for Q5_0, 32 for Q6_K); Q8_0 signed as it is.
/// `run` is the run of 32 in a block of 256.
PL_INLINE bytes32 unpack(int type, const void *block, int run) {
    switch (type) {
    case PL_Q4_0: return nibbles(((const pl_block_q4_0 *)block)->q);
    case PL_Q4_1: return nibbles(((const pl_block_q4_1 *)block)->q);
    case PL_Q5_0: return with_fifth_bits(nibbles(((const pl_block_q5_0 *)block)->q), ((const pl_block_q5_0 *)block)->high);
    case PL_Q5_1: return with_fifth_bits(nibbles(((const pl_block_q5_1 *)block)->q), ((const pl_block_q5_1 *)block)->high);
    case PL_Q8_0: {
        const int8_t *q = ((const pl_block_q8_0 *)block)->q;
        return (bytes32){{vld1q_s8(q), vld1q_s8(q + 16)}};
    }
    case PL_Q4_K: {
        const uint8_t *q = ((const pl_block_q4_k *)block)->q + 32 * (run / 2);
        return both(half_bytes(q, run & 1), half_bytes(q + 16, run & 1));
    }
    case PL_Q5_K: {
        const pl_block_q5_k *b = block;
        const uint8_t *q = b->q + 32 * (run / 2);
        return both(vorrq_u8(half_bytes(q, run & 1), upper_bits(b->high, run, 1)),
                    vorrq_u8(half_bytes(q + 16, run & 1), upper_bits(b->high + 16, run, 1)));
    }
    default: { // Q6_K
        const pl_block_q6_k *b = block;
        int k = run % 4;
        const uint8_t *low = b->low + 64 * (run / 4) + 32 * (k & 1), *high = b->high + 32 * (run / 4);
        return both(vorrq_u8(half_bytes(low, k / 2), upper_bits(high, 2 * k, 3)),
                    vorrq_u8(half_bytes(low + 16, k / 2), upper_bits(high + 16, 2 * k, 3)));
    }
    }
}

/// The half at `offset` of 4 rows.
PL_INLINE float32x4_t halves(const uint8_t *const row[4], size_t offset) {
    uint64_t four = (uint64_t)pl_load16(row[0] + offset) | (uint64_t)pl_load16(row[1] + offset) << 16
        | (uint64_t)pl_load16(row[2] + offset) << 32 | (uint64_t)pl_load16(row[3] + offset) << 48;
    return vcvt_f32_f16(vreinterpret_f16_u64(vcreate_u64(four)));
}

/// Scales and minimums of one K block of 4 rows, as int16 with a row in a lane: scale[g] of run g of 32 (Q6_K: of 16).
PL_INLINE void block_scales(int type, const uint8_t *const row[4], size_t offset, int16x4_t *scale, int16x4_t *minimum) {
    uint8x8x4_t first, second;
    for (int r = 0; r < 4; r++) {
        if (type == PL_Q6_K) {
            const pl_block_q6_k *b = (const void *)(row[r] + offset);
            first.val[r] = vreinterpret_u8_s8(vld1_s8(b->scales));
            second.val[r] = vreinterpret_u8_s8(vld1_s8(b->scales + 8));
        } else {
            uint8_t scales[8], minimums[8];
            pl_unpack_scales(((const pl_block_q4_k *)(const void *)(row[r] + offset))->scales, scales, minimums); // Q5_K begins alike
            first.val[r] = vld1_u8(scales);
            second.val[r] = vld1_u8(minimums);
        }
    }
    uint8_t columns[2][8][4];
    vst4_u8(&columns[0][0][0], first);
    vst4_u8(&columns[1][0][0], second);
    for (int half = 0; half < 2; half++) {
        for (int g = 0; g < 8; g += 2) {
            uint8x8_t two = vld1_u8(columns[half][g]);
            int16x8_t wide = type == PL_Q6_K ? vmovl_s8(vreinterpret_s8_u8(two)) : vreinterpretq_s16_u16(vmovl_u8(two));
            int16x4_t *out = type == PL_Q6_K ? scale + 8 * half + g : (half ? minimum : scale) + g;
            out[0] = vget_low_s16(wide);
            out[1] = vget_high_s16(wide);
        }
    }
}

// Weights as bytes in their order, and scales of 8 rows side by side. Included by the x86 sets, after fifth_bits: 32 bits
// to 32 bytes of 0 or 16, offset_of(type): what the set's levels stand above their values, and set_levels: signed levels to these.

PL_INLINE __m256i load256(const void *p) { return _mm256_loadu_si256(p); }

PL_INLINE __m256i broadcast128(const void *p) { return _mm256_broadcastsi128_si256(_mm_loadu_si128(p)); }

/// 16 bytes to their low nibbles, then their high nibbles.
PL_INLINE __m256i nibbles(const uint8_t *p) {
    return _mm256_and_si256(_mm256_srlv_epi64(broadcast128(p), _mm256_setr_epi64x(0, 0, 4, 4)), _mm256_set1_epi8(15));
}

/// Nibbles to the levels that they stand for.
PL_INLINE __m256i iq4_table(void) { return set_levels(_mm256_setr_epi8(PL_IQ4_LEVELS, PL_IQ4_LEVELS)); }
PL_INLINE __m256i iq4_levels(__m256i nibbles) { return _mm256_shuffle_epi8(iq4_table(), nibbles); }

/// Two bits from bit `shift` on of 32 bytes.
PL_INLINE __m256i low_pairs(const uint8_t *p, int shift) {
    return _mm256_and_si256(_mm256_srli_epi16(load256(p), shift), _mm256_set1_epi8(3));
}

/// The levels of 32 weights, offset_of(type) above their values.
/// `run` is the run of 32 in a block of 256.
PL_INLINE __m256i unpack(int type, const void *block, int run) {
    const __m256i low4 = _mm256_set1_epi8(15);
    switch (type) {
    case PL_Q4_0: return nibbles(((const pl_block_q4_0 *)block)->q);
    case PL_Q4_1: return nibbles(((const pl_block_q4_1 *)block)->q);
    case PL_Q5_0: {
        const pl_block_q5_0 *b = block;
        return _mm256_or_si256(nibbles(b->q), fifth_bits(b->high));
    }
    case PL_Q5_1: {
        const pl_block_q5_1 *b = block;
        return _mm256_or_si256(nibbles(b->q), fifth_bits(b->high));
    }
    case PL_Q8_0: return set_levels(load256(((const pl_block_q8_0 *)block)->q));
    case PL_IQ4_NL: return iq4_levels(nibbles(((const pl_block_iq4_nl *)block)->q));
    case PL_IQ4_XS: return iq4_levels(nibbles(((const pl_block_iq4_xs *)block)->q + 16 * run));
    case PL_Q2_K: return low_pairs(((const pl_block_q2_k *)block)->q + 32 * (run / 4), 2 * (run % 4));
    case PL_Q3_K: {
        const pl_block_q3_k *b = block;
        __m256i high = _mm256_and_si256(_mm256_srli_epi16(load256(b->high), run), _mm256_set1_epi8(1));
        return _mm256_or_si256(low_pairs(b->q + 32 * (run / 4), 2 * (run % 4)), _mm256_slli_epi16(high, 2));
    }
    case PL_Q4_K: {
        const pl_block_q4_k *b = block;
        return _mm256_and_si256(_mm256_srli_epi16(load256(b->q + 32 * (run / 2)), 4 * (run & 1)), low4);
    }
    case PL_Q5_K: {
        const pl_block_q5_k *b = block;
        __m256i low = _mm256_and_si256(_mm256_srli_epi16(load256(b->q + 32 * (run / 2)), 4 * (run & 1)), low4);
        __m256i high = _mm256_and_si256(_mm256_srli_epi16(load256(b->high), run), _mm256_set1_epi8(1));
        return _mm256_or_si256(low, _mm256_slli_epi16(high, 4));
    }
    default: { // Q6_K
        const pl_block_q6_k *b = block;
        int half = run / 4, k = run % 4;
        __m256i low = load256(b->low + 64 * half + 32 * (k & 1)), high = load256(b->high + 32 * half);
        low = _mm256_and_si256(_mm256_srli_epi16(low, 4 * (k / 2)), low4);
        high = _mm256_and_si256(_mm256_srli_epi16(high, 2 * k), _mm256_set1_epi8(3));
        return _mm256_or_si256(low, _mm256_slli_epi16(high, 4));
    }
    }
}

/// The half at `offset` of 8 rows.
PL_INLINE __m256 halves(const uint8_t *p, size_t stride, size_t offset) {
    p += offset;
    return _mm256_cvtph_ps(_mm_setr_epi16(
        (short)pl_load16(p), (short)pl_load16(p + stride), (short)pl_load16(p + 2 * stride), (short)pl_load16(p + 3 * stride),
        (short)pl_load16(p + 4 * stride), (short)pl_load16(p + 5 * stride), (short)pl_load16(p + 6 * stride), (short)pl_load16(p + 7 * stride)));
}

/// 8 rows of 8 bytes to their columns, two in each register.
PL_INLINE void transpose_bytes(const uint8_t in[8][8], __m128i out[4]) {
    __m128i t[4];
    for (int i = 0; i < 4; i++) {
        t[i] = _mm_unpacklo_epi8(_mm_loadl_epi64((const void *)in[2 * i]), _mm_loadl_epi64((const void *)in[2 * i + 1]));
    }
    __m128i a = _mm_unpacklo_epi16(t[0], t[1]), b = _mm_unpackhi_epi16(t[0], t[1]);
    __m128i c = _mm_unpacklo_epi16(t[2], t[3]), d = _mm_unpackhi_epi16(t[2], t[3]);
    out[0] = _mm_unpacklo_epi32(a, c);
    out[1] = _mm_unpackhi_epi32(a, c);
    out[2] = _mm_unpacklo_epi32(b, d);
    out[3] = _mm_unpackhi_epi32(b, d);
}

/// A block's scales of runs of 16, signed bytes, and its minimums, where it has any.
PL_INLINE __m128i row_scales_16(int type, const void *block, __m128i *minimum) {
    const __m128i low4 = _mm_set1_epi8(15);
    if (type == PL_Q6_K) return _mm_loadu_si128((const void *)((const pl_block_q6_k *)block)->scales);
    if (type == PL_Q2_K) {
        __m128i both = _mm_loadu_si128((const void *)((const pl_block_q2_k *)block)->scales);
        *minimum = _mm_and_si128(_mm_srli_epi16(both, 4), low4);
        return _mm_and_si128(both, low4);
    }
    // Q3_K, as pl_unpack_scales_q3_k
    const uint8_t *packed = ((const pl_block_q3_k *)block)->scales;
    __m128i low = _mm_loadl_epi64((const void *)packed), high = _mm_set1_epi32((int32_t)pl_load32(packed + 8));
    low = _mm_and_si128(_mm_unpacklo_epi64(low, _mm_srli_epi16(low, 4)), low4);
    high = _mm_and_si128(_mm_srlv_epi32(high, _mm_setr_epi32(0, 2, 4, 6)), _mm_set1_epi8(3));
    return _mm_sub_epi8(_mm_or_si128(low, _mm_slli_epi16(high, 4)), _mm_set1_epi8(32));
}

/// A block's scales of runs of 32 as 32-bit numbers, and its minimums as 16-bit, where it has any.
PL_INLINE __m256i row_scales_32(int type, const void *block, __m128i *minimum) {
    if (type == PL_IQ4_XS) { // as pl_unpack_scales_iq4_xs
        const pl_block_iq4_xs *b = block;
        __m256i low = _mm256_set1_epi32((int32_t)pl_load32(b->scales_low)), high = _mm256_set1_epi32(b->scales_high);
        low = _mm256_and_si256(_mm256_srlv_epi32(low, _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28)), _mm256_set1_epi32(15));
        high = _mm256_and_si256(_mm256_srlv_epi32(high, _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14)), _mm256_set1_epi32(3));
        return _mm256_sub_epi32(_mm256_or_si256(low, _mm256_slli_epi32(high, 4)), _mm256_set1_epi32(32));
    }
    // Q4_K and Q5_K begin alike; as pl_unpack_scales
    __m128i head = _mm_loadu_si128(block); // d and dmin, then the 12 bytes
    __m128i low = _mm_srlv_epi32(_mm_shuffle_epi32(head, 0xed), _mm_setr_epi32(0, 0, 0, 4));
    low = _mm_and_si128(low, _mm_setr_epi32(0x3f3f3f3f, 0x0f0f0f0f, 0x3f3f3f3f, 0x0f0f0f0f));
    __m128i high = _mm_and_si128(_mm_srli_epi32(_mm_shuffle_epi32(head, 0x84), 2), _mm_setr_epi32(0, 0x30303030, 0, 0x30303030));
    __m128i both = _mm_or_si128(low, high);
    *minimum = _mm_unpackhi_epi8(both, _mm_setzero_si128());
    return _mm256_cvtepu8_epi32(both);
}

/// Scales of one block of 8 rows. scale[g * out_stride + r]: of run g in row r. pair[g * out_stride + r]: what the sums of activations 2g
/// and 2g + 1 are multiplied with, as two int16: their minimums, or where there are none their scales.
PL_INLINE void block_scales(int type, const uint8_t *p, size_t stride, int32_t *scale, int32_t *pair, int out_stride) {
    uint8_t scales[2][8][8], minimums[2][8][8];
    int halves = has_scales_of_16(type) ? 2 : 1;
    for (int r = 0; r < 8; r++) {
        const uint8_t *block = p + (size_t)r * stride;
        __m128i minimum = _mm_setzero_si128(), s;
        if (has_scales_of_16(type)) {
            s = row_scales_16(type, block, &minimum);
        } else {
            __m256i words = row_scales_32(type, block, &minimum);
            __m128i shorts = _mm_packs_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
            s = _mm_packs_epi16(shorts, shorts);
            minimum = _mm_packs_epi16(minimum, minimum);
        }
        _mm_storel_epi64((void *)scales[0][r], s);
        _mm_storel_epi64((void *)minimums[0][r], minimum);
        _mm_storel_epi64((void *)scales[1][r], _mm_unpackhi_epi64(s, s));
        _mm_storel_epi64((void *)minimums[1][r], _mm_unpackhi_epi64(minimum, minimum));
    }
    for (int half = 0; half < halves; half++) {
        __m128i column[4];
        transpose_bytes(scales[half], column);
        for (int i = 0; i < 4; i++) {
            __m128i even = column[i], odd = _mm_unpackhi_epi64(even, even);
            int32_t *out = scale + (8 * half + 2 * i) * out_stride;
            _mm256_storeu_si256((void *)out, _mm256_cvtepi8_epi32(even));
            _mm256_storeu_si256((void *)(out + out_stride), _mm256_cvtepi8_epi32(odd));
        }
        if (has_minimum(type)) transpose_bytes(minimums[half], column);
        for (int i = 0; i < 4; i++) {
            __m128i even = column[i], odd = _mm_unpackhi_epi64(even, even);
            if (has_scales_of_16(type)) {
                __m128i both = _mm_unpacklo_epi8(even, odd);
                _mm256_storeu_si256((void *)(pair + (4 * half + i) * out_stride), _mm256_cvtepi8_epi16(both));
            } else {
                _mm256_storeu_si256((void *)(pair + 2 * i * out_stride), _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(even, even)));
                _mm256_storeu_si256((void *)(pair + (2 * i + 1) * out_stride), _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(odd, odd)));
            }
        }
    }
}

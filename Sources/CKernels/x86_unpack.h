// Weights as bytes in their order, and scales of 8 rows side by side. Included by the x86 sets, after fifth_bits:
// 32 bits to 32 bytes of 0 or 16.

PL_INLINE __m256i load256(const void *p) { return _mm256_loadu_si256(p); }

/// 16 bytes to their low nibbles, then their high nibbles.
PL_INLINE __m256i nibbles(const uint8_t *p) {
    __m256i both = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)p));
    return _mm256_and_si256(_mm256_srlv_epi64(both, _mm256_setr_epi64x(0, 0, 4, 4)), _mm256_set1_epi8(15));
}

/// 16 bytes of nibbles to the signed levels that they stand for.
PL_INLINE __m256i iq4_levels(const uint8_t *p) {
    return _mm256_shuffle_epi8(_mm256_setr_epi8(PL_IQ4_LEVELS, PL_IQ4_LEVELS), nibbles(p));
}

/// Two bits from bit `shift` on of 32 bytes.
PL_INLINE __m256i low_pairs(const uint8_t *p, int shift) {
    return _mm256_and_si256(_mm256_srli_epi16(load256(p), shift), _mm256_set1_epi8(3));
}

/// The levels of 32 weights above their offset; the signed ones as they are.
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
    case PL_Q8_0: return load256(((const pl_block_q8_0 *)block)->q);
    case PL_IQ4_NL: return iq4_levels(((const pl_block_iq4_nl *)block)->q);
    case PL_IQ4_XS: return iq4_levels(((const pl_block_iq4_xs *)block)->q + 16 * run);
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
PL_INLINE __m256 halves(const uint8_t *const row[8], size_t offset) {
    return _mm256_cvtph_ps(_mm_setr_epi16(
        (short)pl_load16(row[0] + offset), (short)pl_load16(row[1] + offset), (short)pl_load16(row[2] + offset),
        (short)pl_load16(row[3] + offset), (short)pl_load16(row[4] + offset), (short)pl_load16(row[5] + offset),
        (short)pl_load16(row[6] + offset), (short)pl_load16(row[7] + offset)));
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

/// A block's scales, of runs of 16 or 32, as bytes; and its minimums, where it has any.
PL_INLINE void row_scales(int type, const void *block, uint8_t scale[16], uint8_t minimum[16]) {
    switch (type) {
    case PL_Q2_K: {
        __m128i both = _mm_loadu_si128((const void *)((const pl_block_q2_k *)block)->scales), low = _mm_set1_epi8(15);
        _mm_storeu_si128((void *)scale, _mm_and_si128(both, low));
        _mm_storeu_si128((void *)minimum, _mm_and_si128(_mm_srli_epi16(both, 4), low));
        break;
    }
    case PL_Q3_K: pl_unpack_scales_q3_k(((const pl_block_q3_k *)block)->scales, (int8_t *)scale); break;
    case PL_Q6_K: memcpy(scale, ((const pl_block_q6_k *)block)->scales, 16); break;
    case PL_IQ4_XS: pl_unpack_scales_iq4_xs(block, (int8_t *)scale); break;
    default: pl_unpack_scales(((const pl_block_q4_k *)block)->scales, scale, minimum); // Q5_K begins alike
    }
}

/// Scales of one block of 8 rows. scale[g * stride + r]: of run g in row r. pair[g * stride + r]: what the sums of activations 2g
/// and 2g + 1 are multiplied with, as two int16: their minimums, or where there are none their scales.
PL_INLINE void block_scales(int type, const uint8_t *const row[8], size_t offset, int32_t *scale, int32_t *pair, int stride) {
    enum { HALVES = 2 };
    uint8_t scales[HALVES][8][8], minimums[HALVES][8][8];
    int halves = has_scales_of_16(type) ? 2 : 1;
    for (int r = 0; r < 8; r++) {
        uint8_t s[16] = {0}, m[16] = {0};
        row_scales(type, row[r] + offset, s, m);
        for (int half = 0; half < halves; half++) {
            memcpy(scales[half][r], s + 8 * half, 8);
            memcpy(minimums[half][r], m + 8 * half, 8);
        }
    }
    for (int half = 0; half < halves; half++) {
        __m128i column[4];
        transpose_bytes(scales[half], column);
        for (int i = 0; i < 4; i++) {
            __m128i even = column[i], odd = _mm_unpackhi_epi64(even, even);
            int32_t *out = scale + (8 * half + 2 * i) * stride;
            _mm256_storeu_si256((void *)out, has_minimum(type) ? _mm256_cvtepu8_epi32(even) : _mm256_cvtepi8_epi32(even));
            _mm256_storeu_si256((void *)(out + stride), has_minimum(type) ? _mm256_cvtepu8_epi32(odd) : _mm256_cvtepi8_epi32(odd));
        }
        if (has_minimum(type)) transpose_bytes(minimums[half], column);
        for (int i = 0; i < 4; i++) {
            __m128i even = column[i], odd = _mm_unpackhi_epi64(even, even);
            if (has_scales_of_16(type)) {
                __m128i both = _mm_unpacklo_epi8(even, odd);
                _mm256_storeu_si256((void *)(pair + (4 * half + i) * stride), _mm256_cvtepi8_epi16(both));
            } else {
                _mm256_storeu_si256((void *)(pair + 2 * i * stride), _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(even, even)));
                _mm256_storeu_si256((void *)(pair + (2 * i + 1) * stride), _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(odd, odd)));
            }
        }
    }
}

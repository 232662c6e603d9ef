// 16 float lanes as one 512-bit register. The operations that vector_ops.h asks for.

/// Rows and tokens of a tile of floats: their sums fit in the registers.
enum { FLOAT_TILE_ROWS = 4, FLOAT_TOKENS = 4 };

typedef __m512 v16;
typedef __m512i vbits;

PL_INLINE v16 v_zero(void) { return _mm512_setzero_ps(); }
PL_INLINE v16 v_set1(float x) { return _mm512_set1_ps(x); }
PL_INLINE v16 v_load(const void *p) { return _mm512_loadu_ps(p); }
PL_INLINE void v_store(float *p, v16 x) { _mm512_storeu_ps(p, x); }
PL_INLINE v16 v_add(v16 x, v16 y) { return _mm512_add_ps(x, y); }
PL_INLINE v16 v_sub(v16 x, v16 y) { return _mm512_sub_ps(x, y); }
PL_INLINE v16 v_mul(v16 x, v16 y) { return _mm512_mul_ps(x, y); }
PL_INLINE v16 v_div(v16 x, v16 y) { return _mm512_div_ps(x, y); }
PL_INLINE v16 v_larger(v16 x, v16 y) { return _mm512_max_ps(x, y); }
PL_INLINE v16 v_smaller(v16 x, v16 y) { return _mm512_min_ps(x, y); }

PL_INLINE float v_fold(v16 x) {
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

PL_INLINE v16 v_from_half(const void *p) { return _mm512_cvtph_ps(_mm256_loadu_si256(p)); }
PL_INLINE v16 v_from_bf16(const void *p) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(p)), 16));
}
PL_INLINE void v_to_half(v16 x, void *p) {
    _mm256_storeu_si256(p, _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
PL_INLINE v16 v_zero_below(v16 x, float limit, v16 y) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_set1_ps(limit), _CMP_NLT_UQ), y);
}
PL_INLINE v16 v_scale_exponent(v16 y, v16 t) {
    __m512i exponent = _mm512_slli_epi32(_mm512_add_epi32(_mm512_castps_si512(t), _mm512_set1_epi32(127)), 23);
    return _mm512_mul_ps(y, _mm512_castsi512_ps(exponent));
}

PL_INLINE vbits v_magnitude(v16 x) { return _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff)); }
PL_INLINE vbits v_magnitude_larger(vbits x, vbits y) { return _mm512_max_epi32(x, y); }
PL_INLINE uint32_t v_magnitude_max(vbits x) { return (uint32_t)_mm512_reduce_max_epi32(x); }

/// 16 bytes to nearest even; returns their sum.
PL_INLINE int16_t v_round_store(v16 x, int8_t *q) {
    __m128i bytes = _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(x));
    _mm_storeu_si128((void *)q, bytes);
    __m128i sums = _mm_sad_epu8(_mm_xor_si128(bytes, _mm_set1_epi8(-128)), _mm_setzero_si128());
    return (int16_t)(_mm_cvtsi128_si32(sums) + _mm_extract_epi16(sums, 4) - 16 * 128);
}

PL_INLINE v16 v_fma(v16 x, v16 y, v16 z) { return _mm512_fmadd_ps(x, y, z); }
PL_INLINE float v_highest(v16 x) { return _mm512_reduce_max_ps(x); }
PL_INLINE v16 v_from_bytes(const void *p) { return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(p))); }

enum { V_ACCUMULATORS = 8, V_DOT_ROWS = 4 };

/// Products of a cache block's keys, [8][16 positions][4], with the 32 bytes at q of each row. Keys are made unsigned by adding 128.
PL_INLINE void v_dot_block(int rows, const int8_t *k, const int8_t *q, size_t q_stride, const int32_t *q_sum, size_t sum_stride, v16 *out) {
    __m512i sum[4];
    for (int r = 0; r < rows; r++) sum[r] = _mm512_set1_epi32(-128 * q_sum[(size_t)r * sum_stride]);
    for (int g = 0; g < 8; g++) {
        __m512i keys = _mm512_xor_si512(_mm512_loadu_si512(k + 64 * g), _mm512_set1_epi8(-128));
        for (int r = 0; r < rows; r++) {
            sum[r] = _mm512_dpbusd_epi32(sum[r], keys, _mm512_set1_epi32((int32_t)pl_load32(q + (size_t)r * q_stride + 4 * g)));
        }
    }
    for (int r = 0; r < rows; r++) out[r] = _mm512_cvtepi32_ps(sum[r]);
}

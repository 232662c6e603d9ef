// 16 float lanes as two 256-bit registers (AVX2, F16C). The operations that vector_ops.h asks for.

/// Rows and tokens of a tile of floats: their sums fit in the registers.
enum { FLOAT_TILE_ROWS = 2, FLOAT_TOKENS = 2 };

typedef struct { __m256 a, b; } v16;
typedef __m256i vbits;

PL_INLINE v16 v_zero(void) { return (v16){_mm256_setzero_ps(), _mm256_setzero_ps()}; }
PL_INLINE v16 v_set1(float x) { return (v16){_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
PL_INLINE v16 v_load(const void *p) { return (v16){_mm256_loadu_ps(p), _mm256_loadu_ps((const void *)((const char *)p + 32))}; }
PL_INLINE void v_store(float *p, v16 x) { _mm256_storeu_ps(p, x.a); _mm256_storeu_ps(p + 8, x.b); }
PL_INLINE v16 v_add(v16 x, v16 y) { return (v16){_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)}; }
PL_INLINE v16 v_sub(v16 x, v16 y) { return (v16){_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)}; }
PL_INLINE v16 v_mul(v16 x, v16 y) { return (v16){_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)}; }
PL_INLINE v16 v_div(v16 x, v16 y) { return (v16){_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)}; }
PL_INLINE v16 v_larger(v16 x, v16 y) { return (v16){_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)}; }
PL_INLINE v16 v_smaller(v16 x, v16 y) { return (v16){_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)}; }

PL_INLINE float v_fold(v16 x) {
    __m256 eight = _mm256_add_ps(x.a, x.b);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

PL_INLINE v16 v_from_half(const void *p) {
    return (v16){_mm256_cvtph_ps(_mm_loadu_si128(p)), _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p + 1))};
}

PL_INLINE v16 v_from_bf16(const void *p) {
    __m256i a = _mm256_cvtepu16_epi32(_mm_loadu_si128(p)), b = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p + 1));
    return (v16){_mm256_castsi256_ps(_mm256_slli_epi32(a, 16)), _mm256_castsi256_ps(_mm256_slli_epi32(b, 16))};
}

PL_INLINE void v_to_half(v16 x, void *p) {
    _mm_storeu_si128(p, _mm256_cvtps_ph(x.a, _MM_FROUND_TO_NEAREST_INT));
    _mm_storeu_si128((__m128i *)p + 1, _mm256_cvtps_ph(x.b, _MM_FROUND_TO_NEAREST_INT));
}

PL_INLINE v16 v_zero_below(v16 x, float limit, v16 y) {
    __m256 low = _mm256_set1_ps(limit);
    return (v16){_mm256_andnot_ps(_mm256_cmp_ps(x.a, low, _CMP_LT_OQ), y.a), _mm256_andnot_ps(_mm256_cmp_ps(x.b, low, _CMP_LT_OQ), y.b)};
}

PL_INLINE __m256 exponent_of(__m256 t) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_castps_si256(t), _mm256_set1_epi32(127)), 23));
}
PL_INLINE v16 v_scale_exponent(v16 y, v16 t) { return (v16){_mm256_mul_ps(y.a, exponent_of(t.a)), _mm256_mul_ps(y.b, exponent_of(t.b))}; }

PL_INLINE vbits v_magnitude(v16 x) {
    __m256i mask = _mm256_set1_epi32(0x7fffffff);
    return _mm256_max_epi32(_mm256_and_si256(_mm256_castps_si256(x.a), mask), _mm256_and_si256(_mm256_castps_si256(x.b), mask));
}
PL_INLINE vbits v_magnitude_larger(vbits x, vbits y) { return _mm256_max_epi32(x, y); }
PL_INLINE uint32_t v_magnitude_max(vbits x) {
    __m128i m = _mm_max_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    m = _mm_max_epi32(m, _mm_shuffle_epi32(m, 0x4e));
    return (uint32_t)_mm_cvtsi128_si32(_mm_max_epi32(m, _mm_shuffle_epi32(m, 0xb1)));
}

/// 16 bytes to nearest even; returns their sum.
PL_INLINE int16_t v_round_store(v16 x, int8_t *q) {
    __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(_mm256_cvtps_epi32(x.a), _mm256_cvtps_epi32(x.b)), 0xd8);
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128((void *)q, bytes);
    __m128i sums = _mm_sad_epu8(_mm_xor_si128(bytes, _mm_set1_epi8(-128)), _mm_setzero_si128());
    return (int16_t)(_mm_cvtsi128_si32(sums) + _mm_extract_epi16(sums, 4) - 16 * 128);
}

PL_INLINE v16 v_fma(v16 x, v16 y, v16 z) { return (v16){_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)}; }
PL_INLINE float v_highest(v16 x) {
    __m256 eight = _mm256_max_ps(x.a, x.b);
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
PL_INLINE v16 v_from_bytes(const void *p) {
    __m128i bytes = _mm_loadu_si128(p);
    return (v16){
        _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)), _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_unpackhi_epi64(bytes, bytes))),
    };
}

enum { V_ACCUMULATORS = 4, V_DOT_ROWS = 2 };

/// Products of a cache block's keys, [8][16 positions][4], with the 32 bytes at q of each row: |key| * (q with the key's sign),
/// at most 2 * 127 * 127 in a pair.
PL_INLINE void v_dot_block(int rows, const int8_t *k, const int8_t *q, size_t q_stride, const int32_t *q_sum, size_t sum_stride, v16 *out) {
    (void)q_sum; (void)sum_stride;
    __m256i sum[2][2], ones = _mm256_set1_epi16(1);
    for (int r = 0; r < rows; r++) sum[r][0] = sum[r][1] = _mm256_setzero_si256();
    for (int g = 0; g < 8; g++) {
        for (int half = 0; half < 2; half++) {
            __m256i keys = _mm256_loadu_si256((const void *)(k + 64 * g + 32 * half)), size = _mm256_abs_epi8(keys);
            for (int r = 0; r < rows; r++) {
                __m256i x = _mm256_set1_epi32((int32_t)pl_load32(q + (size_t)r * q_stride + 4 * g));
                __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(x, keys));
                sum[r][half] = _mm256_add_epi32(sum[r][half], _mm256_madd_epi16(pairs, ones));
            }
        }
    }
    for (int r = 0; r < rows; r++) out[r] = (v16){_mm256_cvtepi32_ps(sum[r][0]), _mm256_cvtepi32_ps(sum[r][1])};
}

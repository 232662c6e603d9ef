// AVX2: products of bytes through int16 (VPMADDUBSW), kept small enough that they never saturate.
#if defined(__x86_64__)
#include "expf.h"
#include "layout.h"
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,f16c,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,f16c,fma")
#endif

#include "avx2_vectors.h"
#include "vector_ops.h"

PL_INLINE int offset_of(int type) { return level_offset(type); }
PL_INLINE __m256i set_levels(__m256i w) { return w; }

/// Bit i to byte i as 0 or 16.
PL_INLINE __m256i fifth_bits(uint32_t bits) {
    const __m256i byte = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i spread = _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32((int32_t)bits), byte), bit);
    return _mm256_and_si256(_mm256_cmpeq_epi8(spread, bit), _mm256_set1_epi8(16));
}

PL_INLINE __m256i sum_pairs(__m256i words) { return _mm256_madd_epi16(words, _mm256_set1_epi16(1)); }

/// Signed levels: |w| * (x with w's sign), at most 2 * 128 * 127; others at most 2 * 63 * 127.
PL_INLINE __m256i products(int type, __m256i w, __m256i x) {
    return has_signed_levels(type) ? _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w)) : _mm256_maddubs_epi16(w, x);
}

/// The products less offset * x.
PL_INLINE __m256i centered(int type, __m256i w, __m256i x) {
    __m256i words = products(type, w, x);
    return offset_of(type) ? _mm256_sub_epi16(words, _mm256_maddubs_epi16(_mm256_set1_epi8((char)offset_of(type)), x)) : words;
}

PL_INLINE __m256i dot(int type, __m256i w, __m256i x) { return sum_pairs(centered(type, w, x)); }

PL_INLINE __m256i dot_both(int type, __m256i v, __m256i x, __m256i w, __m256i y) {
    if (has_signed_levels(type)) return _mm256_add_epi32(dot(type, v, x), dot(type, w, y));
    return sum_pairs(_mm256_add_epi16(centered(type, v, x), centered(type, w, y)));
}

#include "x86_unpack.h"

// A scale goes with two sums of 2 products.
PL_INLINE __m256i scale_words(__m256i s) { return _mm256_blend_epi16(s, _mm256_slli_epi32(s, 16), 0xaa); }
PL_INLINE __m256i scale_words_low(__m256i s) { return _mm256_unpacklo_epi16(s, s); }
PL_INLINE __m256i scale_words_high(__m256i s) { return _mm256_unpackhi_epi16(s, s); }

PL_INLINE __m256i scaled_dot(int type, __m256i sum, __m256i w, __m256i x, __m256i scale) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(products(type, w, x), scale));
}

PL_INLINE void block_halves(int type, const uint8_t *p, size_t stride, size_t offset, __m256 out[2]) {
    out[0] = halves(p, stride, offset);
    out[1] = halves(p + block_bytes(type), stride, offset);
}

#include "x86_gemv.h"

enum { PANEL = 8, TILE = 4 };
typedef __m256i lanes_i;
typedef __m256 lanes_f;
PL_INLINE lanes_i i_set1(int32_t x) { return _mm256_set1_epi32(x); }
PL_INLINE lanes_i i_load(const void *p) { return load256(p); }
PL_INLINE void i_store(void *p, lanes_i x) { _mm256_storeu_si256(p, x); }
PL_INLINE lanes_i i_set1_byte(int x) { return _mm256_set1_epi8((char)x); }
PL_INLINE lanes_i i_low_words(lanes_i x, lanes_i y) { return _mm256_unpacklo_epi32(x, y); }
PL_INLINE lanes_i i_high_words(lanes_i x, lanes_i y) { return _mm256_unpackhi_epi32(x, y); }
PL_INLINE lanes_i i_low_pairs(lanes_i x, lanes_i y) { return _mm256_unpacklo_epi64(x, y); }
PL_INLINE lanes_i i_high_pairs(lanes_i x, lanes_i y) { return _mm256_unpackhi_epi64(x, y); }
PL_INLINE lanes_i i_and(lanes_i x, lanes_i y) { return _mm256_and_si256(x, y); }
PL_INLINE lanes_i i_or(lanes_i x, lanes_i y) { return _mm256_or_si256(x, y); }
PL_INLINE lanes_i i_shift_right(lanes_i x, int bits) { return _mm256_srli_epi16(x, bits); }
PL_INLINE lanes_i i_shift_left(lanes_i x, int bits) { return _mm256_slli_epi16(x, bits); }
PL_INLINE lanes_i i_set_levels(lanes_i w) { return set_levels(w); }
PL_INLINE lanes_i i_iq4_levels(lanes_i nibbles) { return _mm256_shuffle_epi8(iq4_table(), nibbles); }

/// 16 bytes of 2 rows, side by side.
PL_INLINE lanes_i i_load_rows(const uint8_t *p, size_t stride) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)p)), _mm_loadu_si128((const void *)(p + stride)), 1);
}

/// Bits 4 * group ... 4 * group + 3 of every lane to its bytes as 0 or 16.
PL_INLINE lanes_i i_fifth_bits(lanes_i bits, int group) {
    const __m256i from = _mm256_add_epi8(_mm256_setr_epi32(0, 0x04040404, 0x08080808, 0x0c0c0c0c, 0, 0x04040404, 0x08080808, 0x0c0c0c0c), _mm256_set1_epi8((char)(group / 2)));
    __m256i bit = _mm256_set1_epi32(group % 2 ? (int)0x80402010 : 0x08040201);
    __m256i spread = _mm256_and_si256(_mm256_shuffle_epi8(bits, from), bit);
    return _mm256_and_si256(_mm256_cmpeq_epi8(spread, bit), _mm256_set1_epi8(16));
}

PL_INLINE lanes_i i_add(lanes_i x, lanes_i y) { return _mm256_add_epi32(x, y); }
PL_INLINE lanes_i i_sub(lanes_i x, lanes_i y) { return _mm256_sub_epi32(x, y); }
PL_INLINE lanes_i i_mul(lanes_i x, lanes_i y) { return _mm256_mullo_epi32(x, y); }
PL_INLINE lanes_i i_add_pairs(lanes_i sum, lanes_i x, lanes_i y) { return i_add(sum, _mm256_madd_epi16(x, y)); }
PL_INLINE lanes_f f_set1(float x) { return _mm256_set1_ps(x); }
PL_INLINE lanes_f f_load(const float *p) { return _mm256_loadu_ps(p); }
PL_INLINE void f_store(float *p, lanes_f x) { _mm256_storeu_ps(p, x); }
PL_INLINE lanes_f f_fma(lanes_f x, lanes_f y, lanes_f sum) { return _mm256_fmadd_ps(x, y, sum); }
PL_INLINE lanes_f f_take(lanes_f x, lanes_f y, lanes_f sum) { return _mm256_fnmadd_ps(x, y, sum); } // sum - x * y
PL_INLINE lanes_f f_mul(lanes_f x, lanes_f y) { return _mm256_mul_ps(x, y); }
PL_INLINE lanes_f f_from_i(lanes_i x) { return _mm256_cvtepi32_ps(x); }

/// sum[i] += the products of `groups` groups of 4 columns. Groups are added as int16 while they fit: 8 of nibbles
/// (8 * 2 * 15 * 127), 4 of 5 bits, 2 of 6 bits, 1 of 8.
PL_INLINE void dot_run(int type, int tile, lanes_i sum[TILE], const uint8_t (*weights)[PANEL][4], const int8_t *const q[TILE], int groups) {
    int fit = has_signed_levels(type) ? 1 : type == PL_Q6_K ? 2 : type == PL_Q5_0 || type == PL_Q5_1 || type == PL_Q5_K ? 4 : groups;
    for (int first = 0; first < groups; first += fit) {
        __m256i words[TILE];
        for (int i = 0; i < tile; i++) words[i] = _mm256_setzero_si256();
        for (int g = first; g < first + fit; g++) {
            __m256i w = load256(weights[g]);
            for (int i = 0; i < tile; i++) {
                __m256i x = _mm256_set1_epi32((int32_t)pl_load32(q[i] + 4 * g));
                words[i] = _mm256_add_epi16(words[i], products(type, w, x));
            }
        }
        for (int i = 0; i < tile; i++) sum[i] = _mm256_add_epi32(sum[i], sum_pairs(words[i]));
    }
}

#include "x86_panel.h"
#include "x86_gemm.h"
#include "x86_matmul.h"
#include "matmul_types.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

static bool supported(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("fma"); }

const pl_kernels pl_avx2_kernels = {
    .name = "avx2", .supported = supported, .quantize = quantize, .matmul = matmul, .store = store, .attend = attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
#endif

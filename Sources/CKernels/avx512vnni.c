// AVX-512 with VNNI: VPDPBUSD multiplies unsigned by signed bytes and adds four products to a 32-bit lane.
#if defined(__x86_64__)
#include "expf.h"
#include "layout.h"
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,f16c,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,f16c,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")
#endif

#include "avx512_vectors.h"
#include "vector_ops.h"

/// Bit i to byte i as 0 or 16.
PL_INLINE __m256i fifth_bits(uint32_t bits) { return _mm256_maskz_set1_epi8(bits, 16); }

/// Signed levels become unsigned ones that are 128 higher.
PL_INLINE int offset_of(int type) { return has_signed_levels(type) ? 128 : level_offset(type); }
PL_INLINE __m256i set_levels(__m256i w) { return _mm256_xor_si256(w, _mm256_set1_epi8(-128)); }

/// Starts from -offset * x; the rows of a block share that.
PL_INLINE __m256i dot(int type, __m256i w, __m256i x) {
    __m256i start = _mm256_setzero_si256();
    if (offset_of(type)) start = _mm256_sub_epi32(start, _mm256_dpbusd_epi32(start, _mm256_set1_epi8((char)offset_of(type)), x));
    return _mm256_dpbusd_epi32(start, w, x);
}

PL_INLINE __m256i dot_both(int type, __m256i v, __m256i x, __m256i w, __m256i y) {
    __m256i start = _mm256_setzero_si256(), offsets = _mm256_set1_epi8((char)offset_of(type));
    if (offset_of(type)) start = _mm256_sub_epi32(start, _mm256_dpbusd_epi32(_mm256_dpbusd_epi32(start, offsets, x), offsets, y));
    return _mm256_dpbusd_epi32(_mm256_dpbusd_epi32(start, v, x), w, y);
}

#include "x86_unpack.h"

// A sum of 4 products fits in 16 bits, but for IQ4_XS: the lower half of a lane is multiplied, the upper half with 0.
PL_INLINE __m256i scale_words(__m256i s) { return s; } // only IQ4_XS has a sign here
PL_INLINE __m256i scale_words_low(__m256i s) { return _mm256_unpacklo_epi16(s, _mm256_setzero_si256()); }
PL_INLINE __m256i scale_words_high(__m256i s) { return _mm256_unpackhi_epi16(s, _mm256_setzero_si256()); }

PL_INLINE __m256i scaled_dot(int type, __m256i sum, __m256i w, __m256i x, __m256i scale) {
    __m256i products = _mm256_dpbusd_epi32(_mm256_setzero_si256(), w, x);
    if (type == PL_IQ4_XS) return _mm256_add_epi32(sum, _mm256_mullo_epi32(products, scale));
    return _mm256_dpwssd_epi32(sum, products, scale);
}

/// Row by row: the two halves from one register that holds them both to lane r of each half.
PL_INLINE void block_halves(int type, const uint8_t *p, size_t stride, size_t offset, __m256 out[2]) {
    const __m256i first = _mm256_setr_epi64x(0, 0, 0x0001000100010001, 0x0001000100010001);
    int step = block_bytes(type) / 2;
    __m256i from = _mm256_mullo_epi16(first, _mm256_set1_epi16((short)step)), all = _mm256_setzero_si256();
    p = pl_opaque(p + offset); // the levels would be picked out of these loads, at greater cost than loading them again
    for (int r = 0; r < 8; r++) {
        const uint8_t *block = p + (size_t)r * stride;
        __mmask16 lanes = (__mmask16)(0x0101 << r);
        if (step < 16) all = _mm256_mask_permutexvar_epi16(all, lanes, from, load256(block));
        else all = _mm512_castsi512_si256(_mm512_mask_permutexvar_epi16(_mm512_castsi256_si512(all), lanes, _mm512_castsi256_si512(from), _mm512_loadu_si512(block)));
    }
    out[0] = _mm256_cvtph_ps(_mm256_castsi256_si128(all));
    out[1] = _mm256_cvtph_ps(_mm256_extracti128_si256(all, 1));
}

#include "x86_gemv.h"

enum { PANEL = 16, TILE = 8 };
typedef __m512i lanes_i;
typedef __m512 lanes_f;
PL_INLINE lanes_i i_set1(int32_t x) { return _mm512_set1_epi32(x); }
PL_INLINE lanes_i i_load(const void *p) { return _mm512_loadu_si512(p); }
PL_INLINE void i_store(void *p, lanes_i x) { _mm512_storeu_si512(p, x); }
PL_INLINE lanes_i i_set1_byte(int x) { return _mm512_set1_epi8((char)x); }
PL_INLINE lanes_i i_low_words(lanes_i x, lanes_i y) { return _mm512_unpacklo_epi32(x, y); }
PL_INLINE lanes_i i_high_words(lanes_i x, lanes_i y) { return _mm512_unpackhi_epi32(x, y); }
PL_INLINE lanes_i i_low_pairs(lanes_i x, lanes_i y) { return _mm512_unpacklo_epi64(x, y); }
PL_INLINE lanes_i i_high_pairs(lanes_i x, lanes_i y) { return _mm512_unpackhi_epi64(x, y); }
PL_INLINE lanes_i i_and(lanes_i x, lanes_i y) { return _mm512_and_si512(x, y); }
PL_INLINE lanes_i i_or(lanes_i x, lanes_i y) { return _mm512_or_si512(x, y); }
PL_INLINE lanes_i i_shift_right(lanes_i x, int bits) { return _mm512_srli_epi16(x, (unsigned)bits); }
PL_INLINE lanes_i i_shift_left(lanes_i x, int bits) { return _mm512_slli_epi16(x, (unsigned)bits); }
PL_INLINE lanes_i i_set_levels(lanes_i w) { return _mm512_xor_si512(w, _mm512_set1_epi8(-128)); }
PL_INLINE lanes_i i_iq4_levels(lanes_i nibbles) { return _mm512_shuffle_epi8(_mm512_broadcast_i64x4(iq4_table()), nibbles); }

/// 16 bytes of 4 rows, side by side.
PL_INLINE lanes_i i_load_rows(const uint8_t *p, size_t stride) {
    __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)p)), _mm_loadu_si128((const void *)(p + stride)), 1);
    p += 2 * stride;
    __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)p)), _mm_loadu_si128((const void *)(p + stride)), 1);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/// Bits 4 * group ... 4 * group + 3 of every lane to its bytes as 0 or 16.
PL_INLINE lanes_i i_fifth_bits(lanes_i bits, int group) {
    const __m512i from = _mm512_add_epi8(_mm512_set4_epi32(0x0c0c0c0c, 0x08080808, 0x04040404, 0), _mm512_set1_epi8((char)(group / 2)));
    __m512i bit = _mm512_set1_epi32(group % 2 ? (int)0x80402010 : 0x08040201);
    return _mm512_maskz_set1_epi8(_mm512_test_epi8_mask(_mm512_shuffle_epi8(bits, from), bit), 16);
}

PL_INLINE lanes_i i_add(lanes_i x, lanes_i y) { return _mm512_add_epi32(x, y); }
PL_INLINE lanes_i i_sub(lanes_i x, lanes_i y) { return _mm512_sub_epi32(x, y); }
PL_INLINE lanes_i i_mul(lanes_i x, lanes_i y) { return _mm512_mullo_epi32(x, y); }
PL_INLINE lanes_i i_add_pairs(lanes_i sum, lanes_i x, lanes_i y) { return _mm512_dpwssd_epi32(sum, x, y); }
PL_INLINE lanes_f f_set1(float x) { return _mm512_set1_ps(x); }
PL_INLINE lanes_f f_load(const float *p) { return _mm512_loadu_ps(p); }
PL_INLINE void f_store(float *p, lanes_f x) { _mm512_storeu_ps(p, x); }
PL_INLINE lanes_f f_fma(lanes_f x, lanes_f y, lanes_f sum) { return _mm512_fmadd_ps(x, y, sum); }
PL_INLINE lanes_f f_take(lanes_f x, lanes_f y, lanes_f sum) { return _mm512_fnmadd_ps(x, y, sum); } // sum - x * y
PL_INLINE lanes_f f_mul(lanes_f x, lanes_f y) { return _mm512_mul_ps(x, y); }
PL_INLINE lanes_f f_from_i(lanes_i x) { return _mm512_cvtepi32_ps(x); }

/// sum[i] += the products of `groups` groups of 4 columns.
PL_INLINE void dot_run(int type, int tile, lanes_i sum[TILE], const uint8_t (*weights)[PANEL][4], const int8_t *const q[TILE], int groups) {
    (void)type;
    for (int g = 0; g < groups; g++) {
        __m512i w = _mm512_loadu_si512(weights[g]);
        for (int i = 0; i < tile; i++) sum[i] = _mm512_dpbusd_epi32(sum[i], w, _mm512_set1_epi32((int32_t)pl_load32(q[i] + 4 * g)));
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

static bool supported(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx512f")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512vnni");
}

const pl_kernels pl_avx512vnni_kernels = {
    .name = "avx512vnni", .supported = supported, .quantize = quantize, .matmul = matmul, .store = store, .attend = attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
#endif

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

/// Starts from -offset * x; the rows of a block share that.
PL_INLINE __m256i dot_levels(__m256i w, __m256i x, int offset) {
    __m256i start = _mm256_setzero_si256();
    if (offset) start = _mm256_sub_epi32(start, _mm256_dpbusd_epi32(start, _mm256_set1_epi8((char)offset), x));
    return _mm256_dpbusd_epi32(start, w, x);
}

/// Signed bytes become unsigned ones that are 128 higher.
PL_INLINE __m256i dot_signed(__m256i w, __m256i x) { return dot_levels(_mm256_xor_si256(w, _mm256_set1_epi8(-128)), x, 128); }

#include "x86_unpack.h"
#include "x86_gemv.h"

enum { PANEL = 16, TILE = 8 };
typedef __m512i lanes_i;
typedef __m512 lanes_f;
PL_INLINE lanes_i i_set1(int32_t x) { return _mm512_set1_epi32(x); }
PL_INLINE lanes_i i_load(const void *p) { return _mm512_loadu_si512(p); }
PL_INLINE lanes_i i_add(lanes_i x, lanes_i y) { return _mm512_add_epi32(x, y); }
PL_INLINE lanes_i i_sub(lanes_i x, lanes_i y) { return _mm512_sub_epi32(x, y); }
PL_INLINE lanes_i i_mul(lanes_i x, lanes_i y) { return _mm512_mullo_epi32(x, y); }
PL_INLINE lanes_i i_mul_pairs(lanes_i x, lanes_i y) { return _mm512_madd_epi16(x, y); }
PL_INLINE lanes_f f_set1(float x) { return _mm512_set1_ps(x); }
PL_INLINE lanes_f f_load(const float *p) { return _mm512_loadu_ps(p); }
PL_INLINE void f_store(float *p, lanes_f x) { _mm512_storeu_ps(p, x); }
PL_INLINE lanes_f f_add(lanes_f x, lanes_f y) { return _mm512_add_ps(x, y); }
PL_INLINE lanes_f f_sub(lanes_f x, lanes_f y) { return _mm512_sub_ps(x, y); }
PL_INLINE lanes_f f_mul(lanes_f x, lanes_f y) { return _mm512_mul_ps(x, y); }
PL_INLINE lanes_f f_from_i(lanes_i x) { return _mm512_cvtepi32_ps(x); }

PL_INLINE __m256i panel_bytes(int type, __m256i w) { return has_signed_levels(type) ? _mm256_xor_si256(w, _mm256_set1_epi8(-128)) : w; }
PL_INLINE int panel_offset(int type) { return has_signed_levels(type) ? 128 : level_offset(type); }

/// sum[i] += the products of `groups` groups of 4 columns.
PL_INLINE void dot_run(int type, lanes_i sum[TILE], const uint8_t (*weights)[PANEL][4], const int8_t *const q[TILE], int groups) {
    (void)type;
    for (int g = 0; g < groups; g++) {
        __m512i w = _mm512_loadu_si512(weights[g]);
        for (int i = 0; i < TILE; i++) sum[i] = _mm512_dpbusd_epi32(sum[i], w, _mm512_set1_epi32((int32_t)pl_load32(q[i] + 4 * g)));
    }
}

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

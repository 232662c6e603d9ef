// What the files of this target share: the block layouts, half precision, and the declarations of the sets.
//
// Every set computes the scalar reference's bits, because all follow one order of operations: whole blocks are summed as
// integers, and one sequence of float operations per block joins them. A product and a sum are rounded once where the code says
// so (fmaf and the instructions for it), and nowhere else (hence -ffp-contract=off).
// Sums of floats run in 16 lanes (element i in lane i % 16) and are folded in halves: 16, 8, 4, 2, 1.
#ifndef PLATEN_KERNELS_INTERNAL_H
#define PLATEN_KERNELS_INTERNAL_H

#include "kernels.h"
#include <string.h>

#define PL_INLINE static inline __attribute__((always_inline, unused))

/// A pointer whose origin the compiler does not see: it neither merges loads from it with others nor derives them from each other.
PL_INLINE const uint8_t *pl_opaque(const uint8_t *p) { __asm__("" : "+r"(p)); return p; }

/// Before a loop over the runs of a block: unrolled, its shifts become constants.
#if defined(__clang__)
#define PL_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PL_UNROLL _Pragma("GCC unroll 16")
#endif

// Layouts of ggml's blocks (ggml-common.h of github.com/ggml-org/llama.cpp). Packed: a file's alignment is not trusted.
typedef struct __attribute__((packed)) { uint16_t d; uint8_t q[16]; } pl_block_q4_0;
typedef struct __attribute__((packed)) { uint16_t d, m; uint8_t q[16]; } pl_block_q4_1;
typedef struct __attribute__((packed)) { uint16_t d; uint32_t high; uint8_t q[16]; } pl_block_q5_0;
typedef struct __attribute__((packed)) { uint16_t d, m; uint32_t high; uint8_t q[16]; } pl_block_q5_1;
typedef struct __attribute__((packed)) { uint16_t d; int8_t q[32]; } pl_block_q8_0;
typedef struct __attribute__((packed)) { uint16_t d; uint8_t q[16]; } pl_block_iq4_nl;
typedef struct __attribute__((packed)) { uint8_t scales[16], q[64]; uint16_t d, dmin; } pl_block_q2_k;
typedef struct __attribute__((packed)) { uint8_t high[32], q[64], scales[12]; uint16_t d; } pl_block_q3_k;
typedef struct __attribute__((packed)) { uint16_t d, dmin; uint8_t scales[12], q[128]; } pl_block_q4_k;
typedef struct __attribute__((packed)) { uint16_t d, dmin; uint8_t scales[12], high[32], q[128]; } pl_block_q5_k;
typedef struct __attribute__((packed)) { uint8_t low[128], high[64]; int8_t scales[16]; uint16_t d; } pl_block_q6_k;
typedef struct __attribute__((packed)) { uint16_t d, scales_high; uint8_t scales_low[4], q[128]; } pl_block_iq4_xs;

/// What a nibble of IQ4_NL and IQ4_XS stands for (kvalues_iq4nl of ggml-common.h).
#define PL_IQ4_LEVELS -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113

PL_INLINE float pl_from_bits(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }
PL_INLINE uint32_t pl_to_bits(float x) { uint32_t bits; memcpy(&bits, &x, 4); return bits; }
PL_INLINE uint16_t pl_load16(const void *p) { uint16_t x; memcpy(&x, p, 2); return x; }
PL_INLINE uint32_t pl_load32(const void *p) { uint32_t x; memcpy(&x, p, 4); return x; }
PL_INLINE float pl_load_float(const void *p) { float x; memcpy(&x, p, 4); return x; }

/// IEEE 754 half to single. Signalling NaNs become quiet, as the processors' own conversions make them.
PL_INLINE float pl_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7fff;
    if (rest >= 0x7c00) {
        uint32_t quiet = rest > 0x7c00 ? 0x400000 : 0;
        return pl_from_bits(sign | 0x7f800000 | quiet | (rest & 0x3ff) << 13);
    }
    if (rest < 0x400) { // zero or subnormal: a multiple of 2^-24, exact in single
        float magnitude = (float)rest * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    return pl_from_bits(sign | ((rest << 13) + ((127 - 15) << 23)));
}

/// IEEE 754 single to half, to nearest even.
PL_INLINE uint16_t pl_float_to_half(float x) {
    uint32_t bits = pl_to_bits(x), sign = bits >> 16 & 0x8000, rest = bits & 0x7fffffff;
    if (rest > 0x7f800000) return (uint16_t)(sign | 0x7e00 | (rest >> 13 & 0x3ff));
    if (rest >= 0x477ff000) return (uint16_t)(sign | 0x7c00); // 65520 and more round to infinity
    if (rest < 0x38800000) { // below 2^-14: adding 0.5 leaves the subnormal half in the low bits, rounded
        return (uint16_t)(sign | (pl_to_bits(pl_from_bits(rest) + 0.5f) - 0x3f000000));
    }
    return (uint16_t)(sign | (rest - ((127 - 15) << 23) + 0xfff + (rest >> 13 & 1)) >> 13);
}

PL_INLINE float pl_bf16_to_float(uint16_t x) { return pl_from_bits((uint32_t)x << 16); }

/// The 6-bit scale and minimum of each of the 8 sub-blocks of a Q4_K or Q5_K block, from their 12 bytes.
/// Bytes 0-3: scales 0-3, bytes 4-7: minimums 0-3; bytes 8-11: low nibbles of scales 4-7 and of minimums 4-7, whose
/// upper 2 bits are the top bits of bytes 0-3 and 4-7.
PL_INLINE void pl_unpack_scales(const uint8_t packed[12], uint8_t scale[8], uint8_t minimum[8]) {
    uint32_t a = pl_load32(packed), b = pl_load32(packed + 4), c = pl_load32(packed + 8);
    uint32_t words[4] = {
        a & 0x3f3f3f3f, (c & 0x0f0f0f0f) | (a >> 2 & 0x30303030),
        b & 0x3f3f3f3f, (c >> 4 & 0x0f0f0f0f) | (b >> 2 & 0x30303030),
    };
    memcpy(scale, words, 8);
    memcpy(minimum, words + 2, 8);
}

/// The 16 scales of a Q3_K block, -32 ... 31: low nibbles in bytes 0-7 (scales 0-7 in the low halves, 8-15 in the high),
/// upper 2 bits in bytes 8-11 (scale i in bits 2 * (i / 4) of byte i % 4).
PL_INLINE void pl_unpack_scales_q3_k(const uint8_t packed[12], int8_t scale[16]) {
    uint32_t a = pl_load32(packed), b = pl_load32(packed + 4), c = pl_load32(packed + 8);
    uint32_t words[4] = {
        (a & 0x0f0f0f0f) | (c << 4 & 0x30303030), (b & 0x0f0f0f0f) | (c << 2 & 0x30303030),
        (a >> 4 & 0x0f0f0f0f) | (c & 0x30303030), (b >> 4 & 0x0f0f0f0f) | (c >> 2 & 0x30303030),
    };
    for (int i = 0; i < 4; i++) words[i] = (words[i] ^ 0x20202020) | (~words[i] & 0x20202020) * 6; // minus 32, byte by byte
    memcpy(scale, words, 16);
}

/// The 8 scales of an IQ4_XS block, -32 ... 31.
PL_INLINE void pl_unpack_scales_iq4_xs(const pl_block_iq4_xs *b, int8_t scale[8]) {
    for (int j = 0; j < 8; j++) scale[j] = (int8_t)(((b->scales_low[j / 2] >> 4 * (j & 1) & 15) | (b->scales_high >> 2 * j & 3) << 4) - 32);
}

/// Below this an activation block counts as zero: 1 / scale would overflow.
#define PL_SMALLEST_SCALE 0x1p-126f

/// Bytes of one row of `columns` weights.
PL_INLINE size_t pl_row_bytes(int32_t type, int32_t columns) {
    return (size_t)(columns / pl_block_size(type)) * (size_t)pl_block_bytes(type);
}

/// Sums 16 lanes in halves, as a vector register is folded.
PL_INLINE float pl_fold(float lane[16]) {
    for (int width = 8; width > 0; width /= 2) {
        for (int i = 0; i < width; i++) lane[i] += lane[i + width];
    }
    return lane[0];
}

/// To nearest even, for |x| < 2^22: adding 1.5 * 2^23 leaves no room for a fraction.
PL_INLINE int32_t pl_round_even(float x) {
    return (int32_t)(pl_to_bits(x + 0x1.8p23f) - pl_to_bits(0x1.8p23f));
}

// Parts of the scalar set.
void pl_scalar_quantize_block(const float *x, int32_t n, int8_t *q, float *d, int16_t *sums);
void pl_scalar_store(const pl_cache *c, int32_t kv_head, int32_t position, const float *key, const float *value);
void pl_scalar_attend(const pl_attention *a, int32_t kv_head, int32_t row_begin, int32_t row_end);
/// 256 weights to one block (quantize_k.c).
void pl_quantize_block_q4_k(const float *x, pl_block_q4_k *out);
void pl_quantize_block_q5_k(const float *x, pl_block_q5_k *out);
void pl_quantize_block_q6_k(const float *x, pl_block_q6_k *out);

extern const pl_kernels pl_scalar_kernels;
#if defined(__x86_64__)
extern const pl_kernels pl_avx2_kernels, pl_avx512vnni_kernels;
#elif defined(__aarch64__)
extern const pl_kernels pl_neon_kernels, pl_neon_dotprod_kernels, pl_neon_i8mm_kernels;
#endif

#endif

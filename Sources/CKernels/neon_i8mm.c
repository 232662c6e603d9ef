// Armv8.6, or Armv8.2 with the 8-bit matrix multiplication extension: SMMLA adds 8 products of bytes to each of 2 x 2 lanes.
#if defined(__aarch64__)
#include "expf.h"
#include "layout.h"
#include <arm_neon.h>
#include <sys/auxv.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("arch=armv8.2-a+dotprod+i8mm")
#endif

#define PL_NEON_DOT_PRODUCT
#include "neon_vectors.h"
#include "vector_ops.h"
#include "neon_sums.h"
#include "neon_unpack.h"
#include "neon_rows.h"

#include "neon_dot.h"

/// Groups of 8 columns, 2 rows each.
PL_INLINE void store_panel(int type, int8_t *panel, int column, const bytes32 w[8]) {
    (void)type;
    for (int first = 0; first < 8; first += 2) {
        PL_UNROLL
        for (int half = 0; half < 2; half++) {
            int64x2x2_t r = {{vreinterpretq_s64_s8(w[first].val[half]), vreinterpretq_s64_s8(w[first + 1].val[half])}};
            vst2q_s64((void *)(panel + 256 * first + 2 * (column + 16 * half)), r);
        }
    }
}

#include "neon_panel.h"

/// 8 columns of two tokens, and the next 8; then of the other two tokens.
PL_INLINE void load_inputs(const int8_t **q, inputs x[2]) {
    PL_UNROLL
    for (int t = 0; t < TILE_TOKENS; t += 2) {
        PL_UNROLL
        for (int i = 0; i < 2; i++) {
            int64x2_t first = vreinterpretq_s64_s8(vld1q_s8(q[t] + 16 * i)), second = vreinterpretq_s64_s8(vld1q_s8(q[t + 1] + 16 * i));
            x[i].of[t] = vreinterpretq_s8_s64(vzip1q_s64(first, second));
            x[i].of[t + 1] = vreinterpretq_s8_s64(vzip2q_s64(first, second));
        }
        q[t] += 32;
        q[t + 1] += 32;
    }
}

/// SMMLA: 2 rows by 2 tokens, 8 columns each.
PL_INLINE tile_sums add_products(tile_sums sum, const int8_t **w, const inputs *x, int steps) {
    int32x4_t four[2][2]; // of two rows by two tokens: row, row, token, token
    PL_UNROLL
    for (int t = 0; t < 2; t++) {
        four[t][0] = vzip1q_s32(sum.of[2 * t], sum.of[2 * t + 1]);
        four[t][1] = vzip2q_s32(sum.of[2 * t], sum.of[2 * t + 1]);
    }
    PL_UNROLL
    for (int i = 0; i < steps; i++) {
        PL_UNROLL
        for (int r = 0; r < 2; r++) {
            int8x16x2_t columns = vld1q_s8_x2(*w + 512 * r);
            PL_UNROLL
            for (int half = 0; half < 2; half++) for (int t = 0; t < 2; t++) four[t][r] = vmmlaq_s32(four[t][r], columns.val[half], x[i].of[2 * t + half]);
        }
        MOVE(*w, 32);
    }
    PL_UNROLL
    for (int t = 0; t < 2; t++) {
        sum.of[2 * t] = vuzp1q_s32(four[t][0], four[t][1]);
        sum.of[2 * t + 1] = vuzp2q_s32(four[t][0], four[t][1]);
    }
    return sum;
}

#include "neon_dot_tile.h"
#include "neon_gemv.h"
#include "neon_gemm.h"
#include "neon_matmul.h"
#include "matmul_types.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

static bool supported(void) { return getauxval(AT_HWCAP2) & 1u << 13; } // HWCAP2_I8MM, asm/hwcap.h

const pl_kernels pl_neon_i8mm_kernels = {
    .name = "neon-i8mm", .supported = supported, .quantize = quantize, .matmul = matmul, .store = store, .attend = attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
#endif

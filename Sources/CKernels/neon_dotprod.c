// Armv8.2 with the dot product extension: SDOT adds four products of bytes to a 32-bit lane.
#if defined(__aarch64__)
#include "expf.h"
#include "layout.h"
#include <arm_neon.h>
#include <sys/auxv.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("arch=armv8.2-a+dotprod")
#endif

#define PL_NEON_DOT_PRODUCT
#include "neon_vectors.h"
#include "vector_ops.h"
#include "neon_sums.h"
#include "neon_unpack.h"
#include "neon_rows.h"

#include "neon_dot.h"

/// Groups of 4 columns, 4 rows each.
PL_INLINE void store_panel(int type, int8_t *panel, int column, const bytes32 w[8]) {
    (void)type;
    PL_UNROLL
    for (int half = 0; half < 2; half++) {
        for (int first = 0; first < 8; first += 4) {
            int32x4x4_t r;
            PL_UNROLL
            for (int i = 0; i < 4; i++) r.val[i] = vreinterpretq_s32_s8(w[first + i].val[half]);
            vst4q_s32((void *)(panel + 256 * first + 4 * (column + 16 * half)), r);
        }
    }
}

#include "neon_panel.h"

PL_INLINE void load_inputs(const int8_t **q, inputs x[2]) {
    PL_UNROLL
    for (int t = 0; t < TILE_TOKENS; t++) {
        x[0].of[t] = vld1q_s8(q[t]);
        x[1].of[t] = vld1q_s8(q[t] + 16);
        MOVE(q[t], 32);
    }
}

PL_INLINE tile_sums add_products(tile_sums sum, const int8_t **w, const inputs *x, int steps) {
    PL_UNROLL
    for (int i = 0; i < steps; i++) {
        int8x16x4_t words = vld1q_s8_x4(*w);
        MOVE(*w, 64);
#define ADD_WORD(k) for (int t = 0; t < TILE_TOKENS; t++) sum.of[t] = vdotq_laneq_s32(sum.of[t], words.val[k], x[i].of[t], k);
        ADD_WORD(0) ADD_WORD(1) ADD_WORD(2) ADD_WORD(3)
#undef ADD_WORD
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

static bool supported(void) { return getauxval(AT_HWCAP) & 1u << 20; } // HWCAP_ASIMDDP, asm/hwcap.h

const pl_kernels pl_neon_dotprod_kernels = {
    .name = "neon-dotprod", .supported = supported, .quantize = quantize, .matmul = matmul, .store = store, .attend = attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
#endif

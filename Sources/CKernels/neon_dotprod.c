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

PL_INLINE void multiply_chain(int type, int tile, const int8_t *panel, int column, const int8_t **q, part *sum) {
    PL_UNROLL
    for (int t = 0; t < tile; t++) sum[t] = set16(0);
    const int8_t *w[4];
    PL_UNROLL
    for (int r = 0; r < 4; r++) w[r] = panel + 1024 * r + 4 * column;
    PL_UNROLL
    for (int c = 0; c < chain(type); c += 16) {
        int8x16_t x[LARGEST_TILE];
        PL_UNROLL
        for (int t = 0; t < tile; t++) {
            x[t] = vld1q_s8(q[t]);
            q[t] += 16;
        }
        PL_UNROLL
        for (int r = 0; r < 4; r++) {
            int8x16x4_t words = vld1q_s8_x4(w[r]);
            MOVE(w[r], 64);
#define ADD_COLUMNS(i) \
            for (int t = 0; t < tile; t++) sum[t].rows[r] = vdotq_laneq_s32(sum[t].rows[r], words.val[i], x[t], i);
            ADD_COLUMNS(0) ADD_COLUMNS(1) ADD_COLUMNS(2) ADD_COLUMNS(3)
#undef ADD_COLUMNS
            PL_UNROLL
            for (int t = 0; t < tile; t += 2) AFTER(w[(r + 1) % 4], sum[t].rows[r], sum[t + 1].rows[r]);
        }
    }
}

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

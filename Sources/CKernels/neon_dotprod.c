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
#include "neon_unpack.h"

PL_INLINE int32x4_t sum_rows(const int32x4_t s[4]) { return vpaddq_s32(vpaddq_s32(s[0], s[1]), vpaddq_s32(s[2], s[3])); }

PL_INLINE int32x4_t dot32(int type, const bytes32 w[4], bytes32 x) {
    (void)type;
    int32x4_t s[4];
    for (int r = 0; r < 4; r++) s[r] = vdotq_s32(vdotq_s32(vdupq_n_s32(0), w[r].val[0], x.val[0]), w[r].val[1], x.val[1]);
    return sum_rows(s);
}

PL_INLINE int32x4_t dot16(const bytes32 w[4], int half, bytes32 x) {
    int32x4_t s[4];
    for (int r = 0; r < 4; r++) s[r] = vdotq_s32(vdupq_n_s32(0), w[r].val[half], x.val[half]);
    return sum_rows(s);
}

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

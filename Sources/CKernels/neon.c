// Armv8.0: no dot product, so bytes are multiplied into int16 and stay there while they fit.
#if defined(__aarch64__)
#include "expf.h"
#include "layout.h"
#include <arm_neon.h>

#include "neon_vectors.h"
#include "vector_ops.h"
#include "neon_unpack.h"

PL_INLINE int16x8_t multiply16(int8x16_t w, int8x16_t x) {
    return vmlal_high_s8(vmull_s8(vget_low_s8(w), vget_low_s8(x)), w, x);
}

/// 8 lanes of sums of 4 products: at most 4 * 63 * 127, which fits.
PL_INLINE int16x8_t multiply32(bytes32 w, bytes32 x) {
    int16x8_t s = multiply16(w.val[0], x.val[0]);
    s = vmlal_s8(s, vget_low_s8(w.val[1]), vget_low_s8(x.val[1]));
    return vmlal_high_s8(s, w.val[1], x.val[1]);
}

PL_INLINE int32x4_t dot32(int type, const bytes32 w[4], bytes32 x) {
    if (type == PL_Q8_0) { // two products of 128 * 127 fit in int16
        int32x4_t s[4];
        for (int r = 0; r < 4; r++) {
            s[r] = vpadalq_s16(vpaddlq_s16(multiply16(w[r].val[0], x.val[0])), multiply16(w[r].val[1], x.val[1]));
        }
        return vpaddq_s32(vpaddq_s32(s[0], s[1]), vpaddq_s32(s[2], s[3]));
    }
    int16x8_t first = vpaddq_s16(multiply32(w[0], x), multiply32(w[1], x));   // sums of 8: at most 8 * 31 * 127
    int16x8_t second = vpaddq_s16(multiply32(w[2], x), multiply32(w[3], x));
    if (type == PL_Q5_0 || type == PL_Q5_1 || type == PL_Q5_K) return vpaddq_s32(vpaddlq_s16(first), vpaddlq_s16(second));
    return vpaddlq_s16(vpaddq_s16(first, second));                            // sums of 16: at most 16 * 15 * 127
}

/// Sums of 4 levels of 6 bits by a byte: at most 4 * 63 * 127.
PL_INLINE int32x4_t dot16(const bytes32 w[4], int half, bytes32 x) {
    int16x8_t first = vpaddq_s16(multiply16(w[0].val[half], x.val[half]), multiply16(w[1].val[half], x.val[half]));
    int16x8_t second = vpaddq_s16(multiply16(w[2].val[half], x.val[half]), multiply16(w[3].val[half], x.val[half]));
    return vpaddq_s32(vpaddlq_s16(first), vpaddlq_s16(second));
}

#include "neon_matmul.h"
#include "matmul_types.h"

static bool supported(void) { return true; }

const pl_kernels pl_neon_kernels = {
    .name = "neon", .supported = supported, .quantize = quantize, .matmul = matmul, .store = store, .attend = attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
#endif

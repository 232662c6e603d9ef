// Armv8.0: no dot product, so bytes are multiplied into int16 and stay there while they fit.
#if defined(__aarch64__)
#include "expf.h"
#include "layout.h"
#include <arm_neon.h>

#include "neon_vectors.h"
#include "vector_ops.h"
#include "neon_sums.h"
#include "neon_unpack.h"
#include "neon_rows.h"

PL_INLINE int16x8_t multiply16(int8x16_t w, int8x16_t x) {
    return vmlal_high_s8(vmull_s8(vget_low_s8(w), vget_low_s8(x)), w, x);
}

/// 8 lanes of sums of 4 products.
PL_INLINE int16x8_t multiply32(bytes32 w, bytes32 x) {
    int16x8_t s = multiply16(w.val[0], x.val[0]);
    s = vmlal_s8(s, vget_low_s8(w.val[1]), vget_low_s8(x.val[1]));
    return vmlal_high_s8(s, w.val[1], x.val[1]);
}

PL_INLINE int32x4_t fold(const int32x4_t s[4]) { return vpaddq_s32(vpaddq_s32(s[0], s[1]), vpaddq_s32(s[2], s[3])); }

/// 32 products of each of 4 rows. Levels are bytes, of which two products fit in int16, or -16 ... 15, of which 16 fit,
/// or `unsigned5`: 0 ... 31, of which 8 fit.
PL_INLINE int32x4_t dot32(int type, const bytes32 w[4], bytes32 x, int32x4_t start) {
    int32x4_t wide[4];
    int16x8_t s[4];
    if (has_signed_levels(type)) {
        PL_UNROLL
        for (int r = 0; r < 4; r++) {
            wide[r] = vpadalq_s16(vpaddlq_s16(multiply16(w[r].val[0], x.val[0])), multiply16(w[r].val[1], x.val[1]));
        }
        return fold(wide);
    }
    PL_UNROLL
    for (int r = 0; r < 4; r++) s[r] = multiply32(w[r], x);
    int16x8_t first = vpaddq_s16(s[0], s[1]), second = vpaddq_s16(s[2], s[3]);
    if (type == PL_Q5_K) return vpaddq_s32(vpaddlq_s16(first), vpaddlq_s16(second));
    int16x8_t both = vpaddq_s16(first, second);
    return small_offset(type) ? vpadalq_s16(start, both) : vpaddlq_s16(both);
}

/// The sums of 16 products of each of 4 rows, from 8 lanes of 2: 4 of 0 ... 63 fit in int16, and all of 0 ... 7.
PL_INLINE int32x4_t fold16(int type, const int16x8_t s[4]) {
    int16x8_t first = vpaddq_s16(s[0], s[1]), second = vpaddq_s16(s[2], s[3]);
    return type == PL_Q6_K ? vpaddq_s32(vpaddlq_s16(first), vpaddlq_s16(second)) : vpaddlq_s16(vpaddq_s16(first, second));
}

PL_INLINE int32x4_t dot_next(int type, const uint8_t *row[4], const int8_t *q, int32x4_t start) {
    bytes32 w[4];
    PL_UNROLL
    for (int r = 0; r < 4; r++) {
        uint8x16_t missing = vdupq_n_u8(0);
        if (type == PL_Q5_0 || type == PL_Q5_1) {
            missing = missing_bits(row[r]);
            MOVE(row[r], 4);
        }
        if (type == PL_Q8_0) {
            w[r] = (bytes32){{vld1q_s8((const void *)row[r]), vld1q_s8((const void *)(row[r] + 16))}};
            MOVE(row[r], 32);
            continue;
        }
        w[r] = nibbles(row[r]);
        MOVE(row[r], 16);
        if (type == PL_IQ4_NL) w[r] = iq4_levels(w[r]);
        if (type == PL_Q5_0 || type == PL_Q5_1) w[r] = with_fifth_bits(w[r], missing);
    }
    return dot32(type, w, (bytes32){{vld1q_s8(q), vld1q_s8(q + 16)}}, start);
}

PL_INLINE int32x4_t dot_block(int type, const uint8_t *const rows[4], const int8_t *q, const int16_t *sums, const int16x8_t *scale) {
    const uint8_t *row[4] = {rows[0], rows[1], rows[2], rows[3]};
    int32x4_t sum = vdupq_n_s32(0);
    PL_UNROLL
    for (int i = 0; i < 8; i += 2) { // runs of the same bytes
        int run[2] = {run_order(type, i), run_order(type, i + 1)};
        bytes32 x[2];
        PL_UNROLL
        for (int j = 0; j < 2; j++) x[j] = (bytes32){{vld1q_s8(q + 32 * run[j]), vld1q_s8(q + 32 * run[j] + 16)}};
        if (has_scales_of_16(type)) {
            int16x8_t s[4][4];
            PL_UNROLL
            for (int r = 0; r < 4; r++) {
                PL_UNROLL
                for (int j = 0; j < 2; j++) {
                    bytes32 w = unpack(type, row[r], run[j]);
                    PL_UNROLL
                    for (int half = 0; half < 2; half++) s[2 * j + half][r] = multiply16(w.val[half], x[j].val[half]);
                }
                PL_UNROLL
                for (int j = 0; j < 4; j += 2) AFTER(row[(r + 1) % 4], s[j][r], s[j + 1][r]);
            }
            PL_UNROLL
            for (int g = 0; g < 4; g++) sum = vmlaq_s32(sum, fold16(type, s[g]), vmovl_s16(of_run(scale, 2 * run[g / 2] + g % 2)));
        } else {
            PL_UNROLL
            for (int j = 0; j < 2; j++) {
                bytes32 w[4];
                PL_UNROLL
                for (int r = 0; r < 4; r++) w[r] = unpack(type, row[r], run[j]);
                sum = vmlaq_s32(sum, dot32(type, w, x[j], sum), vmovl_s16(of_run(scale, run[j])));
            }
        }
        AFTER_ROWS(row, q, sum);
    }
    if (level_offset(type)) sum = vmlsq_n_s32(sum, scaled_sums(scale, sums, true), level_offset(type));
    return sum;
}

/// Levels lie around zero, so that more of their products fit.
PL_INLINE int panel_middle(int type) {
    switch (type) {
    case PL_Q3_K: return 4;
    case PL_Q4_0: case PL_Q4_1: case PL_Q4_K: return 8;
    case PL_Q5_0: case PL_Q5_1: case PL_Q5_K: return 16;
    case PL_Q6_K: return 32;
    default: return 0;
    }
}

/// int16 holds 32 products of -8 ... 7 by a byte, 16 of -16 ... 15, 8 of -32 ... 31. Whole bytes are summed in 32 bits.
PL_INLINE int chain(int type) {
    return panel_middle(type) == 32 ? 8 : panel_middle(type) == 16 || has_scales_of_16(type) ? 16 : 32;
}

PL_INLINE int tile_tokens(int type) { return has_signed_levels(type) ? 4 : 8; }

/// Whole bytes: pairs of columns, 4 rows each. Others: columns, 8 rows each.
PL_INLINE void store_panel(int type, int8_t *panel, int column, const bytes32 w[8]) {
    PL_UNROLL
    for (int half = 0; half < 2; half++) {
        int16x8_t r[8];
        PL_UNROLL
        for (int i = 0; i < 8; i++) r[i] = vreinterpretq_s16_s8(w[i].val[half]);
        if (has_signed_levels(type)) {
            int8_t *out = panel + 4 * (column + 16 * half);
            int16x8x4_t first = {{r[0], r[1], r[2], r[3]}}, second = {{r[4], r[5], r[6], r[7]}};
            vst4q_s16((void *)out, first);
            vst4q_s16((void *)(out + 1024), second);
        } else {
            int16x8x4_t low, high;
            PL_UNROLL
            for (int i = 0; i < 4; i++) {
                low.val[i] = vreinterpretq_s16_s8(vzip1q_s8(w[2 * i].val[half], w[2 * i + 1].val[half]));
                high.val[i] = vreinterpretq_s16_s8(vzip2q_s8(w[2 * i].val[half], w[2 * i + 1].val[half]));
            }
            int8_t *out = panel + 8 * (column + 16 * half);
            vst4q_s16((void *)out, low);
            vst4q_s16((void *)(out + 64), high);
        }
    }
}

typedef struct { int16x8_t narrow[2]; int32x4_t wide[4]; } part; // of PANEL rows by a token: one or the other

PL_INLINE void multiply_wide(int tile, const int8_t *panel, const int8_t **q, part *sum) {
    const int8_t *w[4] = {panel, panel + 1024, panel + 2048, panel + 3072};
    PL_UNROLL
    for (int c = 0; c < 32; c += 8) {
        int8x16x2_t pairs[4];
        PL_UNROLL
        for (int r = 0; r < 4; r++) {
            pairs[r] = vld1q_s8_x2(w[r]);
            MOVE(w[r], 32);
        }
        PL_UNROLL
        for (int i = 0; i < 2 * tile; i++) {
            int t = i / 2;
            int16x8x2_t x = vld2q_dup_s16((const void *)q[t]);
            q[t] += 4;
            PL_UNROLL
            for (int r = 0; r < 4; r++) { // two products of 128 * 127 fit
                int8x16_t p = pairs[r].val[i & 1];
                int16x8_t two = vmull_s8(vget_low_s8(p), vget_low_s8(vreinterpretq_s8_s16(x.val[0])));
                two = vmlal_high_s8(two, p, vreinterpretq_s8_s16(x.val[1]));
                sum[t].wide[r] = c + (i & 1) ? vpadalq_s16(sum[t].wide[r], two) : vpaddlq_s16(two);
            }
            AFTER(q[(i + 1) / 2 % tile], sum[t].wide[0], sum[t].wide[1]);
            AFTER(q[(i + 1) / 2 % tile], sum[t].wide[2], sum[t].wide[3]);
        }
    }
}

PL_INLINE void multiply_narrow(int columns, int tile, const int8_t *panel, const int8_t **q, part *sum) {
    const int8_t *w[2] = {panel, panel + 2048};
    PL_UNROLL
    for (int c = 0; c < columns; c += 4) {
        int8x16x2_t pairs[2]; // of columns
        PL_UNROLL
        for (int r = 0; r < 2; r++) {
            pairs[r] = vld1q_s8_x2(w[r]);
            MOVE(w[r], 32);
        }
        PL_UNROLL
        for (int t = 0; t < tile; t += 2) { // in turn, so that a sum is not waited for: the A53 runs in order
            int8x16x4_t x[2];
            PL_UNROLL
            for (int k = 0; k < 2; k++) {
                x[k] = vld4q_dup_s8(q[t + k]);
                q[t + k] += 4;
            }
            PL_UNROLL
            for (int i = 0; i < 2; i++) {
                PL_UNROLL
                for (int j = 0; j < 4; j++) {
                    int16x8_t *s = &sum[t + j / 2].narrow[j % 2];
                    int8x8_t first = vget_low_s8(pairs[j % 2].val[i]), input = vget_low_s8(x[j / 2].val[2 * i]);
                    *s = c + i ? vmlal_s8(*s, first, input) : vmull_s8(first, input);
                }
                PL_UNROLL
                for (int j = 0; j < 4; j++) {
                    int16x8_t *s = &sum[t + j / 2].narrow[j % 2];
                    *s = vmlal_high_s8(*s, pairs[j % 2].val[i], x[j / 2].val[2 * i + 1]);
                }
            }
            PL_UNROLL
            for (int k = 0; k < 2; k++) AFTER(q[(t + 2 + k) % tile], sum[t + k].narrow[0], sum[t + k].narrow[1]);
        }
    }
}

PL_INLINE void multiply_chain(int type, int tile, const int8_t *panel, int column, const int8_t **q, part *sum) {
    if (has_signed_levels(type)) multiply_wide(tile, panel + 4 * column, q, sum);
    else multiply_narrow(chain(type), tile, panel + 8 * column, q, sum);
}

PL_INLINE sum16 widen_add(int type, sum16 sum, part p) {
    PL_UNROLL
    for (int r = 0; r < 4; r++) {
        if (has_signed_levels(type)) sum.rows[r] = vaddq_s32(sum.rows[r], p.wide[r]);
        else sum.rows[r] = r & 1 ? vaddw_high_s16(sum.rows[r], p.narrow[r / 2]) : vaddw_s16(sum.rows[r], vget_low_s16(p.narrow[r / 2]));
    }
    return sum;
}

PL_INLINE sum16 scale_add(int type, sum16 sum, part p, const int16x8_t scale[2]) {
    PL_UNROLL
    for (int r = 0; r < 4; r++) {
        int16x8_t s = scale[r / 2];
        if (has_signed_levels(type)) sum.rows[r] = vmlaq_s32(sum.rows[r], p.wide[r], r & 1 ? vmovl_high_s16(s) : vmovl_s16(vget_low_s16(s)));
        else if (r & 1) sum.rows[r] = vmlal_high_s16(sum.rows[r], p.narrow[r / 2], s);
        else sum.rows[r] = vmlal_s16(sum.rows[r], vget_low_s16(p.narrow[r / 2]), vget_low_s16(s));
    }
    return sum;
}

#include "neon_gemv.h"
#include "neon_panel.h"
#include "neon_tile.h"
#include "neon_gemm.h"
#include "neon_matmul.h"
#include "matmul_types.h"

static bool supported(void) { return true; }

const pl_kernels pl_neon_kernels = {
    .name = "neon", .supported = supported, .quantize = quantize, .matmul = matmul, .store = store, .attend = attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
#endif

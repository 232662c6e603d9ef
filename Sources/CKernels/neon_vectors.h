// 16 float lanes as four 128-bit registers (Armv8.0). The operations that vector_ops.h asks for.

/// Rows and tokens of a tile of floats: their sums fit in the registers.
enum { FLOAT_TILE_ROWS = 2, FLOAT_TOKENS = 2 };

typedef float32x4x4_t v16;
typedef uint32x4_t vbits;

PL_INLINE float32x4_t load_floats(const void *p) { return vreinterpretq_f32_u8(vld1q_u8(p)); }

PL_INLINE v16 v_set1(float x) { return (v16){{vdupq_n_f32(x), vdupq_n_f32(x), vdupq_n_f32(x), vdupq_n_f32(x)}}; }
PL_INLINE v16 v_zero(void) { return v_set1(0); }
PL_INLINE v16 v_load(const void *p) {
    const uint8_t *b = p;
    return (v16){{load_floats(b), load_floats(b + 16), load_floats(b + 32), load_floats(b + 48)}};
}
PL_INLINE void v_store(float *p, v16 x) { for (int i = 0; i < 4; i++) vst1q_f32(p + 4 * i, x.val[i]); }
PL_INLINE v16 v_add(v16 x, v16 y) { for (int i = 0; i < 4; i++) x.val[i] = vaddq_f32(x.val[i], y.val[i]); return x; }
PL_INLINE v16 v_sub(v16 x, v16 y) { for (int i = 0; i < 4; i++) x.val[i] = vsubq_f32(x.val[i], y.val[i]); return x; }
PL_INLINE v16 v_mul(v16 x, v16 y) { for (int i = 0; i < 4; i++) x.val[i] = vmulq_f32(x.val[i], y.val[i]); return x; }
PL_INLINE v16 v_div(v16 x, v16 y) { for (int i = 0; i < 4; i++) x.val[i] = vdivq_f32(x.val[i], y.val[i]); return x; }
PL_INLINE v16 v_larger(v16 x, v16 y) {
    for (int i = 0; i < 4; i++) x.val[i] = vbslq_f32(vcgtq_f32(x.val[i], y.val[i]), x.val[i], y.val[i]);
    return x;
}
PL_INLINE v16 v_smaller(v16 x, v16 y) {
    for (int i = 0; i < 4; i++) x.val[i] = vbslq_f32(vcltq_f32(x.val[i], y.val[i]), x.val[i], y.val[i]);
    return x;
}

PL_INLINE float v_fold(v16 x) {
    float32x4_t four = vaddq_f32(vaddq_f32(x.val[0], x.val[2]), vaddq_f32(x.val[1], x.val[3]));
    float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(vpadd_f32(two, two), 0);
}

PL_INLINE v16 v_from_half(const void *p) {
    uint16x8_t a = vreinterpretq_u16_u8(vld1q_u8(p)), b = vreinterpretq_u16_u8(vld1q_u8((const uint8_t *)p + 16));
    return (v16){{
        vcvt_f32_f16(vreinterpret_f16_u16(vget_low_u16(a))), vcvt_f32_f16(vreinterpret_f16_u16(vget_high_u16(a))),
        vcvt_f32_f16(vreinterpret_f16_u16(vget_low_u16(b))), vcvt_f32_f16(vreinterpret_f16_u16(vget_high_u16(b))),
    }};
}

PL_INLINE v16 v_from_bf16(const void *p) {
    uint16x8_t a = vreinterpretq_u16_u8(vld1q_u8(p)), b = vreinterpretq_u16_u8(vld1q_u8((const uint8_t *)p + 16));
    return (v16){{
        vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(a), 16)), vreinterpretq_f32_u32(vshll_n_u16(vget_high_u16(a), 16)),
        vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(b), 16)), vreinterpretq_f32_u32(vshll_n_u16(vget_high_u16(b), 16)),
    }};
}

PL_INLINE void v_to_half(v16 x, uint16_t *p) {
    for (int i = 0; i < 4; i++) vst1_u16(p + 4 * i, vreinterpret_u16_f16(vcvt_f16_f32(x.val[i])));
}

PL_INLINE v16 v_zero_below(v16 x, float limit, v16 y) {
    for (int i = 0; i < 4; i++) {
        uint32x4_t below = vcltq_f32(x.val[i], vdupq_n_f32(limit));
        y.val[i] = vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(y.val[i]), below));
    }
    return y;
}

PL_INLINE v16 v_scale_exponent(v16 y, v16 t) {
    for (int i = 0; i < 4; i++) {
        uint32x4_t exponent = vshlq_n_u32(vaddq_u32(vreinterpretq_u32_f32(t.val[i]), vdupq_n_u32(127)), 23);
        y.val[i] = vmulq_f32(y.val[i], vreinterpretq_f32_u32(exponent));
    }
    return y;
}

PL_INLINE vbits v_magnitude_larger(vbits x, vbits y) { return vmaxq_u32(x, y); }
PL_INLINE vbits v_magnitude(v16 x) {
    vbits m[4];
    for (int i = 0; i < 4; i++) m[i] = vbicq_u32(vreinterpretq_u32_f32(x.val[i]), vdupq_n_u32(0x80000000));
    return vmaxq_u32(vmaxq_u32(m[0], m[1]), vmaxq_u32(m[2], m[3]));
}
PL_INLINE uint32_t v_magnitude_max(vbits x) { return vmaxvq_u32(x); }

/// 16 bytes to nearest even; returns their sum.
PL_INLINE int16_t v_round_store(v16 x, int8_t *q) {
    int16x8_t a = vcombine_s16(vmovn_s32(vcvtnq_s32_f32(x.val[0])), vmovn_s32(vcvtnq_s32_f32(x.val[1])));
    int16x8_t b = vcombine_s16(vmovn_s32(vcvtnq_s32_f32(x.val[2])), vmovn_s32(vcvtnq_s32_f32(x.val[3])));
    int8x16_t bytes = vcombine_s8(vmovn_s16(a), vmovn_s16(b));
    vst1q_s8(q, bytes);
    return vaddlvq_s8(bytes);
}

PL_INLINE v16 v_fma(v16 x, v16 y, v16 z) { for (int i = 0; i < 4; i++) z.val[i] = vfmaq_f32(z.val[i], x.val[i], y.val[i]); return z; }
PL_INLINE float v_highest(v16 x) { return vmaxvq_f32(vmaxq_f32(vmaxq_f32(x.val[0], x.val[1]), vmaxq_f32(x.val[2], x.val[3]))); }
PL_INLINE v16 v_from_bytes(const void *p) {
    int8x16_t bytes = vld1q_s8(p);
    int16x8_t a = vmovl_s8(vget_low_s8(bytes)), b = vmovl_high_s8(bytes);
    return (v16){{
        vcvtq_f32_s32(vmovl_s16(vget_low_s16(a))), vcvtq_f32_s32(vmovl_high_s16(a)),
        vcvtq_f32_s32(vmovl_s16(vget_low_s16(b))), vcvtq_f32_s32(vmovl_high_s16(b)),
    }};
}

enum { V_ACCUMULATORS = 4, V_DOT_ROWS = 2 };

/// Four bytes of a row's levels, everywhere.
PL_INLINE int8x16_t spread(const int8_t *q) { return vreinterpretq_s8_u32(vdupq_n_u32(pl_load32(q))); }

/// Products of a cache block's keys, [8][16 positions][4], with the 32 bytes at q of each row.
PL_INLINE void v_dot_block(int rows, const int8_t *k, const int8_t *q, size_t q_stride, const int32_t *q_sum, size_t sum_stride, v16 *out) {
    (void)q_sum; (void)sum_stride;
#if defined(PL_NEON_DOT_PRODUCT)
    int32x4_t sum[2][4];
    for (int r = 0; r < rows; r++) for (int i = 0; i < 4; i++) sum[r][i] = vdupq_n_s32(0);
    for (int g = 0; g < 8; g++) {
        for (int r = 0; r < rows; r++) {
            int8x16_t x = spread(q + (size_t)r * q_stride + 4 * g);
            for (int i = 0; i < 4; i++) sum[r][i] = vdotq_s32(sum[r][i], vld1q_s8(k + 64 * g + 16 * i), x);
        }
    }
    for (int r = 0; r < rows; r++) for (int i = 0; i < 4; i++) out[r].val[i] = vcvtq_f32_s32(sum[r][i]);
#else
    // Two products of 127 * 127 fit in int16; neighbours are elements of one position, and are added as int32.
    int32x4_t sum[2][4][2];
    for (int r = 0; r < rows; r++) for (int i = 0; i < 4; i++) sum[r][i][0] = sum[r][i][1] = vdupq_n_s32(0);
    for (int g = 0; g < 8; g += 2) {
        for (int r = 0; r < rows; r++) {
            int8x16_t x = spread(q + (size_t)r * q_stride + 4 * g), y = spread(q + (size_t)r * q_stride + 4 * g + 4);
            for (int i = 0; i < 4; i++) {
                int8x16_t first = vld1q_s8(k + 64 * g + 16 * i), second = vld1q_s8(k + 64 * g + 64 + 16 * i);
                int16x8_t low = vmlal_s8(vmull_s8(vget_low_s8(first), vget_low_s8(x)), vget_low_s8(second), vget_low_s8(y));
                int16x8_t high = vmlal_high_s8(vmull_high_s8(first, x), second, y);
                sum[r][i][0] = vpadalq_s16(sum[r][i][0], low);
                sum[r][i][1] = vpadalq_s16(sum[r][i][1], high);
            }
        }
    }
    for (int r = 0; r < rows; r++) for (int i = 0; i < 4; i++) out[r].val[i] = vcvtq_f32_s32(vpaddq_s32(sum[r][i][0], sum[r][i][1]));
#endif
}

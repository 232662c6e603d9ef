// 16 float lanes as four 128-bit registers (Armv8.0). The operations that vector_ops.h asks for.

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

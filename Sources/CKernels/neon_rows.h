// Four rows of blocks read side by side, a row in each lane. Included by the Arm sets, after neon_unpack.h.

/// What the sum of the activations is multiplied with where blocks of 32 are unpacked as 0 ... 15 or -16 ... 15.
PL_INLINE int small_offset(int type) { return type == PL_Q4_0 ? -8 : type == PL_Q5_1 ? 16 : 0; }

PL_INLINE float32x4_t next_halves(const uint8_t *row[4]) {
    float16x4_t h = vld1_dup_f16((const void *)row[0]); MOVE(row[0], 2);
    h = vld1_lane_f16((const void *)row[1], h, 1); MOVE(row[1], 2);
    h = vld1_lane_f16((const void *)row[2], h, 2); MOVE(row[2], 2);
    h = vld1_lane_f16((const void *)row[3], h, 3); MOVE(row[3], 2);
    return vcvt_f32_f16(h);
}

PL_INLINE uint32x4_t next_words(const uint8_t *row[4]) {
    uint32x4_t w = vld1q_dup_u32((const void *)row[0]); MOVE(row[0], 4);
    w = vld1q_lane_u32((const void *)row[1], w, 1); MOVE(row[1], 4);
    w = vld1q_lane_u32((const void *)row[2], w, 2); MOVE(row[2], 4);
    w = vld1q_lane_u32((const void *)row[3], w, 3); MOVE(row[3], 4);
    return w;
}

/// 16 bytes of each row, word i of all rows in val[i]; then the rows move on by `bytes`.
PL_INLINE uint32x4x4_t next_words4(const uint8_t *row[4], int bytes) {
    uint32x4x4_t w = vld4q_dup_u32((const void *)row[0]); MOVE(row[0], bytes);
    w = vld4q_lane_u32((const void *)row[1], w, 1); MOVE(row[1], bytes);
    w = vld4q_lane_u32((const void *)row[2], w, 2); MOVE(row[2], bytes);
    w = vld4q_lane_u32((const void *)row[3], w, 3); MOVE(row[3], bytes);
    return w;
}

PL_INLINE uint32x4x4_t words_at(const uint8_t *const row[4], size_t offset) {
    const uint8_t *at[4] = {row[0] + offset, row[1] + offset, row[2] + offset, row[3] + offset};
    return next_words4(at, 0);
}

PL_INLINE float32x4_t from_halves(uint16x4_t h) { return vcvt_f32_f16(vreinterpret_f16_u16(h)); }

/// The half at `offset` of 4 rows.
PL_INLINE float32x4_t halves(const uint8_t *const row[4], size_t offset) {
    const uint8_t *at[4] = {row[0] + offset, row[1] + offset, row[2] + offset, row[3] + offset};
    return next_halves(at);
}

PL_INLINE uint8x16_t bytes_of(uint32x4_t x) { return vreinterpretq_u8_u32(x); }

typedef struct {
    float32x4_t d, dmin;
    int16x8_t scale[8], minimum[8]; // run 2i in the low half of element i, run 2i + 1 in the high one
} block_scales;

/// Bytes 4i + k (4 runs k of row i) to two pairs of runs.
PL_INLINE void spread_runs(uint8x16_t bytes, bool is_signed, int16x8_t out[2]) {
    const uint8x16_t transposed = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
    uint8x16_t runs = vqtbl1q_u8(bytes, transposed);
    if (is_signed) {
        out[0] = vmovl_s8(vreinterpret_s8_u8(vget_low_u8(runs)));
        out[1] = vmovl_high_s8(vreinterpretq_s8_u8(runs));
    } else {
        out[0] = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(runs)));
        out[1] = vreinterpretq_s16_u16(vmovl_high_u8(runs));
    }
}

/// The scales of one block of 256 of 4 rows (internal.h has the layouts).
PL_INLINE block_scales scales_at(int type, const uint8_t *const row[4]) {
    block_scales s;
    uint8x16_t runs[4];
    const uint8x16_t low4 = vdupq_n_u8(15), high2 = vdupq_n_u8(0x30);
    int count = has_scales_of_16(type) ? 4 : 2;
    if (type == PL_Q4_K || type == PL_Q5_K) {
        uint32x4x4_t head = words_at(row, 0);
        uint8x16_t a = bytes_of(head.val[1]), b = bytes_of(head.val[2]), c = bytes_of(head.val[3]), low6 = vdupq_n_u8(63);
        s.d = from_halves(vmovn_u32(head.val[0]));
        s.dmin = from_halves(vshrn_n_u32(head.val[0], 16));
        spread_runs(vandq_u8(b, low6), false, s.minimum);
        spread_runs(vsliq_n_u8(vshrq_n_u8(c, 4), vshrq_n_u8(b, 6), 4), false, s.minimum + 2);
        runs[0] = vandq_u8(a, low6);
        runs[1] = vsliq_n_u8(c, vshrq_n_u8(a, 6), 4);
    } else {
        s.d = halves(row, scale_offset(type));
        s.dmin = type == PL_Q2_K ? halves(row, minimum_offset(type)) : s.d;
    }
    if (type == PL_Q6_K || type == PL_Q2_K) {
        uint32x4x4_t packed = words_at(row, type == PL_Q6_K ? offsetof(pl_block_q6_k, scales) : offsetof(pl_block_q2_k, scales));
        PL_UNROLL
        for (int i = 0; i < 4; i++) {
            runs[i] = bytes_of(packed.val[i]);
            if (type == PL_Q6_K) continue;
            spread_runs(vshrq_n_u8(runs[i], 4), false, s.minimum + 2 * i);
            runs[i] = vandq_u8(runs[i], low4);
        }
    }
    if (type == PL_Q3_K) {
        uint32x4x4_t packed = words_at(row, offsetof(pl_block_q3_k, scales) - 4);
        uint8x16_t a = bytes_of(packed.val[1]), b = bytes_of(packed.val[2]), c = bytes_of(packed.val[3]);
        runs[0] = vorrq_u8(vandq_u8(a, low4), vandq_u8(vshlq_n_u8(c, 4), high2));
        runs[1] = vorrq_u8(vandq_u8(b, low4), vandq_u8(vshlq_n_u8(c, 2), high2));
        runs[2] = vorrq_u8(vshrq_n_u8(a, 4), vandq_u8(c, high2));
        runs[3] = vorrq_u8(vshrq_n_u8(b, 4), vandq_u8(vshrq_n_u8(c, 2), high2));
        PL_UNROLL
        for (int i = 0; i < 4; i++) runs[i] = vsubq_u8(runs[i], vdupq_n_u8(32));
    }
    if (type == PL_IQ4_XS) {
        uint8_t scale[2][4][4];
        PL_UNROLL
        for (int r = 0; r < 4; r++) {
            int8_t eight[8];
            pl_unpack_scales_iq4_xs((const void *)row[r], eight);
            memcpy(scale[0][r], eight, 4);
            memcpy(scale[1][r], eight + 4, 4);
        }
        PL_UNROLL
        for (int i = 0; i < 2; i++) runs[i] = vld1q_u8(&scale[i][0][0]);
    }
    PL_UNROLL
    for (int i = 0; i < count; i++) spread_runs(runs[i], type != PL_Q4_K && type != PL_Q5_K && type != PL_Q2_K, s.scale + 2 * i);
    return s;
}

PL_INLINE int16x4_t of_run(const int16x8_t *pairs, int run) { return run & 1 ? vget_high_s16(pairs[run / 2]) : vget_low_s16(pairs[run / 2]); }

/// The sum over `runs` runs of scale[run] * sums[run].
PL_INLINE int32x4_t scaled_sums(const int16x8_t *scale, const int16_t *sums, bool of_16) {
    int16x8_t s[2] = {vld1q_s16(sums), vld1q_s16(sums + 8)};
    if (!of_16) s[0] = vpaddq_s16(s[0], s[1]);
    int32x4_t total = vdupq_n_s32(0);
    int runs = of_16 ? 16 : 8;
    PL_UNROLL
    for (int run = 0; run < runs; run++) total = vmlal_n_s16(total, of_run(scale, run), s[run / 8][run % 8]);
    return total;
}

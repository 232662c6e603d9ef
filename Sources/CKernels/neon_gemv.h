// One token by 4 rows. Included by the Arm sets, after neon_rows.h and
//   dot_next(type, row, q, start)          start and the products of 32 columns of each row, which moves on
//   dot_block(type, row, q, sums, scales)  the products of a block of 256, scaled

/// What a block of 32 of each row adds: scale * sum + minimum * d_sum.
typedef struct { float32x4_t scale, sum, minimum; } block_sums;

PL_INLINE block_sums next_block(int type, const uint8_t *row[4], const int8_t *q, int32x4_t start, float d) {
    block_sums b;
    if (has_minimum(type)) {
        uint32x4_t both = next_words(row);
        b.scale = from_halves(vmovn_u32(both));
        b.minimum = from_halves(vshrn_n_u32(both, 16));
    } else {
        b.scale = next_halves(row);
    }
    b.scale = vmulq_n_f32(b.scale, d);
    b.sum = vcvtq_f32_s32(dot_next(type, row, q, start));
    return b;
}

PL_INLINE float32x4_t add_block(int type, float32x4_t total, block_sums b, float d_sum) {
    total = vfmaq_f32(total, b.scale, b.sum);
    return has_minimum(type) ? vfmaq_n_f32(total, b.minimum, d_sum) : total;
}

PL_INLINE float32x4_t gemv_small(int type, const uint8_t *row[4], int32_t blocks, token_input in) {
    float32x4_t total = vdupq_n_f32(0);
    int32_t b = 0;
    for (; b + 4 <= blocks; b += 4) {
        int32x4_t sum = vpaddlq_s16(vld1q_s16(in.sums + 2 * b)), start = vmulq_n_s32(sum, small_offset(type));
        float32x4_t d = vld1q_f32(in.d + b), d_sum = vmulq_f32(d, vcvtq_f32_s32(sum));
        AFTER_ROWS(row, in.q, start); // kept as a vector
        PL_UNROLL
        for (int i = 0; i < 4; i += 2) { // two at a time, so that the folding of one is not waited for: the A53 runs in order
            block_sums first = next_block(type, row, in.q, vdupq_n_s32(start[i]), d[i]);
            block_sums second = next_block(type, row, in.q + 32, vdupq_n_s32(start[i + 1]), d[i + 1]);
            in.q += 64;
            total = add_block(type, add_block(type, total, first, d_sum[i]), second, d_sum[i + 1]);
            AFTER_ROWS(row, in.q, total);
        }
    }
    for (; b < blocks; b++) {
        int32_t sum = in.sums[2 * b] + in.sums[2 * b + 1];
        total = add_block(type, total, next_block(type, row, in.q, vdupq_n_s32(small_offset(type) * sum), in.d[b]), in.d[b] * (float)sum);
        in.q += 32;
    }
    return total;
}

PL_INLINE float32x4_t gemv_large(int type, const uint8_t *row[4], int32_t blocks, token_input in) {
    float32x4_t total = vdupq_n_f32(0);
    for (int32_t b = 0; b < blocks; b++) {
        block_scales s = scales_at(type, row);
        const int16_t *sums = in.sums + 16 * b;
        float32x4_t sum = vcvtq_f32_s32(dot_block(type, row, in.q + 256 * b, sums, s.scale));
        if (has_minimum(type)) {
            float32x4_t minimums = vcvtq_f32_s32(scaled_sums(s.minimum, sums, has_scales_of_16(type)));
            total = vfmaq_n_f32(total, vfmsq_f32(vmulq_f32(s.d, sum), s.dmin, minimums), in.d[b]);
        } else {
            total = vfmaq_f32(total, vmulq_n_f32(s.d, in.d[b]), sum);
        }
        for (int r = 0; r < 4; r++) row[r] += block_bytes(type);
    }
    return total;
}

/// `count` rows from `first` by one token.
PL_INLINE void gemv(int type, const pl_matrix *m, int32_t first, int32_t count, const pl_activations *a, int32_t token) {
    int32_t blocks = m->columns / block_size(type);
    size_t start = (size_t)token * (size_t)a->columns;
    token_input in = {a->q + start, a->d + (size_t)token * (size_t)blocks, a->sums + start / 16};
    const uint8_t *row[4];
    tile_rows(row, 4, m, first, count, (size_t)blocks * (size_t)block_bytes(type));
    float lane[4], *out = m->out + (size_t)token * m->out_stride + (size_t)first;
    vst1q_f32(lane, block_size(type) == 32 ? gemv_small(type, row, blocks, in) : gemv_large(type, row, blocks, in));
    for (int32_t r = 0; r < count; r++) out[r] = m->bias ? lane[r] + m->bias[first + r] : lane[r];
}

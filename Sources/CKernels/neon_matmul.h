// 4 rows by 1 or TILE tokens, a row in each lane. Included by the Arm sets, after neon_unpack.h and
// dot32(type, w, x): for each of 4 rows the sum of 32 products, and dot16(w, half, x): of one half of them.

enum { TILE = 4 };

/// Minus offset * the sum of 32 activations, added to every row's sum.
PL_INLINE int32x4_t subtract_offset(int32x4_t sum, const int16_t *sums, int offset) {
    int16x4_t two = vreinterpret_s16_u32(vdup_n_u32(pl_load32(sums))), minus = vdup_n_s16((int16_t)-offset);
    return vmlal_lane_s16(vmlal_lane_s16(sum, minus, two, 0), minus, two, 1);
}

typedef struct { const int8_t *q; const float *d; const int16_t *sums; } token_input;

PL_INLINE void tile_32(int type, const uint8_t *const row[4], int32_t blocks, int tokens, const token_input *in, float32x4_t *total) {
    size_t offset = 0;
    for (int32_t b = 0; b < blocks; b++, offset += (size_t)block_bytes(type)) {
        bytes32 w[4];
        for (int r = 0; r < 4; r++) w[r] = unpack(type, row[r] + offset, 0);
        float32x4_t scale = halves(row, offset + scale_offset(type)), minimum = scale;
        if (has_minimum(type)) minimum = halves(row, offset + minimum_offset(type));
        for (int t = 0; t < tokens; t++) {
            const int8_t *q = in[t].q + 32 * b;
            const int16_t *sums = in[t].sums + 2 * b;
            float d = in[t].d[b];
            int32x4_t sum = dot32(type, w, (bytes32){{vld1q_s8(q), vld1q_s8(q + 16)}});
            if (level_offset(type)) sum = subtract_offset(sum, sums, level_offset(type));
            float32x4_t value = vmulq_f32(vmulq_n_f32(scale, d), vcvtq_f32_s32(sum));
            if (has_minimum(type)) value = vaddq_f32(value, vmulq_n_f32(minimum, d * (float)(sums[0] + sums[1])));
            total[t] = vaddq_f32(total[t], value);
        }
    }
}

/// One run of 32 columns of a K block.
PL_INLINE void multiply_run(int type, const uint8_t *const row[4], size_t offset, int run, int tokens, const token_input *in, int32_t column,
                            const int16x4_t *scale, int32x4_t *sum) {
    bytes32 w[4];
    for (int r = 0; r < 4; r++) w[r] = unpack(type, row[r] + offset, run);
    for (int t = 0; t < tokens; t++) {
        const int8_t *q = in[t].q + column + 32 * run;
        bytes32 x = {{vld1q_s8(q), vld1q_s8(q + 16)}};
        if (type == PL_Q6_K) {
            sum[t] = vmlaq_s32(sum[t], dot16(w, 0, x), vmovl_s16(scale[2 * run]));
            sum[t] = vmlaq_s32(sum[t], dot16(w, 1, x), vmovl_s16(scale[2 * run + 1]));
        } else {
            sum[t] = vmlaq_s32(sum[t], dot32(type, w, x), vmovl_s16(scale[run]));
        }
    }
}

PL_INLINE void tile_256(int type, const uint8_t *const row[4], int32_t blocks, int tokens, const token_input *in, float32x4_t *total) {
    size_t offset = 0;
    for (int32_t b = 0; b < blocks; b++, offset += (size_t)block_bytes(type)) {
        int16x4_t scale[16], minimum[8];
        block_scales(type, row, offset, scale, minimum);
        int32x4_t sum[TILE];
        for (int t = 0; t < tokens; t++) sum[t] = vdupq_n_s32(0);
        if (tokens == 1) {
            PL_UNROLL
            for (int run = 0; run < 8; run++) multiply_run(type, row, offset, run, tokens, in, 256 * b, scale, sum);
        } else { // unrolled, more tokens than one run out of registers
            for (int run = 0; run < 8; run++) multiply_run(type, row, offset, run, tokens, in, 256 * b, scale, sum);
        }
        float32x4_t scales = halves(row, offset + scale_offset(type));
        for (int t = 0; t < tokens; t++) {
            const int16_t *sums = in[t].sums + 16 * b;
            float d = in[t].d[b];
            int32x4_t correction = vdupq_n_s32(0);
            if (type == PL_Q6_K) { // 32 * the sums of 16
                for (int g = 0; g < 16; g++) correction = vmlal_n_s16(correction, scale[g], sums[g]);
                float32x4_t value = vcvtq_f32_s32(vsubq_s32(sum[t], vshlq_n_s32(correction, 5)));
                total[t] = vaddq_f32(total[t], vmulq_f32(vmulq_n_f32(scales, d), value));
            } else {
                int16x8_t wide = vpaddq_s16(vld1q_s16(sums), vld1q_s16(sums + 8)); // of 32
                int16x4_t low = vget_low_s16(wide), high = vget_high_s16(wide);
                correction = vmlal_lane_s16(correction, minimum[0], low, 0);
                correction = vmlal_lane_s16(correction, minimum[1], low, 1);
                correction = vmlal_lane_s16(correction, minimum[2], low, 2);
                correction = vmlal_lane_s16(correction, minimum[3], low, 3);
                correction = vmlal_lane_s16(correction, minimum[4], high, 0);
                correction = vmlal_lane_s16(correction, minimum[5], high, 1);
                correction = vmlal_lane_s16(correction, minimum[6], high, 2);
                correction = vmlal_lane_s16(correction, minimum[7], high, 3);
                float32x4_t minimums = vmulq_f32(halves(row, offset + minimum_offset(type)), vcvtq_f32_s32(correction));
                float32x4_t value = vsubq_f32(vmulq_f32(scales, vcvtq_f32_s32(sum[t])), minimums);
                total[t] = vaddq_f32(total[t], vmulq_n_f32(value, d));
            }
        }
    }
}

PL_INLINE void tile(int type, const pl_matrix *m, const uint8_t *const row[4], int32_t first, int32_t count,
                    const pl_activations *a, int32_t token, int tokens) {
    int32_t blocks = m->columns / block_size(type);
    token_input in[TILE];
    float32x4_t total[TILE];
    for (int t = 0; t < tokens; t++) {
        size_t start = (size_t)(token + t) * (size_t)a->columns;
        in[t] = (token_input){a->q + start, a->d + (size_t)(token + t) * (size_t)blocks, a->sums + start / 16};
        total[t] = vdupq_n_f32(0);
    }
    if (block_size(type) == 32) tile_32(type, row, blocks, tokens, in, total);
    else tile_256(type, row, blocks, tokens, in, total);
    for (int t = 0; t < tokens; t++) {
        float lane[4], *out = m->out + (size_t)(token + t) * m->out_stride + (size_t)first;
        vst1q_f32(lane, total[t]);
        for (int32_t r = 0; r < count; r++) out[r] = m->bias ? lane[r] + m->bias[first + r] : lane[r];
    }
}

PL_INLINE void matmul_blocks(int type, const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    size_t row_bytes = (size_t)(m->columns / block_size(type)) * (size_t)block_bytes(type);
    for (int32_t first = row_begin; first < row_end; first += 4) {
        int32_t count = row_end - first < 4 ? row_end - first : 4, token = 0;
        const uint8_t *row[4];
        tile_rows(row, 4, m, first, count, row_bytes);
        for (; token + TILE <= a->tokens; token += TILE) tile(type, m, row, first, count, a, token, TILE);
        for (; token < a->tokens; token++) tile(type, m, row, first, count, a, token, 1);
    }
}

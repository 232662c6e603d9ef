// PANEL rows by a tile of tokens, whose sums are many and lie in memory. Included by the Armv8.0 set, after neon_panel.h and
//   chain(type)             how many columns a part sums
//   multiply_chain          the next `chain` columns of the panel by the tokens of a tile; moves q on
//   widen_add, scale_add    what becomes of a part

typedef struct { float32x4_t rows[4]; } floats16;

PL_INLINE floats16 load_floats16(const float *p) { return (floats16){{vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)}}; }

PL_INLINE void store_floats16(float *p, floats16 x) { for (int r = 0; r < 4; r++) vst1q_f32(p + 4 * r, x.rows[r]); }

PL_INLINE void tile_small(int type, int tile, const weight_panel *panel, float (*total)[PANEL], int runs, const token_input *in) {
    const int8_t *q[LARGEST_TILE];
    for (int t = 0; t < tile; t++) q[t] = in[t].q;
    for (int run = 0; run < runs; run++) {
        IN_MEMORY(total);
        part sum[LARGEST_TILE], second[LARGEST_TILE];
        multiply_chain(type, tile, panel->weights, 32 * run, q, sum);
        if (chain(type) < 32) multiply_chain(type, tile, panel->weights, 32 * run + 16, q, second);
        floats16 scale = load_floats16(panel->scale[run]), minimum = scale;
        if (has_minimum(type)) minimum = load_floats16(panel->minimum[run]);
        PL_UNROLL
        for (int t = 0; t < tile; t++) {
            float d = in[t].d[run];
            int32_t activations = has_minimum(type) ? in[t].sums[2 * run] + in[t].sums[2 * run + 1] : 0;
            sum16 whole = widen_add(type, set16(has_minimum(type) ? panel_middle(type) * activations : 0), sum[t]);
            if (chain(type) < 32) whole = widen_add(type, whole, second[t]);
            floats16 sums = load_floats16(total[t]);
            for (int r = 0; r < 4; r++) {
                sums.rows[r] = vfmaq_f32(sums.rows[r], vmulq_n_f32(scale.rows[r], d), vcvtq_f32_s32(whole.rows[r]));
                if (has_minimum(type)) sums.rows[r] = vfmaq_n_f32(sums.rows[r], minimum.rows[r], d * (float)activations);
            }
            store_floats16(total[t], sums);
        }
    }
}

/// For PANEL rows: the sum over 8 runs of scale[run] * the run's activation sum.
PL_INLINE sum16 multiply_sums(sum16 sum, const int16_t (*scale)[PANEL], int16x8_t sums) {
    int16x4_t low = vget_low_s16(sums), high = vget_high_s16(sums);
#define ADD_RUN(run, half, lane) \
    for (int i = 0; i < 2; i++) { \
        int16x8_t s = vld1q_s16(&scale[run][8 * i]); \
        sum.rows[2 * i] = vmlal_lane_s16(sum.rows[2 * i], vget_low_s16(s), half, lane); \
        sum.rows[2 * i + 1] = vmlal_high_lane_s16(sum.rows[2 * i + 1], s, half, lane); \
    }
    ADD_RUN(0, low, 0) ADD_RUN(1, low, 1) ADD_RUN(2, low, 2) ADD_RUN(3, low, 3)
    ADD_RUN(4, high, 0) ADD_RUN(5, high, 1) ADD_RUN(6, high, 2) ADD_RUN(7, high, 3)
#undef ADD_RUN
    return sum;
}

PL_INLINE void tile_large(int type, int tile, const weight_panel *panel, float (*total)[PANEL], const token_input *in) {
    const int8_t *q[LARGEST_TILE];
    int32_t sums[LARGEST_TILE][PANEL] = {{0}}, (*sum)[PANEL] = sums;
    for (int t = 0; t < tile; t++) q[t] = in[t].q;
    for (int column = 0; column < 256; column += chain(type)) {
        IN_MEMORY(sum);
        part s[LARGEST_TILE];
        multiply_chain(type, tile, panel->weights, column, q, s);
        const int16_t *run_scale = panel->run_scale[column / (has_scales_of_16(type) ? 16 : 32)];
        int16x8_t scale[2] = {vld1q_s16(run_scale), vld1q_s16(run_scale + 8)};
        PL_UNROLL
        for (int t = 0; t < tile; t++) store16(sum[t], scale_add(type, load16(sum[t]), s[t], scale));
    }
    floats16 scale = load_floats16(panel->scale[0]);
    for (int t = 0; t < tile; t++) {
        float d = *in[t].d;
        sum16 minimums = set16(0), middles = set16(0);
        if (has_minimum(type)) {
            int16x8_t low = vld1q_s16(in[t].sums), high = vld1q_s16(in[t].sums + 8), wide = vpaddq_s16(low, high);
            if (has_scales_of_16(type)) {
                minimums = multiply_sums(multiply_sums(minimums, panel->run_minimum, low), panel->run_minimum + 8, high);
            } else {
                minimums = multiply_sums(minimums, panel->run_minimum, wide);
                if (panel_middle(type)) middles = multiply_sums(middles, panel->run_scale, wide);
            }
        }
        sum16 whole = load16(sum[t]);
        floats16 totals = load_floats16(total[t]);
        for (int r = 0; r < 4; r++) {
            if (has_minimum(type)) {
                if (panel_middle(type)) whole.rows[r] = vmlaq_n_s32(whole.rows[r], middles.rows[r], panel_middle(type));
                float32x4_t minimum = vld1q_f32(&panel->minimum[0][4 * r]), levels = vmulq_f32(scale.rows[r], vcvtq_f32_s32(whole.rows[r]));
                totals.rows[r] = vfmaq_n_f32(totals.rows[r], vfmsq_f32(levels, minimum, vcvtq_f32_s32(minimums.rows[r])), d);
            } else {
                totals.rows[r] = vfmaq_f32(totals.rows[r], vmulq_n_f32(scale.rows[r], d), vcvtq_f32_s32(whole.rows[r]));
            }
        }
        store_floats16(total[t], totals);
    }
}

// PANEL rows by a tile of TILE_TOKENS tokens, 8 rows at a time, whose totals stay in registers. Included by the sets that have the
// dot product, after neon_dot.h, neon_panel.h and
//   load_inputs             the next 32 columns of the tile's tokens; moves q on
//   add_products            adds the products of the next 16 * steps columns of 4 rows; moves the panel on

PL_INLINE int tile_tokens(int type) { (void)type; return TILE_TOKENS; }

/// By run and token: what a block of 32 is multiplied with, what its minimum is multiplied with, and what its sum starts from.
typedef struct { float d[8][TILE_TOKENS], d_sum[8][TILE_TOKENS]; int32_t start[8][TILE_TOKENS]; } run_inputs;

PL_INLINE void load_run_inputs(int type, run_inputs *out, int runs, const token_input *in) {
    if (runs == 8 && !has_minimum(type)) {
        for (int run = 0; run < 8; run += 4) {
            float32x4x4_t d = {{vld1q_f32(in[0].d + run), vld1q_f32(in[1].d + run), vld1q_f32(in[2].d + run), vld1q_f32(in[3].d + run)}};
            vst4q_f32(&out->d[0][0] + TILE_TOKENS * run, d);
        }
        return;
    }
    for (int t = 0; t < TILE_TOKENS; t++) {
        for (int run = 0; run < runs; run++) {
            int32_t sum = in[t].sums[2 * run] + in[t].sums[2 * run + 1];
            out->d[run][t] = in[t].d[run];
            out->d_sum[run][t] = in[t].d[run] * (float)sum;
            out->start[run][t] = panel_middle(type) * sum;
        }
    }
}

PL_INLINE void tile_small(int type, int tile, const weight_panel *panel, float (*total)[PANEL], int runs, const token_input *in) {
    (void)tile;
    run_inputs of_run;
    load_run_inputs(type, &of_run, runs, in);
    for (int first = 0; first < PANEL; first += 8) {
        const int8_t *q[TILE_TOKENS], *w[2] = {panel->weights + 256 * first, panel->weights + 256 * first + 1024};
        float32x4_t totals[TILE_TOKENS][2];
        PL_UNROLL
        for (int t = 0; t < TILE_TOKENS; t++) {
            q[t] = in[t].q;
            for (int r = 0; r < 2; r++) totals[t][r] = vld1q_f32(&total[t][first + 4 * r]);
        }
        for (int run = 0; run < runs; run++) {
            inputs x[2];
            load_inputs(q, x);
            float32x4_t d = vld1q_f32(of_run.d[run]);
            PL_UNROLL
            for (int r = 0; r < 2; r++) {
                tile_sums sum;
                PL_UNROLL
                for (int t = 0; t < TILE_TOKENS; t++) sum.of[t] = vdupq_n_s32(has_minimum(type) && panel_middle(type) ? of_run.start[run][t] : 0);
                sum = add_products(sum, &w[r], x, 2);
                float32x4_t scale = vld1q_f32(&panel->scale[run][first + 4 * r]);
                float32x4_t minimum = has_minimum(type) ? vld1q_f32(&panel->minimum[run][first + 4 * r]) : scale;
#define ADD_BLOCK(t) \
                totals[t][r] = vfmaq_f32(totals[t][r], vmulq_laneq_f32(scale, d, t), vcvtq_f32_s32(sum.of[t])); \
                if (has_minimum(type)) totals[t][r] = vfmaq_n_f32(totals[t][r], minimum, of_run.d_sum[run][t]);
                ADD_BLOCK(0) ADD_BLOCK(1) ADD_BLOCK(2) ADD_BLOCK(3)
#undef ADD_BLOCK
                AFTER(w[(r + 1) % 2], totals[0][r], totals[1][r]);
                AFTER(w[(r + 1) % 2], totals[2][r], totals[3][r]);
            }
        }
        PL_UNROLL
        for (int t = 0; t < TILE_TOKENS; t++) for (int r = 0; r < 2; r++) vst1q_f32(&total[t][first + 4 * r], totals[t][r]);
    }
}

/// For 4 rows: the sum over runs of run_minimum * the run's activation sum.
PL_INLINE int32x4_t minimums_of(int type, const weight_panel *panel, int first, const int16_t *sums) {
    int16x8_t low = vld1q_s16(sums), high = vld1q_s16(sums + 8);
    if (!has_scales_of_16(type)) low = vpaddq_s16(low, high);
    int32x4_t sum = vdupq_n_s32(0);
#define ADD_RUN(run, by, lane) sum = vmlal_laneq_s16(sum, vld1_s16(&panel->run_minimum[run][first]), by, lane);
    ADD_RUN(0, low, 0) ADD_RUN(1, low, 1) ADD_RUN(2, low, 2) ADD_RUN(3, low, 3)
    ADD_RUN(4, low, 4) ADD_RUN(5, low, 5) ADD_RUN(6, low, 6) ADD_RUN(7, low, 7)
    if (!has_scales_of_16(type)) return sum;
    ADD_RUN(8, high, 0) ADD_RUN(9, high, 1) ADD_RUN(10, high, 2) ADD_RUN(11, high, 3)
    ADD_RUN(12, high, 4) ADD_RUN(13, high, 5) ADD_RUN(14, high, 6) ADD_RUN(15, high, 7)
#undef ADD_RUN
    return sum;
}

PL_INLINE void tile_large(int type, int tile, const weight_panel *panel, float (*total)[PANEL], const token_input *in) {
    (void)tile;
    int chain = has_scales_of_16(type) ? 16 : 32;
    for (int first = 0; first < PANEL; first += 8) {
        const int8_t *q[TILE_TOKENS], *w[2] = {panel->weights + 256 * first, panel->weights + 256 * first + 1024};
        const int16_t *run_scale = &panel->run_scale[0][first];
        int32x4_t sums[TILE_TOKENS][2];
        PL_UNROLL
        for (int t = 0; t < TILE_TOKENS; t++) {
            q[t] = in[t].q;
            for (int r = 0; r < 2; r++) sums[t][r] = vdupq_n_s32(0);
        }
        for (int run = 0; run < 8; run++) {
            inputs x[2];
            load_inputs(q, x);
            PL_UNROLL
            for (int c = 0; c < 32; c += chain) {
                int16x8_t scale = vld1q_s16(run_scale);
                MOVE(run_scale, PANEL);
                PL_UNROLL
                for (int r = 0; r < 2; r++) {
                    tile_sums sum;
                    PL_UNROLL
                    for (int t = 0; t < TILE_TOKENS; t++) sum.of[t] = vdupq_n_s32(0);
                    sum = add_products(sum, &w[r], x + c / 16, chain / 16);
                    int32x4_t s = r ? vmovl_high_s16(scale) : vmovl_s16(vget_low_s16(scale));
                    PL_UNROLL
                    for (int t = 0; t < TILE_TOKENS; t++) sums[t][r] = vmlaq_s32(sums[t][r], sum.of[t], s);
                    AFTER(w[(r + 1) % 2], sums[0][r], sums[1][r]);
                    AFTER(w[(r + 1) % 2], sums[2][r], sums[3][r]);
                }
            }
        }
        PL_UNROLL
        for (int r = 0; r < 2; r++) {
            int row = first + 4 * r;
            float32x4_t scale = vld1q_f32(&panel->scale[0][row]);
            PL_UNROLL
            for (int t = 0; t < TILE_TOKENS; t++) {
                float32x4_t sum = vcvtq_f32_s32(sums[t][r]), whole = vld1q_f32(&total[t][row]);
                if (has_minimum(type)) {
                    float32x4_t minimums = vcvtq_f32_s32(minimums_of(type, panel, row, in[t].sums));
                    whole = vfmaq_n_f32(whole, vfmsq_f32(vmulq_f32(scale, sum), vld1q_f32(&panel->minimum[0][row]), minimums), *in[t].d);
                } else {
                    whole = vfmaq_f32(whole, vmulq_n_f32(scale, *in[t].d), sum);
                }
                vst1q_f32(&total[t][row], whole);
            }
        }
    }
}

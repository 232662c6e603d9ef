// Many tokens. PANEL rows are unpacked 256 columns at a time into a buffer that stays in the cache, so that a lane belongs to a
// row and nothing is folded; GROUP tokens share the unpacking. Included by the Arm sets, after neon_unpack.h and
//   panel_middle(type)      what is subtracted from the levels in the panel
//   store_panel             8 rows of 32 columns to the panel, in the order that multiply_chain reads
//   chain(type)             how many columns a part sums
//   tile_tokens(type)       how many tokens a tile has
//   multiply_chain          the next `chain` columns of the panel by the tokens of a tile; moves q on
//   widen_add, scale_add    what becomes of a part

typedef struct {
    int8_t weights[256 * PANEL] __attribute__((aligned(16)));
    float scale[8][PANEL], minimum[8][PANEL];             // of blocks of 32; a block of 256 uses the first
    int16_t run_scale[16][PANEL], run_minimum[16][PANEL]; // of the runs of a block of 256
} weight_panel;

typedef struct { float total[GROUP + LARGEST_TILE][PANEL]; } token_group;

/// `runs` runs of 32 columns from byte `offset` of the rows.
PL_INLINE void fill_panel(int type, weight_panel *panel, const uint8_t *const row[PANEL], size_t offset, int runs) {
    bool small = block_size(type) == 32;
    for (int first = 0; first < PANEL; first += 8) {
        for (int run = 0; run < runs; run++) {
            size_t block = small ? offset + (size_t)run * (size_t)block_bytes(type) : offset;
            bytes32 w[8];
            for (int r = 0; r < 8; r++) {
                w[r] = unpack(type, row[first + r] + block, run);
                if (panel_middle(type) == 0 || type == PL_Q5_0 || type == PL_Q5_1) continue; // unpacked so
                for (int i = 0; i < 2; i++) w[r].val[i] = vsubq_s8(w[r].val[i], vdupq_n_s8((int8_t)panel_middle(type)));
            }
            store_panel(type, panel->weights + 256 * first, 32 * run, w);
        }
    }
    for (int first = 0; first < PANEL; first += 4) {
        for (int run = 0; run < (small ? runs : 1); run++) {
            size_t block = offset + (size_t)run * (size_t)block_bytes(type);
            vst1q_f32(&panel->scale[run][first], halves(row + first, block + scale_offset(type)));
            if (has_minimum(type)) vst1q_f32(&panel->minimum[run][first], halves(row + first, block + minimum_offset(type)));
        }
    }
    if (!small) for (int r = 0; r < PANEL; r++) row_scales(type, row[r] + offset, &panel->run_scale[0][r], &panel->run_minimum[0][r], PANEL);
}

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

/// The panel by `tile` tokens from `token` on; those beyond `last` repeat it.
PL_INLINE void multiply_tile(int type, int tile, const weight_panel *panel, token_group *g, const pl_activations *a,
                             int32_t group, int32_t token, int32_t last, int32_t column, int runs) {
    token_input in[LARGEST_TILE];
    size_t d_stride = (size_t)(a->columns / block_size(type)), d_column = (size_t)(column / block_size(type));
    for (int t = 0; t < tile; t++) {
        size_t i = (size_t)(token + t < last ? token + t : last), start = i * (size_t)a->columns + (size_t)column;
        in[t] = (token_input){a->q + start, a->d + i * d_stride + d_column, a->sums + start / 16};
    }
    if (block_size(type) == 32) tile_small(type, tile, panel, &g->total[token - group], runs, in);
    else tile_large(type, tile, panel, &g->total[token - group], in);
}

/// `count` rows from `first` by the tokens group ..< end, at most GROUP.
PL_INLINE void gemm(int type, const pl_matrix *m, int32_t first, int32_t count, const pl_activations *a, int32_t group, int32_t end) {
    weight_panel panel;
    token_group g;
    const uint8_t *row[PANEL];
    tile_rows(row, PANEL, m, first, count, (size_t)(m->columns / block_size(type)) * (size_t)block_bytes(type));
    memset(g.total, 0, sizeof g.total);
    for (int32_t column = 0; column < m->columns; column += 256) {
        int runs = m->columns - column < 256 ? (m->columns - column) / 32 : 8;
        fill_panel(type, &panel, row, (size_t)(column / block_size(type)) * (size_t)block_bytes(type), runs);
        int32_t token = group;
        for (; end - token > 4 && tile_tokens(type) > 4; token += 8) multiply_tile(type, 8, &panel, &g, a, group, token, end - 1, column, runs);
        for (; token < end; token += 4) multiply_tile(type, 4, &panel, &g, a, group, token, end - 1, column, runs);
    }
    for (int32_t t = 0; t < end - group; t++) {
        float *out = m->out + (size_t)(group + t) * m->out_stride + (size_t)first;
        for (int32_t r = 0; r < count; r++) out[r] = m->bias ? g.total[t][r] + m->bias[first + r] : g.total[t][r];
    }
}

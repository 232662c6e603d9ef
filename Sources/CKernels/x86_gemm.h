// Many tokens by the rows of a panel. Included by the x86 sets, after x86_panel.h, TILE and dot_run.

enum { GROUP = 64 };

typedef struct {
    _Alignas(64) float total[GROUP][PANEL];
    int32_t correction[GROUP][8];  // -offset * sum of the 32 activations
    float minimum[GROUP][8];       // d * sum of the 32 activations
} token_group;

/// Where a panel's weights come from. They are unpacked little by little between the products of the first tokens, and meanwhile
/// those of the next panel are fetched, in their order in memory.
typedef struct {
    const uint8_t *p;
    size_t stride;
    uintptr_t next;
    size_t bytes; // of the next panel in a run
} panel_source;

/// A run's weights, if it begins a part.
PL_INLINE void fill_run(int type, weight_panel *panel, const panel_source *s, int run, lanes_i high[8]) {
    prefetch_next(s->next + (size_t)run * s->bytes, s->bytes, false);
    if (block_size(type) == 32) fill_small(type, panel->weights + 8 * run, s->p + (size_t)run * (size_t)block_bytes(type), s->stride);
    else if (run % runs_of_part(type) == 0) fill_large(type, panel->weights + 8 * run, s->p, s->stride, run / runs_of_part(type), high);
}

/// The parts of a block's product that depend on the activations alone.
PL_INLINE void fill_corrections(int type, token_group *g, int t, const int16_t *sums, const float *d, int runs) {
    int16_t some[16] = {0};
    float scale[8] = {0};
    if (runs < 8) { // the end of a row
        memcpy(some, sums, 2 * (size_t)runs * sizeof *sums);
        memcpy(scale, d, (size_t)runs * sizeof *d);
        sums = some;
        d = scale;
    }
    __m256i of16 = load256(sums);
    if (offset_of(type)) _mm256_storeu_si256((void *)g->correction[t], _mm256_madd_epi16(of16, _mm256_set1_epi16((short)-offset_of(type))));
    if (has_minimum(type)) {
        __m256 of32 = _mm256_cvtepi32_ps(_mm256_madd_epi16(of16, _mm256_set1_epi16(1)));
        _mm256_storeu_ps(g->minimum[t], _mm256_mul_ps(_mm256_loadu_ps(d), of32));
    }
}

/// `tile` tokens by the panel, which is filled first where `source` is not NULL; tokens beyond the last repeat it.
PL_INLINE void multiply_small(int type, int tile, weight_panel *panel, token_group *g, const panel_source *source, const int *t, int runs,
                              const int8_t *const q[TILE], const float *const d[TILE]) {
    lanes_f total[TILE];
    for (int i = 0; i < tile; i++) total[i] = f_load(g->total[t[i]]);
    for (int run = 0; run < runs; run++) {
        lanes_i sum[TILE];
        const int8_t *input[TILE];
        if (source) fill_run(type, panel, source, run, NULL);
        for (int i = 0; i < tile; i++) {
            sum[i] = i_set1(offset_of(type) ? g->correction[t[i]][run] : 0);
            input[i] = q[i] + 32 * run;
        }
        dot_run(type, tile, sum, &panel->weights[8 * run], input, 8);
        lanes_f scale = f_load(panel->scale[run]);
        for (int i = 0; i < tile; i++) {
            total[i] = f_fma(f_mul(scale, f_set1(d[i][run])), f_from_i(sum[i]), total[i]);
            if (has_minimum(type)) total[i] = f_fma(f_load(panel->minimum[run]), f_set1(g->minimum[t[i]][run]), total[i]);
        }
    }
    for (int i = 0; i < tile; i++) f_store(g->total[t[i]], total[i]);
}

PL_INLINE void multiply_large(int type, int tile, weight_panel *panel, token_group *g, const panel_source *source, const int *t,
                              const int8_t *const q[TILE], const float *const d[TILE], const int16_t *const sums[TILE]) {
    enum { STEPS = 64 };
    int groups = has_scales_of_16(type) ? 4 : 8; // of 4 columns with one scale
    lanes_i sum[TILE], high[8];
    lanes_f total[TILE]; // all loaded before one is stored: tokens may repeat
    for (int i = 0; i < tile; i++) {
        sum[i] = i_set1(0);
        total[i] = f_load(g->total[t[i]]);
    }
    for (int step = 0; step < STEPS; step += groups) {
        lanes_i part[TILE];
        const int8_t *input[TILE];
        if (source && step % 8 == 0) fill_run(type, panel, source, step / 8, high);
        for (int i = 0; i < tile; i++) {
            part[i] = i_set1(0);
            input[i] = q[i] + 4 * step;
        }
        dot_run(type, tile, part, &panel->weights[step], input, groups);
        lanes_i scale = i_load(panel->run_scale[step / groups]);
        for (int i = 0; i < tile; i++) sum[i] = i_add(sum[i], i_mul(part[i], scale));
    }
    for (int i = 0; i < tile; i++) {
        lanes_i minimums = i_set1(0);
        for (int run = 0; run < 8 && (has_minimum(type) || offset_of(type)); run++) {
            minimums = i_add_pairs(minimums, i_load(panel->pair[run]), i_set1((int32_t)pl_load32(sums[i] + 2 * run)));
        }
        lanes_f scale = f_load(panel->scale[0]), input = f_set1(*d[i]);
        if (!has_minimum(type)) {
            total[i] = f_fma(f_mul(scale, input), f_from_i(i_sub(sum[i], i_mul(minimums, i_set1(offset_of(type))))), total[i]);
        } else {
            lanes_f levels = f_take(f_load(panel->minimum[0]), f_from_i(minimums), f_mul(scale, f_from_i(sum[i])));
            total[i] = f_fma(input, levels, total[i]);
        }
    }
    for (int i = 0; i < tile; i++) f_store(g->total[t[i]], total[i]);
}

PL_INLINE void multiply(int type, int tile, weight_panel *panel, token_group *g, const panel_source *source, const int *t, int runs,
                        const int8_t *const q[TILE], const float *const d[TILE], const int16_t *const sums[TILE]) {
    if (block_size(type) == 32) multiply_small(type, tile, panel, g, source, t, runs, q, d);
    else multiply_large(type, tile, panel, g, source, t, q, d, sums);
}

/// PANEL rows from `first` by tokens `token_begin` and up to GROUP - 1 more.
PL_INLINE void gemm(int type, const pl_matrix *m, int32_t first, size_t row_bytes, const pl_activations *a, int32_t token_begin) {
    bool small = block_size(type) == 32;
    weight_panel panel;
    token_group g;
    const uint8_t *rows = (const uint8_t *)m->weights + (size_t)first * row_bytes;
    int tokens = a->tokens - token_begin < GROUP ? a->tokens - token_begin : GROUP;
    memset(g.total, 0, (size_t)tokens * sizeof g.total[0]);
    size_t d_stride = (size_t)(a->columns / block_size(type));
    for (int32_t column = 0; column < m->columns; column += 256) {
        int runs = m->columns - column < 256 ? (m->columns - column) / 32 : 8;
        size_t d_column = (size_t)(column / block_size(type));
        size_t at = d_column * (size_t)block_bytes(type), width = (size_t)(small ? runs : 1) * (size_t)block_bytes(type);
        panel_source columns = {.p = rows + at, .stride = row_bytes};
        if (token_begin == 0) { // later groups find it in the cache
            columns.next = (uintptr_t)rows + PANEL * (row_bytes + at);
            columns.bytes = PANEL * width / (size_t)runs;
        }
        fill_scales(type, &panel, columns.p, row_bytes, runs);
        for (int base = 0; base < tokens; base += TILE) {
            const panel_source *source = base == 0 ? &columns : NULL;
            int t[TILE];
            const int8_t *q[TILE];
            const float *d[TILE];
            const int16_t *sums[TILE];
            for (int i = 0; i < TILE; i++) {
                t[i] = base + i < tokens ? base + i : tokens - 1;
                size_t token = (size_t)(token_begin + t[i]), start = token * (size_t)a->columns + (size_t)column;
                q[i] = a->q + start;
                d[i] = a->d + token * d_stride + d_column;
                sums[i] = a->sums + start / 16;
                if (small) fill_corrections(type, &g, t[i], sums[i], d[i], runs);
            }
            int quarters = (4 * (tokens - base) + TILE - 1) / TILE;
            if (quarters <= 1) multiply(type, TILE / 4, &panel, &g, source, t, runs, q, d, sums);
            else if (quarters == 2) multiply(type, TILE / 2, &panel, &g, source, t, runs, q, d, sums);
            else if (quarters == 3) multiply(type, 3 * TILE / 4, &panel, &g, source, t, runs, q, d, sums);
            else multiply(type, TILE, &panel, &g, source, t, runs, q, d, sums);
        }
    }
    for (int t = 0; t < tokens; t++) {
        float *out = m->out + (size_t)(token_begin + t) * m->out_stride + (size_t)first;
        for (int32_t r = 0; r < PANEL; r++) out[r] = m->bias ? g.total[t][r] + m->bias[first + r] : g.total[t][r];
    }
}

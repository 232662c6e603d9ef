// Many tokens. PANEL rows are unpacked 256 columns at a time and laid out so that a 32-bit lane belongs to a row: 4 columns of every
// row, then the next 4. A register then needs no folding, and the unpacking is shared by GROUP tokens. Included by the x86 sets,
// after x86_gemv.h and PANEL, TILE, the lanes' types and operations, and dot_run.

enum { GROUP = 64 };

typedef struct {
    uint8_t weights[64][PANEL][4];
    float scale[8][PANEL], minimum[8][PANEL]; // of blocks of 32; a block of 256 uses the first
    int32_t run_scale[16][PANEL], pair[8][PANEL];
} weight_panel;

typedef struct {
    float total[GROUP][PANEL];
    int32_t correction[GROUP][8];  // -offset * sum of the 32 activations
    float minimum[GROUP][8];       // d * sum of the 32 activations
} token_group;

/// 8 rows of 8 x 4 bytes to 8 x 4 bytes of 8 rows.
PL_INLINE void transpose_words(__m256i r[8]) {
    __m256i t[8];
    for (int i = 0; i < 4; i++) {
        t[2 * i] = _mm256_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
        t[2 * i + 1] = _mm256_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
    }
    __m256i u[8];
    for (int i = 0; i < 8; i += 4) {
        u[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        u[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        u[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        u[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        r[i] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x20);
        r[i + 4] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x31);
    }
}

PL_INLINE void fill_run(int type, weight_panel *panel, int run, const uint8_t *block, size_t stride, int run_in_block) {
    for (int first = 0; first < PANEL; first += 8) {
        __m256i w[8];
        for (int r = 0; r < 8; r++) w[r] = unpack(type, block + (size_t)(first + r) * stride, run_in_block);
        transpose_words(w);
        for (int g = 0; g < 8; g++) _mm256_storeu_si256((void *)panel->weights[8 * run + g][first], w[g]);
    }
}

/// `runs` runs of 32 columns from `p` in the first row; rows lie `stride` bytes apart.
PL_INLINE void fill_panel(int type, weight_panel *panel, const uint8_t *p, size_t stride, int runs) {
    bool small = block_size(type) == 32;
    for (int run = 0; run < runs; run++) {
        const uint8_t *block = small ? p + (size_t)run * (size_t)block_bytes(type) : p;
        fill_run(type, panel, run, block, stride, run);
        for (int first = 0; first < PANEL && (small || run == 0); first += 8) {
            const uint8_t *eight = block + (size_t)first * stride;
            _mm256_storeu_ps(&panel->scale[run][first], halves(eight, stride, scale_offset(type)));
            if (has_minimum(type)) _mm256_storeu_ps(&panel->minimum[run][first], halves(eight, stride, minimum_offset(type)));
            if (!small) block_scales(type, eight, stride, &panel->run_scale[0][first], &panel->pair[0][first], PANEL);
        }
    }
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

/// TILE tokens by the panel; tokens beyond the last repeat it.
PL_INLINE void multiply_small(int type, const weight_panel *panel, token_group *g, const int *t, int runs,
                              const int8_t *const q[TILE], const float *const d[TILE]) {
    lanes_f total[TILE];
    for (int i = 0; i < TILE; i++) total[i] = f_load(g->total[t[i]]);
    for (int run = 0; run < runs; run++) {
        lanes_i sum[TILE];
        const int8_t *input[TILE];
        for (int i = 0; i < TILE; i++) {
            sum[i] = i_set1(offset_of(type) ? g->correction[t[i]][run] : 0);
            input[i] = q[i] + 32 * run;
        }
        dot_run(type, sum, &panel->weights[8 * run], input, 8);
        lanes_f scale = f_load(panel->scale[run]);
        for (int i = 0; i < TILE; i++) {
            total[i] = f_fma(f_mul(scale, f_set1(d[i][run])), f_from_i(sum[i]), total[i]);
            if (has_minimum(type)) total[i] = f_fma(f_load(panel->minimum[run]), f_set1(g->minimum[t[i]][run]), total[i]);
        }
    }
    for (int i = 0; i < TILE; i++) f_store(g->total[t[i]], total[i]);
}

PL_INLINE void multiply_large(int type, const weight_panel *panel, token_group *g, const int *t,
                              const int8_t *const q[TILE], const float *const d[TILE], const int16_t *const sums[TILE]) {
    enum { STEPS = 64 };
    int groups = has_scales_of_16(type) ? 4 : 8; // of 4 columns with one scale
    lanes_i sum[TILE];
    lanes_f total[TILE]; // all loaded before one is stored: tokens may repeat
    for (int i = 0; i < TILE; i++) {
        sum[i] = i_set1(0);
        total[i] = f_load(g->total[t[i]]);
    }
    for (int step = 0; step < STEPS; step += groups) {
        lanes_i part[TILE];
        const int8_t *input[TILE];
        for (int i = 0; i < TILE; i++) {
            part[i] = i_set1(0);
            input[i] = q[i] + 4 * step;
        }
        dot_run(type, part, &panel->weights[step], input, groups);
        lanes_i scale = i_load(panel->run_scale[step / groups]);
        for (int i = 0; i < TILE; i++) sum[i] = i_add(sum[i], i_mul(part[i], scale));
    }
    for (int i = 0; i < TILE; i++) {
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
    for (int i = 0; i < TILE; i++) f_store(g->total[t[i]], total[i]);
}

/// PANEL rows from `first` by tokens `token_begin` and up to GROUP - 1 more.
PL_INLINE void gemm(int type, const pl_matrix *m, int32_t first, size_t row_bytes, const pl_activations *a, int32_t token_begin) {
    bool small = block_size(type) == 32;
    weight_panel panel;
    token_group g;
    const uint8_t *rows = (const uint8_t *)m->weights + (size_t)first * row_bytes;
    int tokens = a->tokens - token_begin < GROUP ? a->tokens - token_begin : GROUP;
    memset(g.total, 0, sizeof g.total);
    size_t d_stride = (size_t)(a->columns / block_size(type));
    for (int32_t column = 0; column < m->columns; column += 256) {
        int runs = m->columns - column < 256 ? (m->columns - column) / 32 : 8;
        size_t d_column = (size_t)(column / block_size(type));
        fill_panel(type, &panel, rows + d_column * (size_t)block_bytes(type), row_bytes, runs);
        for (int base = 0; base < tokens; base += TILE) {
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
            if (small) multiply_small(type, &panel, &g, t, runs, q, d);
            else multiply_large(type, &panel, &g, t, q, d, sums);
        }
    }
    for (int t = 0; t < tokens; t++) {
        float *out = m->out + (size_t)(token_begin + t) * m->out_stride + (size_t)first;
        for (int32_t r = 0; r < PANEL; r++) out[r] = m->bias ? g.total[t][r] + m->bias[first + r] : g.total[t][r];
    }
}

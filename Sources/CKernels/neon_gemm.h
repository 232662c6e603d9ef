// Many tokens: GROUP tokens share the unpacking of a panel. Included by the Arm sets, after neon_panel.h and
//   tile_tokens(type)       how many tokens a tile has at most
//   tile_small, tile_large  the panel by the tokens of a tile, added to their totals

typedef struct {
    token_input in[GROUP + LARGEST_TILE]; // from the panel's columns on; those beyond the last token repeat it
    float total[GROUP + LARGEST_TILE][PANEL];
} token_group;

PL_INLINE void begin_group(int type, token_group *g, const pl_activations *a, int32_t group, int32_t end) {
    size_t blocks = (size_t)(a->columns / block_size(type));
    for (int32_t t = 0; t < end - group + LARGEST_TILE - 1; t++) {
        size_t token = (size_t)(group + t < end ? group + t : end - 1), start = token * (size_t)a->columns;
        g->in[t] = (token_input){a->q + start, a->d + token * blocks, a->sums + start / 16};
    }
    memset(g->total, 0, sizeof g->total);
}

/// Past the columns of a panel.
PL_INLINE void move_group(int type, token_group *g, int32_t tokens) {
    for (int32_t t = 0; t < tokens; t++) {
        g->in[t].q += 256;
        g->in[t].d += 256 / block_size(type);
        g->in[t].sums += 16;
    }
}

/// The panel by `tile` tokens from `token` of the group on.
PL_INLINE void multiply_tile(int type, int tile, const weight_panel *panel, token_group *g, int32_t token, int runs) {
    if (block_size(type) == 32) tile_small(type, tile, panel, &g->total[token], runs, &g->in[token]);
    else tile_large(type, tile, panel, &g->total[token], &g->in[token]);
}

/// `count` rows from `first` by the tokens group ..< end, at most GROUP.
PL_INLINE void gemm(int type, const pl_matrix *m, int32_t first, int32_t count, const pl_activations *a, int32_t group, int32_t end) {
    weight_panel panel;
    token_group g;
    const uint8_t *row[PANEL];
    int32_t tokens = end - group;
    tile_rows(row, PANEL, m, first, count, (size_t)(m->columns / block_size(type)) * (size_t)block_bytes(type));
    begin_group(type, &g, a, group, end);
    for (int32_t column = 0; column < m->columns; column += 256) {
        int runs = m->columns - column < 256 ? (m->columns - column) / 32 : 8;
        fill_panel(type, &panel, row, (size_t)(column / block_size(type)) * (size_t)block_bytes(type), runs);
        int32_t token = 0;
        for (; tokens - token > 4 && tile_tokens(type) > 4; token += 8) multiply_tile(type, 8, &panel, &g, token, runs);
        for (; token < tokens; token += 4) multiply_tile(type, 4, &panel, &g, token, runs);
        if (column + 256 < m->columns) move_group(type, &g, token);
    }
    for (int32_t t = 0; t < tokens; t++) {
        float *out = m->out + (size_t)(group + t) * m->out_stride + (size_t)first;
        for (int32_t r = 0; r < count; r++) out[r] = m->bias ? g.total[t][r] + m->bias[first + r] : g.total[t][r];
    }
}

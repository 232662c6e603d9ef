// Many tokens: GROUP tokens share the unpacking of a panel. Included by the Arm sets, after neon_panel.h and
//   tile_tokens(type)       how many tokens a tile has at most
//   tile_small, tile_large  the panel by the tokens of a tile, added to their totals

typedef struct { float total[GROUP + LARGEST_TILE][PANEL]; } token_group;

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

// A product of any type: few tokens go one by one over 8 rows, many through panels. Included by the x86 sets.

enum { PANEL_TOKENS = 4 }; // from here on a panel's unpacking pays

PL_INLINE void matmul_blocks(int type, const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    if (a->tokens >= PANEL_TOKENS) {
        for (int32_t first = row_begin; first < row_end; first += PANEL) {
            int32_t count = row_end - first < PANEL ? row_end - first : PANEL;
            for (int32_t token = 0; token < a->tokens; token += GROUP) gemm(type, m, first, count, a, token);
        }
        return;
    }
    size_t row_bytes = (size_t)(m->columns / block_size(type)) * (size_t)block_bytes(type);
    for (int32_t first = row_begin; first < row_end; first += 8) {
        int32_t count = row_end - first < 8 ? row_end - first : 8;
        const uint8_t *row[8];
        tile_rows(row, 8, m, first, count, row_bytes);
        for (int32_t token = 0; token < a->tokens; token++) gemv(type, m, row, first, count, a, token);
    }
}

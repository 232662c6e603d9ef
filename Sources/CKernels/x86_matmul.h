// A product of any type: few tokens go one by one over 8 rows, many through panels. Included by the x86 sets.

#define GEMM(name) \
    PL_NOINLINE void gemm_##name(const pl_matrix *m, int32_t first, size_t row_bytes, const pl_activations *a, int32_t token) { \
        gemm(PL_##name, m, first, row_bytes, a, token); \
    }
PL_BLOCK_TYPES(GEMM)
#undef GEMM

PL_INLINE void multiply_panel(int type, const pl_matrix *m, int32_t first, size_t row_bytes, const pl_activations *a, int32_t token) {
    switch (type) {
#define GEMM(name) case PL_##name: gemm_##name(m, first, row_bytes, a, token); break;
    PL_BLOCK_TYPES(GEMM)
#undef GEMM
    }
}

enum { PANEL_TOKENS = 2 }; // from here on a panel's unpacking pays

PL_INLINE void matmul_blocks(int type, const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    size_t row_bytes = (size_t)(m->columns / block_size(type)) * (size_t)block_bytes(type);
    int32_t rows = row_end - row_begin;
    bool panels = a->tokens >= PANEL_TOKENS && rows >= PANEL;
    int32_t tile = panels ? PANEL : rows >= 8 ? 8 : 1;
    for (int32_t row = row_begin; row < row_end; row += tile) {
        int32_t first = row_end - row < tile ? row_end - tile : row; // the last tile may begin among rows that are done
        if (panels) {
            for (int32_t token = 0; token < a->tokens; token += GROUP) multiply_panel(type, m, first, row_bytes, a, token);
        } else {
            for (int32_t token = 0; token < a->tokens; token++) gemv(type, m, first, tile, row_bytes, a, token);
        }
    }
}

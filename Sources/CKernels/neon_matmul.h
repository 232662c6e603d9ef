// The choice between one token and many. Included by the Arm sets, after neon_gemv.h and neon_gemm.h.

enum { GEMM_TOKENS = 4 }; // from which on unpacking to a panel pays

PL_INLINE void matmul_blocks(int type, const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    if (a->tokens < GEMM_TOKENS) {
        for (int32_t first = row_begin; first < row_end; first += 4) {
            for (int32_t token = 0; token < a->tokens; token++) gemv(type, m, first, row_end - first < 4 ? row_end - first : 4, a, token);
        }
        return;
    }
    for (int32_t group = 0; group < a->tokens; group += GROUP) {
        int32_t end = a->tokens - group < GROUP ? a->tokens : group + GROUP;
        for (int32_t first = row_begin; first < row_end; first += PANEL) {
            gemm(type, m, first, row_end - first < PANEL ? row_end - first : PANEL, a, group, end);
        }
    }
}

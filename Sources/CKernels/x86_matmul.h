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
        for (int r = 0; r < 8; r++) row[r] = (const uint8_t *)m->weights + (size_t)(first + (r < count ? r : count - 1)) * row_bytes;
        for (int32_t token = 0; token < a->tokens; token++) gemv(type, m, row, first, count, a, token);
    }
}

// One function a type, so that the compiler settles every choice by type.
#define MATMUL(type) \
    static void matmul_##type(const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) { \
        matmul_blocks(PL_##type, m, row_begin, row_end, a); \
    }
#define MATMUL_FLOAT(type) \
    static void matmul_##type(const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) { \
        matmul_float(PL_##type, m, row_begin, row_end, a); \
    }

MATMUL_FLOAT(F32) MATMUL_FLOAT(F16) MATMUL_FLOAT(BF16)
MATMUL(Q4_0) MATMUL(Q4_1) MATMUL(Q5_0) MATMUL(Q5_1) MATMUL(Q8_0) MATMUL(Q4_K) MATMUL(Q5_K) MATMUL(Q6_K)

static void matmul(const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    switch (m->type) {
    case PL_F32: matmul_F32(m, row_begin, row_end, a); break;
    case PL_F16: matmul_F16(m, row_begin, row_end, a); break;
    case PL_BF16: matmul_BF16(m, row_begin, row_end, a); break;
    case PL_Q4_0: matmul_Q4_0(m, row_begin, row_end, a); break;
    case PL_Q4_1: matmul_Q4_1(m, row_begin, row_end, a); break;
    case PL_Q5_0: matmul_Q5_0(m, row_begin, row_end, a); break;
    case PL_Q5_1: matmul_Q5_1(m, row_begin, row_end, a); break;
    case PL_Q8_0: matmul_Q8_0(m, row_begin, row_end, a); break;
    case PL_Q4_K: matmul_Q4_K(m, row_begin, row_end, a); break;
    case PL_Q5_K: matmul_Q5_K(m, row_begin, row_end, a); break;
    case PL_Q6_K: matmul_Q6_K(m, row_begin, row_end, a); break;
    default: break;
    }
}

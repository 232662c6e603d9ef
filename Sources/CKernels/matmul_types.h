// The set's matmul, from its matmul_blocks and matmul_float.

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
MATMUL(IQ4_NL) MATMUL(IQ4_XS) MATMUL(Q2_K) MATMUL(Q3_K)

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
    case PL_IQ4_NL: matmul_IQ4_NL(m, row_begin, row_end, a); break;
    case PL_IQ4_XS: matmul_IQ4_XS(m, row_begin, row_end, a); break;
    case PL_Q2_K: matmul_Q2_K(m, row_begin, row_end, a); break;
    case PL_Q3_K: matmul_Q3_K(m, row_begin, row_end, a); break;
    default: pl_scalar_kernels.matmul(m, row_begin, row_end, a); break;
    }
}

// Matrix products of every type: the scalar set against dequantized weights in double precision, every set against the scalar bits.
#include "check.h"

/// NMSE of `out` against what the dequantized weights and activations give.
static double error_of(const pl_matrix *m, const pl_activations *a, const float *out) {
    size_t row_bytes = (size_t)(m->columns / pl_block_size(m->type) * pl_block_bytes(m->type));
    int block = a->kind == PL_ACTIVATION_Q8_256 ? 256 : 32;
    double error = 0, power = 0;
    float *row = malloc((size_t)m->columns * sizeof *row);
    for (int r = 0; r < m->rows; r++) {
        pl_dequantize(m->type, (const uint8_t *)m->weights + (size_t)r * row_bytes, m->columns, row);
        for (int t = 0; t < a->tokens; t++) {
            double sum = m->bias ? m->bias[r] : 0;
            for (int c = 0; c < m->columns; c++) {
                int i = t * m->columns + c;
                sum += (double)row[c] * (a->kind == PL_ACTIVATION_F32 ? (double)a->x[i] : (double)a->q[i] * a->d[i / block]);
            }
            double difference = out[(size_t)t * m->out_stride + (size_t)r] - sum;
            error += difference * difference;
            power += sum * sum;
        }
    }
    free(row);
    return error / power;
}

static void test_shape(const pl_kernels *k, const pl_kernels *scalar, int type, int rows, int columns, int tokens, bool sane) {
    pl_activations a = random_activations(tokens, columns);
    size_t stride = (size_t)(rows + random_below(5)), count = (size_t)(tokens - 1) * stride + (size_t)rows;
    if (!sane && random_below(2)) ((float *)a.x)[random_below(tokens * columns)] = random_below(2) ? NAN : INFINITY;
    a.kind = pl_activation_kind_for(type);
    for (int t = 0; t < tokens; t++) scalar->quantize(&a, t);
    pl_matrix m = {
        .type = type, .rows = rows, .columns = columns, .weights = random_weights(type, rows, columns, sane),
        .bias = random_below(2) ? guarded_floats((size_t)rows, 1) : NULL, .out = guarded(count * sizeof(float)), .out_stride = stride,
    };
    float *expected = m.out;
    for (size_t i = 0; i < count; i++) expected[i] = 12345;
    scalar->matmul(&m, 0, rows, &a);
    if (sane) check(error_of(&m, &a, expected) < 1e-11, "%s type %d: %d x %d by %d: NMSE %g", scalar->name, type, rows, columns, tokens, error_of(&m, &a, expected));

    m.out = guarded(count * sizeof(float));
    for (size_t i = 0; i < count; i++) m.out[i] = 12345;
    int split = random_below(rows + 1);
    k->matmul(&m, 0, split, &a);
    k->matmul(&m, split, rows, &a);
    long at = first_difference(m.out, expected, count);
    check(at < 0, "%s type %d: %d x %d by %d%s: %.9g instead of %.9g at %ld", k->name, type, rows, columns, tokens, sane ? "" : " (hostile)",
          at < 0 ? 0 : m.out[at], at < 0 ? 0 : expected[at], at);

    // Token by token the bits are those of all at once.
    size_t block = (size_t)(a.kind == PL_ACTIVATION_Q8_256 ? 256 : 32), width = (size_t)columns;
    float *single = guarded((size_t)rows * sizeof(float));
    for (int t = 0; t < tokens; t++) {
        size_t start = (size_t)t * width;
        pl_activations one = {.kind = a.kind, .tokens = 1, .columns = columns, .x = a.x + start, .q = a.q + start,
            .d = a.d + start / block, .sums = a.sums + start / 16};
        pl_matrix n = m;
        n.out = single;
        k->matmul(&n, 0, rows, &one);
        check(first_difference(single, expected + (size_t)t * stride, (size_t)rows) < 0, "%s type %d: token %d of %d alone", k->name, type, t, tokens);
    }
    release_guarded();
}

/// The largest levels everywhere: what would overflow or saturate does so here.
static void test_extremes(const pl_kernels *k, const pl_kernels *scalar, int type) {
    int columns = 512, rows = 17, tokens = 5;
    for (int fill = 0; fill < 3; fill++) {
        pl_activations a = random_activations(tokens, columns);
        for (int i = 0; i < tokens * columns; i++) ((float *)a.x)[i] = fill == 2 ? (i % 2 ? 1 : -1) : 1;
        a.kind = pl_activation_kind_for(type);
        for (int t = 0; t < tokens; t++) scalar->quantize(&a, t);
        uint8_t *weights = random_weights(type, rows, columns, true);
        size_t block = (size_t)pl_block_bytes(type), blocks = (size_t)rows * (size_t)(columns / pl_block_size(type));
        size_t halves, at = halves_at(type, &halves), head = at ? 0 : halves, tail = halves - head;
        uint8_t level = fill == 0 ? 0 : type == PL_Q8_0 ? 0x80 : 0xff;
        if (pl_block_size(type) > 1) for (size_t b = 0; b < blocks; b++) memset(weights + b * block + head, level, block - head - tail);
        pl_matrix m = {.type = type, .rows = rows, .columns = columns, .weights = weights, .out_stride = (size_t)rows};
        size_t count = (size_t)(rows * tokens);
        float *expected = m.out = guarded(count * sizeof(float));
        scalar->matmul(&m, 0, rows, &a);
        m.out = guarded(count * sizeof(float));
        k->matmul(&m, 0, rows, &a);
        check(first_difference(m.out, expected, count) < 0, "%s type %d: extreme levels %d, many tokens", k->name, type, fill);
        a.tokens = 1;
        k->matmul(&m, 0, rows, &a);
        check(first_difference(m.out, expected, (size_t)rows) < 0, "%s type %d: extreme levels %d, one token", k->name, type, fill);
        release_guarded();
    }
}

void test_matmul(const pl_kernels *k, const pl_kernels *scalar) {
    static const int widths[3][6] = {{1, 7, 16, 33, 100, 256}, {32, 64, 96, 288, 544, 1056}, {256, 512, 768, 1280, 1536, 2048}};
    static const int tokens[] = {1, 2, 3, 4, 5, 7, 8, 9, 17, 67};
    for (int i = 0; i < TYPE_COUNT; i++) {
        int type = all_types[i], size = pl_block_size(type);
        for (int shape = 0; shape < 24; shape++) {
            int columns = widths[size == 1 ? 0 : size == 32 ? 1 : 2][shape % 6];
            test_shape(k, scalar, type, 1 + random_below(40), columns, tokens[shape % 10], shape % 4 != 3);
        }
        test_extremes(k, scalar, type);
    }
}

// Quantization of activations and the operations on vectors: the bits of the scalar set, and the scalar set against double precision.
#include "check.h"

static void fill_hostile(float *x, int count, int kind) {
    for (int i = 0; i < count; i++) {
        switch (kind) {
        case 0: break; // random as it is
        case 1: x[i] = 0; break;
        case 2: x[i] *= 1e-40f; break;
        case 3: x[i] *= 1e38f; break;
        case 4: x[i] = (float)(random_below(255) - 127) + (random_below(2) ? 0.5f : 0); if (i % 32 == 0) x[i] = 127; break; // halves
        case 5: if (random_below(64) == 0) x[i] = NAN; break;
        case 6: if (random_below(64) == 0) x[i] = random_below(2) ? INFINITY : -INFINITY; break;
        }
    }
}

static void test_quantize(const pl_kernels *k, const pl_kernels *scalar, pl_activation_kind kind) {
    int block = kind == PL_ACTIVATION_Q8_32 ? 32 : 256, columns = block * 5, tokens = 3;
    for (int hostile = 0; hostile < 7; hostile++) {
        pl_activations a = random_activations(tokens, columns), b = a;
        fill_hostile((float *)a.x, tokens * columns, hostile);
        b.q = guarded((size_t)(tokens * columns));
        b.d = guarded((size_t)(tokens * columns / 32) * sizeof(float));
        b.sums = guarded((size_t)(tokens * columns / 16) * sizeof(int16_t));
        a.kind = b.kind = kind;
        for (int t = 0; t < tokens; t++) { k->quantize(&a, t); scalar->quantize(&b, t); }
        int blocks = tokens * columns / block;
        check(memcmp(a.q, b.q, (size_t)(tokens * columns)) == 0, "%s quantize kind %d input %d: q", k->name, kind, hostile);
        check(memcmp(a.sums, b.sums, (size_t)(tokens * columns / 16) * 2) == 0, "%s quantize kind %d input %d: sums", k->name, kind, hostile);
        check(first_difference(a.d, b.d, (size_t)blocks) < 0, "%s quantize kind %d input %d: d", k->name, kind, hostile);
        for (int i = 0; i < tokens * columns; i++) {
            float d = a.d[i / block], x = a.x[i];
            if (!isfinite(d)) check(a.q[i] == 0, "%s: a block with a NaN or an infinity has no levels", k->name);
            else check(d < 1e-37f ? a.q[i] == 0 : fabsf(x / d - (float)a.q[i]) <= 0.50002f, "%s quantize: %g by %g is %d", k->name, x, d, a.q[i]);
        }
        for (int i = 0; i < tokens * columns / 16; i++) {
            int sum = 0;
            for (int j = 0; j < 16; j++) sum += a.q[16 * i + j];
            check(a.sums[i] == sum, "%s quantize: sum %d", k->name, i);
        }
        release_guarded();
    }
}

static void test_norm(const pl_kernels *k, const pl_kernels *scalar, int n) {
    float *x = guarded_floats((size_t)n, 3), *weight = guarded_floats((size_t)n, 1);
    float *out = guarded((size_t)n * 4), *expected = guarded((size_t)n * 4);
    double *exact = malloc((size_t)n * sizeof *exact), squares = 0;
    for (int i = 0; i < n; i++) squares += (double)x[i] * x[i];
    for (int with_weight = 0; with_weight < 2; with_weight++) {
        const float *w = with_weight ? weight : NULL;
        for (int i = 0; i < n; i++) exact[i] = x[i] / sqrt(squares / n + 1e-5) * (w ? w[i] : 1);
        k->rms_norm(x, w, n, 1e-5f, out);
        scalar->rms_norm(x, w, n, 1e-5f, expected);
        check(first_difference(out, expected, (size_t)n) < 0, "%s rms_norm of %d", k->name, n);
        check(nmse(out, exact, (size_t)n) < 1e-12, "%s rms_norm of %d is right", k->name, n);
    }
    k->rms_norm(x, weight, n, 1e-5f, x);
    check(first_difference(x, expected, (size_t)n) < 0, "%s rms_norm of %d in place", k->name, n);
    free(exact);
    release_guarded();
}

static double exact_silu(double x) { return x / (1 + exp(-x)); }
static double exact_gelu(double x) { return x / 2 * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }

typedef void (*gate_operation)(float *gate, const float *up, int32_t n);

/// `slack` is the absolute error allowed for each unit of `up`: far out, GELU's exponential shows its argument's rounding.
static void test_gate(const char *name, gate_operation operation, gate_operation scalar, double (*function)(double),
                      double slack, int n, float scale) {
    float *gate = guarded_floats((size_t)n, scale), *up = guarded_floats((size_t)n, 2), *other = guarded((size_t)n * 4);
    if (n > 20) { gate[3] = NAN; gate[4] = INFINITY; gate[5] = -INFINITY; gate[n - 1] = -1e30f; gate[n - 2] = NAN; }
    double *exact = malloc((size_t)n * sizeof *exact);
    for (int i = 0; i < n; i++) exact[i] = function(gate[i]) * up[i];
    memcpy(other, gate, (size_t)n * 4);
    operation(gate, up, n);
    scalar(other, up, n);
    check(first_difference(gate, other, (size_t)n) < 0, "%s of %d, to %g", name, n, scale);
    for (int i = 0; i < n; i++) {
        double error = fabs(gate[i] - exact[i]), allowed = 4e-7 * fabs(exact[i]) + slack * fabs(up[i]) + 1e-35;
        bool special = !isfinite(exact[i]);
        check(special || error <= allowed, "%s: %.9g, exactly %.9g", name, gate[i], exact[i]);
    }
    free(exact);
    release_guarded();
}

static void test_gates(const pl_kernels *k, const pl_kernels *scalar, int n, float scale) {
    char name[64];
    snprintf(name, sizeof name, "%s silu_multiply", k->name);
    test_gate(name, k->silu_multiply, scalar->silu_multiply, exact_silu, 0, n, scale);
    snprintf(name, sizeof name, "%s gelu_multiply", k->name);
    test_gate(name, k->gelu_multiply, scalar->gelu_multiply, exact_gelu, 1e-7, n, scale);
}

static void test_soft_cap(const pl_kernels *k, const pl_kernels *scalar, int n, float scale) {
    static const float caps[] = {30, 50, 0.5f};
    for (int c = 0; c < 3; c++) {
        float *x = guarded_floats((size_t)n, scale), *other = guarded((size_t)n * 4), *exact = malloc((size_t)n * 4);
        if (n > 20) { x[3] = NAN; x[4] = INFINITY; x[5] = -INFINITY; x[6] = 1e30f; x[n - 1] = -1e30f; x[n - 2] = NAN; }
        for (int i = 0; i < n; i++) exact[i] = (float)(caps[c] * tanh((double)x[i] / caps[c]));
        memcpy(other, x, (size_t)n * 4);
        k->soft_cap(x, caps[c], n);
        scalar->soft_cap(other, caps[c], n);
        check(first_difference(x, other, (size_t)n) < 0, "%s soft_cap of %d, to %g", k->name, n, scale);
        for (int i = 0; i < n; i++) {
            check(isnan(exact[i]) ? isnan(x[i]) : fabsf(x[i] - exact[i]) <= 5e-7f * caps[c], "%s soft_cap: %.9g, exactly %.9g",
                  k->name, x[i], exact[i]);
        }
        free(exact);
        release_guarded();
    }
}

static void test_add_and_halves(const pl_kernels *k, const pl_kernels *scalar, int n) {
    float *x = guarded_floats((size_t)n, 1), *y = guarded_floats((size_t)n, 1), *sum = guarded((size_t)n * 4);
    for (int i = 0; i < n; i++) sum[i] = x[i] + y[i];
    k->add(x, y, n);
    check(first_difference(x, sum, (size_t)n) < 0, "%s add of %d", k->name, n);
    uint16_t *a = guarded((size_t)n * 2), *b = guarded((size_t)n * 2);
    for (int i = 0; i < n; i++) x[i] *= ldexpf(1, random_below(60) - 40);
    if (n > 20) { x[1] = INFINITY; x[2] = 65520; x[3] = 65519; x[4] = -0.0f; x[5] = 1e-40f; }
    k->to_f16(x, a, n);
    scalar->to_f16(x, b, n);
    check(memcmp(a, b, (size_t)n * 2) == 0, "%s to_f16 of %d", k->name, n);
    release_guarded();
}

void test_vectors(const pl_kernels *k, const pl_kernels *scalar) {
    static const int lengths[] = {1, 5, 15, 16, 17, 31, 32, 100, 576, 2048, 2051};
    test_quantize(k, scalar, PL_ACTIVATION_Q8_32);
    test_quantize(k, scalar, PL_ACTIVATION_Q8_256);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        test_norm(k, scalar, lengths[i]);
        test_gates(k, scalar, lengths[i], 5);
        test_gates(k, scalar, lengths[i], 120);
        test_soft_cap(k, scalar, lengths[i], 60);
        test_add_and_halves(k, scalar, lengths[i]);
    }
}

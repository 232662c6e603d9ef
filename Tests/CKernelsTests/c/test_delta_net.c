// The gated delta net: against double precision, in one pass or token by token, on any number of threads.
#include "check.h"

static double silu(double x) { return x / (1 + exp(-x)); }

static void unit_silu(const float *x, int n, double epsilon, double scale, double *out) {
    double squares = 0;
    for (int i = 0; i < n; i++) { out[i] = silu(x[i]); squares += out[i] * out[i]; }
    for (int i = 0; i < n; i++) out[i] *= scale / sqrt(squares + epsilon);
}

/// The formula of the paper, one head after another: S = decay S + key x beta (value - decay key S); out = query S.
static void run_exactly(const pl_delta_net *d, double *state, double *out) {
    int n = d->size, channels = (2 * d->key_heads + d->value_heads) * n;
    double query[PL_DELTA_NET_SIZE], key[PL_DELTA_NET_SIZE];
    for (int t = 0; t < d->tokens; t++) {
        for (int h = 0; h < d->value_heads; h++) {
            const float *mixed = d->mixed + t * channels;
            int shared = h % d->key_heads * n, at = t * d->value_heads + h;
            unit_silu(mixed + shared, n, d->epsilon, 1 / sqrt(n), query);
            unit_silu(mixed + d->key_heads * n + shared, n, d->epsilon, 1, key);
            double decay = exp(d->a[h] * log1p(exp((double)d->alpha[at] + d->dt[h]))), beta = 1 / (1 + exp(-(double)d->beta[at]));
            for (int j = 0; j < n; j++) {
                double *column = state + h * n * n + j, kept = 0, sum = 0;
                for (int i = 0; i < n; i++) kept += decay * column[i * n] * key[i];
                double change = beta * (silu(mixed[(2 * d->key_heads + h) * n + j]) - kept);
                for (int i = 0; i < n; i++) {
                    column[i * n] = decay * column[i * n] + key[i] * change;
                    sum += column[i * n] * query[i];
                }
                out[at * n + j] = sum;
            }
        }
    }
}

static void test_shape(int size, int key_heads, int value_heads, int tokens) {
    size_t channels = (size_t)((2 * key_heads + value_heads) * size), matrices = (size_t)(value_heads * size * size);
    size_t scalars = (size_t)(tokens * value_heads), outputs = scalars * (size_t)size;
    pl_delta_net d = {
        .tokens = tokens, .key_heads = key_heads, .value_heads = value_heads, .size = size, .epsilon = 1e-6f,
        .mixed = guarded_floats((size_t)tokens * channels, 3), .alpha = guarded_floats(scalars, 4), .beta = guarded_floats(scalars, 4),
        .dt = guarded_floats((size_t)value_heads, 2), .state = guarded(matrices * 4), .out = guarded(outputs * 4),
    };
    float *a = guarded_floats((size_t)value_heads, 1), *start = guarded_floats(matrices, 1), *state = guarded(matrices * 4), *out = guarded(outputs * 4);
    for (int h = 0; h < value_heads; h++) a[h] = -fabsf(a[h]);
    d.a = a;
    double *exact_state = malloc(matrices * sizeof *exact_state), *exact_out = malloc(outputs * sizeof *exact_out);
    for (size_t i = 0; i < matrices; i++) exact_state[i] = start[i];
    run_exactly(&d, exact_state, exact_out);
    for (int threads = 1; threads <= 3; threads++) {
        pl_team *team = pl_team_create(threads);
        memcpy(d.state, start, matrices * 4);
        pl_team_delta_net(team, &d);
        check(nmse(d.out, exact_out, outputs) < 1e-10, "delta net of %d: out, off by %g", size, nmse(d.out, exact_out, outputs));
        check(nmse(d.state, exact_state, matrices) < 1e-10, "delta net of %d: state", size);
        if (threads == 1) { memcpy(state, d.state, matrices * 4); memcpy(out, d.out, outputs * 4); }
        check(first_difference(d.state, state, matrices) < 0 && first_difference(d.out, out, outputs) < 0, "delta net on %d threads", threads);
        pl_team_destroy(team);
    }
    pl_team *team = pl_team_create(1);
    memcpy(d.state, start, matrices * 4);
    for (int t = 0; t < tokens; t++) {
        pl_delta_net one = d;
        one.tokens = 1;
        one.mixed += (size_t)t * channels;
        one.alpha += t * value_heads;
        one.beta += t * value_heads;
        one.out += t * value_heads * size;
        pl_team_delta_net(team, &one);
    }
    check(first_difference(d.state, state, matrices) < 0 && first_difference(d.out, out, outputs) < 0, "delta net token by token");
    pl_team_destroy(team);
    free(exact_state);
    free(exact_out);
    release_guarded();
}

void test_delta_net(void) {
    static const int sizes[] = {1, 7, 16, 64, 128, PL_DELTA_NET_SIZE};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        test_shape(sizes[i], 2, 4, 9);
        test_shape(sizes[i], 1, 1, 1);
    }
    float *x = guarded_floats(37, 3), *gate = guarded_floats(37, 20), kept[37];
    memcpy(kept, x, sizeof kept);
    pl_sigmoid_multiply(x, gate, 37);
    for (int i = 0; i < 37; i++) {
        double exact = kept[i] / (1 + exp(-(double)gate[i]));
        check(fabs(x[i] - exact) <= 1e-6 * fabs(exact), "sigmoid of %g times %g is %g", gate[i], kept[i], x[i]);
    }
    release_guarded();
}

// One source for every set: each lane's sum runs over the rows in order, so any width of vectors gives the same bits.
#include "expf.h"
#include <math.h>

static float silu(float x) { return x / (1 + pl_exp(-x)); }

/// out = scale * silu(x) / sqrt(sum of squares + epsilon)
static void unit_silu(const float *x, int32_t n, float epsilon, float scale, float *out) {
    float squares = 0;
    for (int32_t i = 0; i < n; i++) {
        out[i] = silu(x[i]);
        squares += out[i] * out[i];
    }
    float factor = scale / sqrtf(squares + epsilon);
    for (int32_t i = 0; i < n; i++) out[i] *= factor;
}

static void run_head(void *context, int32_t head, int32_t worker) {
    (void)worker;
    const pl_delta_net *d = context;
    int32_t n = d->size;
    size_t size = (size_t)n, channels = (size_t)(2 * d->key_heads + d->value_heads) * size;
    float *state = d->state + (size_t)head * size * size;
    float query[PL_DELTA_NET_SIZE], key[PL_DELTA_NET_SIZE], change[PL_DELTA_NET_SIZE];
    for (int32_t t = 0; t < d->tokens; t++) {
        const float *mixed = d->mixed + (size_t)t * channels, *value = mixed + (size_t)(2 * d->key_heads + head) * size;
        size_t shared = (size_t)(head % d->key_heads) * size, scalar = (size_t)t * (size_t)d->value_heads + (size_t)head;
        float *out = d->out + scalar * size;
        unit_silu(mixed + shared, n, d->epsilon, 1 / sqrtf((float)n), query);
        unit_silu(mixed + (size_t)d->key_heads * size + shared, n, d->epsilon, 1, key);
        float step = d->alpha[scalar] + d->dt[head];
        float softplus = step > 20 ? step : logf(1 + pl_exp(step));
        float decay = pl_exp(softplus * d->a[head]), beta = 1 / (1 + pl_exp(-d->beta[scalar]));
        for (int32_t j = 0; j < n; j++) change[j] = 0;
        for (int32_t i = 0; i < n; i++) {
            float *row = state + (size_t)i * size;
            for (int32_t j = 0; j < n; j++) {
                row[j] *= decay;
                change[j] += row[j] * key[i];
            }
        }
        for (int32_t j = 0; j < n; j++) {
            change[j] = (silu(value[j]) - change[j]) * beta;
            out[j] = 0;
        }
        for (int32_t i = 0; i < n; i++) {
            float *row = state + (size_t)i * size;
            for (int32_t j = 0; j < n; j++) {
                row[j] += change[j] * key[i];
                out[j] += row[j] * query[i];
            }
        }
    }
}

void pl_team_delta_net(pl_team *team, const pl_delta_net *d) {
    pl_team_run(team, d->value_heads, run_head, (void *)d);
}

void pl_sigmoid_multiply(float *x, const float *gate, int32_t n) {
    for (int32_t i = 0; i < n; i++) x[i] /= 1 + pl_exp(-gate[i]);
}

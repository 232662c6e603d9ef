// What happens to each token between two matrix products, token by token on a team.
#include "internal.h"

typedef struct {
    const pl_kernels *kernels;
    const float *x, *weight;
    float epsilon, *out;
    pl_activations *activations;
} normalize_work;

static void normalize_token(void *context, int32_t token, int32_t worker) {
    (void)worker;
    normalize_work *w = context;
    size_t at = (size_t)token * (size_t)w->activations->columns;
    if (w->weight) w->kernels->rms_norm(w->x + at, w->weight, w->activations->columns, w->epsilon, w->out + at);
    if (w->activations->kind != PL_ACTIVATION_F32) w->kernels->quantize(w->activations, token);
}

void pl_team_normalize(pl_team *team, const pl_kernels *k, const float *x, const float *weight, float epsilon, float *out,
                       pl_activations *a, pl_activation_kind kind) {
    a->x = weight ? out : x;
    a->kind = kind;
    if (weight || kind != PL_ACTIVATION_F32) pl_team_run(team, a->tokens, normalize_token, &(normalize_work){k, x, weight, epsilon, out, a});
}

typedef struct { const pl_kernels *kernels; const pl_branch *branch; } add_work;

static void add_token(void *context, int32_t token, int32_t worker) {
    (void)worker;
    const add_work *w = context;
    const pl_branch *b = w->branch;
    float *y = b->y + (size_t)token * (size_t)b->columns;
    if (b->norm) w->kernels->rms_norm(y, b->norm, b->columns, b->epsilon, y);
    if (b->scale != 1) for (int32_t i = 0; i < b->columns; i++) y[i] *= b->scale;
    w->kernels->add(b->x + (size_t)token * (size_t)b->columns, y, b->columns);
}

void pl_team_add(pl_team *team, const pl_kernels *k, const pl_branch *branch) {
    pl_team_run(team, branch->tokens, add_token, &(add_work){k, branch});
}

typedef struct { const pl_kernels *kernels; const pl_projections *projections; } store_work;

/// RMSNorm of runs of `size` elements.
static void normalize_runs(const pl_kernels *k, float *x, int32_t count, const float *weight, int32_t size, float epsilon) {
    for (int32_t i = 0; weight && i + size <= count; i += size) k->rms_norm(x + i, weight, size, epsilon, x + i);
}

static void store_token(void *context, int32_t token, int32_t worker) {
    (void)worker;
    const store_work *w = context;
    const pl_projections *p = w->projections;
    const pl_cache *c = p->cache;
    int32_t q_width = p->heads * c->head_size, kv_width = c->kv_heads * c->head_size;
    float *q = p->q + (size_t)token * (size_t)q_width, *key = p->k + (size_t)token * (size_t)kv_width;
    normalize_runs(w->kernels, q, q_width, p->q_norm, p->norms_whole ? q_width : c->head_size, p->epsilon);
    normalize_runs(w->kernels, key, kv_width, p->k_norm, p->norms_whole ? kv_width : c->head_size, p->epsilon);
    if (p->rotary > 0) {
        size_t angle = (size_t)token * (size_t)(p->rotary / 2);
        pl_rope(q, p->heads, c->head_size, p->rotary, p->interleaved, p->cosine + angle, p->sine + angle);
        pl_rope(key, c->kv_heads, c->head_size, p->rotary, p->interleaved, p->cosine + angle, p->sine + angle);
    }
    const float *value = p->v + (size_t)token * (size_t)kv_width;
    for (int32_t h = 0; h < c->kv_heads; h++) {
        size_t at = (size_t)h * (size_t)c->head_size;
        w->kernels->store(c, h, p->first + token, key + at, value + at);
    }
}

void pl_team_store(pl_team *team, const pl_kernels *k, const pl_projections *projections) {
    pl_team_run(team, projections->tokens, store_token, &(store_work){k, projections});
}

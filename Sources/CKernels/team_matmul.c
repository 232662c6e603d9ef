// The kernels on a team. How rows are cut into chunks never changes a result, only who computes it.
#include "internal.h"

enum {
    CHUNKS_PER_THREAD = 12,   // enough that a core with other work to do does not hold the rest
    ROW_GRANULE = 16,         // rows that the widest set takes at once
    SMALL_WORK = 1 << 15,     // multiplications below which waking the team costs more than it gives
    MATRICES_AT_ONCE = 16,
    ROWS_TOGETHER = 32,       // queries that pass over the cache together
};

typedef struct { const pl_kernels *kernels; pl_activations *activations; } quantize_work;

static void quantize_token(void *context, int32_t chunk, int32_t worker) {
    (void)worker;
    quantize_work *w = context;
    w->kernels->quantize(w->activations, chunk);
}

void pl_team_quantize(pl_team *team, const pl_kernels *k, pl_activations *a, pl_activation_kind kind) {
    if (kind == PL_ACTIVATION_F32 || a->kind == kind) return;
    a->kind = kind;
    pl_team_run(team, a->tokens, quantize_token, &(quantize_work){k, a});
}

/// Rows of a chunk, for products of `rows` rows in all.
static int32_t rows_per_chunk(const pl_team *team, int64_t rows, int64_t work) {
    int64_t wanted = work < SMALL_WORK ? rows : rows / (pl_team_threads(team) * CHUNKS_PER_THREAD);
    int64_t granules = (wanted + ROW_GRANULE - 1) / ROW_GRANULE;
    return (int32_t)((granules > 0 ? granules : 1) * ROW_GRANULE);
}

/// Runs the chunks, on the caller alone where they are little work.
static void run(pl_team *team, int32_t chunks, int64_t work, pl_work function, void *context) {
    if (work < SMALL_WORK) for (int32_t i = 0; i < chunks; i++) function(context, i, 0);
    else pl_team_run(team, chunks, function, context);
}

typedef struct {
    const pl_kernels *kernels;
    const pl_activations *activations;
    const pl_matrix *matrices[MATRICES_AT_ONCE];
    int32_t first_chunk[MATRICES_AT_ONCE + 1]; // of each matrix, and the end
    int32_t count, rows_per_chunk;
} matmul_work;

static void multiply_chunk(void *context, int32_t chunk, int32_t worker) {
    (void)worker;
    const matmul_work *w = context;
    int32_t i = 0;
    while (chunk >= w->first_chunk[i + 1]) i++;
    const pl_matrix *m = w->matrices[i];
    int32_t begin = (chunk - w->first_chunk[i]) * w->rows_per_chunk;
    int32_t end = m->rows - begin < w->rows_per_chunk ? m->rows : begin + w->rows_per_chunk;
    w->kernels->matmul(m, begin, end, w->activations);
}

static void multiply(pl_team *team, matmul_work *w) {
    int64_t rows = 0, work = 0;
    for (int32_t i = 0; i < w->count; i++) {
        rows += w->matrices[i]->rows;
        work += (int64_t)w->matrices[i]->rows * w->matrices[i]->columns * w->activations->tokens;
    }
    w->rows_per_chunk = rows_per_chunk(team, rows, work);
    int32_t chunks = 0;
    for (int32_t i = 0; i < w->count; i++) {
        w->first_chunk[i] = chunks;
        chunks += w->matrices[i]->rows / w->rows_per_chunk + (w->matrices[i]->rows % w->rows_per_chunk != 0);
    }
    w->first_chunk[w->count] = chunks;
    run(team, chunks, work, multiply_chunk, w);
}

void pl_team_matmul(pl_team *team, const pl_kernels *k, const pl_matrix *matrices, int32_t count, pl_activations *a) {
    // F32 products read a->x and go with any kind; of the quantized kinds, the one that is already there comes first.
    pl_activation_kind first = a->kind == PL_ACTIVATION_Q8_256 ? PL_ACTIVATION_Q8_256 : PL_ACTIVATION_Q8_32;
    pl_activation_kind kinds[3] = {PL_ACTIVATION_F32, first,
        first == PL_ACTIVATION_Q8_32 ? PL_ACTIVATION_Q8_256 : PL_ACTIVATION_Q8_32};
    for (int pass = 0; pass < 3; pass++) {
        matmul_work w = {.kernels = k, .activations = a};
        for (int32_t i = 0; i < count; i++) {
            if (pl_activation_kind_for(matrices[i].type) != kinds[pass]) continue;
            if (w.count == 0) pl_team_quantize(team, k, a, kinds[pass]);
            w.matrices[w.count++] = &matrices[i];
            if (w.count == MATRICES_AT_ONCE) { multiply(team, &w); w.count = 0; }
        }
        if (w.count > 0) multiply(team, &w);
    }
}

typedef struct {
    const pl_kernels *kernels;
    const pl_matrix *gate, *up;
    const pl_activations *activations;
    pl_gating gating;
    bool multiplied; // both products are there already
    int32_t rows_per_chunk;
} gate_work;

static void gate_chunk(void *context, int32_t chunk, int32_t worker) {
    (void)worker;
    const gate_work *w = context;
    int32_t begin = chunk * w->rows_per_chunk;
    int32_t count = w->gate->rows - begin < w->rows_per_chunk ? w->gate->rows - begin : w->rows_per_chunk;
    if (!w->multiplied) {
        w->kernels->matmul(w->gate, begin, begin + count, w->activations);
        w->kernels->matmul(w->up, begin, begin + count, w->activations);
    }
    for (int32_t t = 0; t < w->activations->tokens; t++) {
        float *gate = w->gate->out + (size_t)t * w->gate->out_stride + (size_t)begin;
        const float *up = w->up->out + (size_t)t * w->up->out_stride + (size_t)begin;
        if (w->gating == PL_SILU) w->kernels->silu_multiply(gate, up, count);
        else w->kernels->gelu_multiply(gate, up, count);
    }
}

void pl_team_gate(pl_team *team, const pl_kernels *k, const pl_matrix *gate, const pl_matrix *up, pl_gating gating, pl_activations *a) {
    gate_work w = {.kernels = k, .gate = gate, .up = up, .activations = a, .gating = gating};
    pl_activation_kind kind = pl_activation_kind_for(gate->type);
    w.multiplied = kind != pl_activation_kind_for(up->type);
    if (w.multiplied) { // the two want different inputs
        pl_team_matmul(team, k, gate, 1, a);
        pl_team_matmul(team, k, up, 1, a);
    } else {
        pl_team_quantize(team, k, a, kind);
    }
    int64_t work = 2 * (int64_t)gate->rows * gate->columns * a->tokens;
    // A chunk has rows of both.
    w.rows_per_chunk = rows_per_chunk(team, gate->rows, work);
    run(team, gate->rows / w.rows_per_chunk + (gate->rows % w.rows_per_chunk != 0), work, gate_chunk, &w);
}

typedef struct { const pl_kernels *kernels; const pl_attention *attention; int32_t rows, rows_per_chunk, chunks_per_head; } attend_work;

static void attend_chunk(void *context, int32_t chunk, int32_t worker) {
    (void)worker;
    const attend_work *w = context;
    int32_t begin = chunk % w->chunks_per_head * w->rows_per_chunk;
    int32_t end = w->rows - begin < w->rows_per_chunk ? w->rows : begin + w->rows_per_chunk;
    w->kernels->attend(w->attention, chunk / w->chunks_per_head, begin, end);
}

/// A chunk's rows read one kv head, so that they share its keys and values: those of one token, or of as many as make
/// ROWS_TOGETHER. Where there are more threads than kv heads a token's rows are dealt out.
void pl_team_attend(pl_team *team, const pl_kernels *k, const pl_attention *a) {
    if (a->tokens < 1) return;
    int32_t heads = a->cache->kv_heads, sharing = a->heads / heads, rows = a->tokens * sharing;
    int32_t together = rows < ROWS_TOGETHER ? rows : ROWS_TOGETHER;
    if (a->tokens > 1 && sharing < together) together -= together % sharing;
    int32_t wanted = (pl_team_threads(team) + heads - 1) / heads; // chunks a head, so that no thread is idle
    if (rows < wanted * together) together = (rows + wanted - 1) / wanted;
    int32_t chunks = (rows + together - 1) / together;
    pl_team_run(team, heads * chunks, attend_chunk, &(attend_work){k, a, rows, together, chunks});
}

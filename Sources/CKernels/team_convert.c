// Weights from one type to another on a team. Blocks know nothing of rows, so a tensor is one long row of them.
#include "internal.h"
#include <stdatomic.h>

enum { PIECE = 1024, CHUNK = 16 * PIECE }; // weights: a multiple of every block size

typedef struct {
    int32_t from, to;
    const uint8_t *weights;
    uint8_t *out;
    int64_t count;
    atomic_bool failed;
} conversion;

static size_t bytes_of(int32_t type, int64_t count) {
    return (size_t)(count / pl_block_size(type)) * (size_t)pl_block_bytes(type);
}

/// False for NaN too.
static bool all_fit_half(const float *x, int32_t n) {
    int wrong = 0;
    for (int32_t i = 0; i < n; i++) wrong |= !((x[i] < 0 ? -x[i] : x[i]) <= 65504);
    return !wrong;
}

static void convert_chunk(void *context, int32_t chunk, int32_t worker) {
    (void)worker;
    conversion *c = context;
    int64_t begin = (int64_t)chunk * CHUNK, end = c->count - begin < CHUNK ? c->count : begin + CHUNK;
    float x[PIECE];
    for (int64_t i = begin; i < end; i += PIECE) {
        int32_t n = end - i < PIECE ? (int32_t)(end - i) : PIECE;
        pl_dequantize(c->from, c->weights + bytes_of(c->from, i), n, x);
        if (!all_fit_half(x, n) || !pl_quantize_row(c->to, x, n, c->out + bytes_of(c->to, i))) {
            atomic_store_explicit(&c->failed, true, memory_order_relaxed);
        }
    }
}

bool pl_team_convert(pl_team *team, int32_t from, const void *weights, int32_t to, int64_t count, void *out) {
    conversion c = {.from = from, .to = to, .weights = weights, .out = out, .count = count};
    pl_team_run(team, (int32_t)((count + CHUNK - 1) / CHUNK), convert_chunk, &c);
    return !atomic_load(&c.failed);
}

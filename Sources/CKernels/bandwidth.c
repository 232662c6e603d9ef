#include "kernels.h"

#include <stdatomic.h>

typedef struct {
    const uint64_t *data;
    size_t words;
    int32_t chunks;
    _Atomic uint64_t sum;
} read_job;

static void read_chunk(void *context, int32_t chunk, int32_t worker) {
    (void)worker;
    read_job *job = context;
    size_t from = job->words * (size_t)chunk / (size_t)job->chunks;
    size_t to = job->words * ((size_t)chunk + 1) / (size_t)job->chunks;
    uint64_t a = 0, b = 0, c = 0, d = 0;
    size_t i = from;
    for (; i + 4 <= to; i += 4) {
        a += job->data[i];
        b += job->data[i + 1];
        c += job->data[i + 2];
        d += job->data[i + 3];
    }
    for (; i < to; i++) a += job->data[i];
    atomic_fetch_add_explicit(&job->sum, a + b + c + d, memory_order_relaxed);
}

uint64_t pl_team_read(pl_team *team, const void *data, size_t bytes) {
    read_job job = {.data = data, .words = bytes / 8, .chunks = 64 * pl_team_threads(team)};
    pl_team_run(team, job.chunks, read_chunk, &job);
    return atomic_load_explicit(&job.sum, memory_order_relaxed);
}

// The team: every chunk once, the same bits for any number of threads, and no processor time at rest.
#define _GNU_SOURCE
#include "check.h"
#include <stdatomic.h>
#include <time.h>

enum { CHUNKS = 37 };
typedef struct { atomic_int calls[CHUNKS]; atomic_int strangers; int threads; } tally;

static void count_chunk(void *context, int32_t chunk, int32_t worker) {
    tally *t = context;
    atomic_fetch_add(&t->calls[chunk], 1);
    if (worker < 0 || worker >= t->threads) atomic_fetch_add(&t->strangers, 1);
}

static void test_chunks(pl_team *team, int threads, int runs) {
    bool once = true;
    for (int run = 0; run < runs; run++) {
        tally t = {.threads = threads};
        int chunks = run % (CHUNKS + 1);
        pl_team_run(team, chunks, count_chunk, &t);
        for (int c = 0; c < CHUNKS; c++) if (t.calls[c] != (c < chunks ? 1 : 0)) once = false;
        if (t.strangers) once = false;
        if (run % 500 == 499) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL); // let the workers fall asleep
    }
    check(once, "%d threads do every chunk once", threads);
}

static double processor_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void test_rest(pl_team *team, int threads) {
    tally t = {.threads = threads};
    pl_team_run(team, CHUNKS, count_chunk, &t);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    double before = processor_seconds();
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    check(processor_seconds() - before < 0.05, "%d threads rest after work: %g s of 0.2", threads, processor_seconds() - before);
}

/// Matrices of all kinds with one input.
static void test_products(const pl_kernels *k, pl_team *team, int threads, int tokens) {
    static const int types[] = {PL_Q4_K, PL_Q4_0, PL_F16, PL_Q6_K, PL_Q8_0};
    enum { COUNT = 5, COLUMNS = 512 };
    pl_activations a = random_activations(tokens, COLUMNS), b = a;
    pl_matrix together[COUNT], alone[COUNT];
    for (int i = 0; i < COUNT; i++) {
        int rows = 1 + random_below(150);
        size_t count = (size_t)(rows * tokens);
        together[i] = (pl_matrix){.type = types[i], .rows = rows, .columns = COLUMNS, .weights = random_weights(types[i], rows, COLUMNS, true),
            .out = guarded(count * sizeof(float)), .out_stride = (size_t)rows};
        alone[i] = together[i];
        alone[i].out = guarded(count * sizeof(float));
    }
    pl_team_matmul(team, k, together, COUNT, &a);
    for (int i = 0; i < COUNT; i++) {
        b.kind = pl_activation_kind_for(types[i]);
        for (int t = 0; t < tokens; t++) k->quantize(&b, t);
        k->matmul(&alone[i], 0, alone[i].rows, &b);
        check(first_difference(together[i].out, alone[i].out, (size_t)(together[i].rows * tokens)) < 0,
              "%s with %d threads, %d tokens: matrix %d", k->name, threads, tokens, i);
    }
    release_guarded();
}

static void test_attention_on_team(const pl_kernels *k, pl_team *team, int threads, int heads, int tokens) {
    enum { SIZE = 32, KV_HEADS = 2, FIRST = 40 };
    size_t count = (size_t)(tokens * heads * SIZE);
    pl_cache c = {.type = PL_Q8_0, .kv_heads = KV_HEADS, .head_size = SIZE, .tiles = 8};
    c.k = guarded(pl_cache_bytes(PL_Q8_0, KV_HEADS, SIZE, 8));
    c.v = guarded(pl_cache_bytes(PL_Q8_0, KV_HEADS, SIZE, 8));
    for (int p = 0; p < FIRST + tokens; p++) {
        for (int h = 0; h < KV_HEADS; h++) k->store(&c, h, p, guarded_floats(SIZE, 1), guarded_floats(SIZE, 1));
    }
    pl_attention a = {.q = guarded_floats(count, 1), .cache = &c, .heads = heads, .tokens = tokens, .first = FIRST, .scale = 0.2f,
        .out = guarded(count * sizeof(float))}, b = a;
    b.out = guarded(count * sizeof(float));
    pl_team_attend(team, k, &a);
    for (int h = 0; h < KV_HEADS; h++) k->attend(&b, h, 0, tokens * heads / KV_HEADS);
    check(first_difference(a.out, b.out, count) < 0, "%s with %d threads: attention of %d heads, %d tokens", k->name, threads, heads, tokens);
    release_guarded();
}

void test_team(const pl_kernels *k) {
    static const int teams[] = {1, 2, 3, 5};
    check(pl_team_create(0) == NULL, "no team of nobody");
    for (int i = 0; i < 4; i++) {
        pl_team *team = pl_team_create(teams[i]);
        check(team && pl_team_threads(team) == teams[i], "a team of %d", teams[i]);
        if (!team) continue;
        test_chunks(team, teams[i], 2000);
        test_rest(team, teams[i]);
        test_products(k, team, teams[i], 1);
        test_products(k, team, teams[i], 9);
        test_attention_on_team(k, team, teams[i], 2, 1);
        test_attention_on_team(k, team, teams[i], 6, 1);
        test_attention_on_team(k, team, teams[i], 2, 70);
        test_attention_on_team(k, team, teams[i], 14, 9);
        test_attention_on_team(k, team, teams[i], 80, 3);
        pl_team_destroy(team);
    }
    pl_team_destroy(NULL);
}

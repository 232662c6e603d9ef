// The team: every chunk once, the same bits for any number of threads, and no processor time at rest.
#define _GNU_SOURCE
#include "check.h"
#include <signal.h>
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

/// A worker that is busy with its first chunk until the others have done all the rest.
typedef struct { atomic_int chunks[8]; atomic_int done, late; int slow; } unequal;

static bool wait_until_at_least(atomic_int *count, int wanted) {
    for (int i = 0; i < 20000; i++) { // 20 s at most
        if (atomic_load(count) >= wanted) return true;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

static void work_unequally(void *context, int32_t chunk, int32_t worker) {
    (void)chunk;
    unequal *u = context;
    atomic_fetch_add(&u->chunks[worker], 1);
    bool in_time = worker == u->slow ? wait_until_at_least(&u->done, CHUNKS - 1) : wait_until_at_least(&u->chunks[u->slow], 1);
    if (!in_time) atomic_fetch_add(&u->late, 1);
    atomic_fetch_add(&u->done, 1);
}

static void test_slow_worker(pl_team *team, int threads) {
    for (int slow = 0; threads > 1 && slow < threads; slow += threads - 1) {
        unequal u = {.slow = slow};
        pl_team_run(team, CHUNKS, work_unequally, &u);
        int all = 0;
        for (int i = 0; i < threads; i++) all += u.chunks[i];
        check(u.chunks[slow] == 1 && all == CHUNKS && !u.late, "of %d threads the others take over from a slow one: %d of %d chunks are left to it",
              threads, u.chunks[slow], all);
    }
}

typedef struct { atomic_int wrong, here; int threads; } masks;

/// Waits until every worker is here, so that each has a chunk.
static void look_at_mask(void *context, int32_t chunk, int32_t worker) {
    (void)chunk;
    masks *m = context;
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    if (worker > 0 && (sigismember(&blocked, SIGBUS) || sigismember(&blocked, SIGSEGV) || !sigismember(&blocked, SIGTERM))) atomic_fetch_add(&m->wrong, 1);
    atomic_fetch_add(&m->here, 1);
    if (!wait_until_at_least(&m->here, m->threads)) atomic_fetch_add(&m->wrong, 1);
}

static void test_faults_reach_handlers(pl_team *team, int threads) {
    masks m = {.threads = threads};
    pl_team_run(team, threads, look_at_mask, &m);
    check(!m.wrong, "%d threads leave faults to handlers, and other signals to the program's own threads", threads);
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

/// What happens to tokens between products, against the same token after token.
static void test_tokens_on_team(const pl_kernels *k, pl_team *team, int threads, int tokens) {
    enum { WIDTH = 64, ROWS = 100 };
    size_t count = (size_t)tokens * WIDTH, outputs = (size_t)tokens * ROWS;
    float *x = guarded_floats(count, 2), *weight = guarded_floats(WIDTH, 1), *out = guarded(count * sizeof(float));
    pl_activations a = random_activations(tokens, WIDTH), b = random_activations(tokens, WIDTH);
    float *expected = (float *)b.x;
    pl_team_normalize(team, k, x, weight, 1e-5f, out, &a, PL_ACTIVATION_Q8_32);
    b.kind = PL_ACTIVATION_Q8_32;
    for (int t = 0; t < tokens; t++) {
        k->rms_norm(x + t * WIDTH, weight, WIDTH, 1e-5f, expected + t * WIDTH);
        k->quantize(&b, t);
    }
    check(a.x == out && a.kind == PL_ACTIVATION_Q8_32 && first_difference(out, expected, count) < 0, "%s with %d threads: normalize", k->name, threads);
    check(memcmp(a.q, b.q, count) == 0 && first_difference(a.d, b.d, count / 32) < 0, "%s with %d threads: normalize and quantize", k->name, threads);

    static const int types[][2] = {{PL_Q8_0, PL_Q8_0}, {PL_Q8_0, PL_F16}, {PL_F32, PL_F32}};
    for (int i = 0; i < 3; i++) {
        pl_matrix gate = {.type = types[i][0], .rows = ROWS, .columns = WIDTH, .weights = random_weights(types[i][0], ROWS, WIDTH, true),
            .out = guarded(outputs * sizeof(float)), .out_stride = ROWS}, up = gate;
        up.type = types[i][1];
        up.weights = random_weights(types[i][1], ROWS, WIDTH, true);
        up.out = guarded(outputs * sizeof(float));
        pl_matrix gate_alone = gate, up_alone = up;
        gate_alone.out = guarded(outputs * sizeof(float));
        up_alone.out = guarded(outputs * sizeof(float));
        pl_team_gate(team, k, &gate, &up, i == 2 ? PL_GELU : PL_SILU, &a);
        k->matmul(&gate_alone, 0, ROWS, &b);
        k->matmul(&up_alone, 0, ROWS, &b);
        if (i == 2) k->gelu_multiply(gate_alone.out, up_alone.out, (int32_t)outputs);
        else k->silu_multiply(gate_alone.out, up_alone.out, (int32_t)outputs);
        check(first_difference(gate.out, gate_alone.out, outputs) < 0, "%s with %d threads: gate of types %d and %d", k->name, threads, types[i][0], types[i][1]);
    }

    float *y = guarded_floats(count, 1), *sum = guarded(count * sizeof(float)), *branch = guarded(count * sizeof(float));
    memcpy(sum, x, count * sizeof(float));
    memcpy(branch, y, count * sizeof(float));
    pl_team_add(team, k, &(pl_branch){.x = x, .y = y, .tokens = tokens, .columns = WIDTH, .norm = weight, .epsilon = 1e-5f, .scale = 0.5f});
    for (int t = 0; t < tokens; t++) {
        k->rms_norm(branch + t * WIDTH, weight, WIDTH, 1e-5f, branch + t * WIDTH);
        for (int i = 0; i < WIDTH; i++) sum[t * WIDTH + i] += branch[t * WIDTH + i] * 0.5f;
    }
    check(first_difference(x, sum, count) < 0, "%s with %d threads: add", k->name, threads);
    release_guarded();
}

/// Two heads of 16 with one kv head: norms, rotation and cache.
static void test_store_on_team(const pl_kernels *k, pl_team *team, int threads, int tokens, bool whole, bool interleaved) {
    enum { SIZE = 16, HEADS = 2, FIRST = 9 };
    pl_cache c = {.type = PL_F16, .kv_heads = 1, .head_size = SIZE, .tiles = 5}, expected = c;
    size_t bytes = pl_cache_bytes(c.type, 1, SIZE, 5);
    uint8_t *memory[4];
    for (int i = 0; i < 4; i++) memset(memory[i] = guarded(bytes), 0, bytes);
    c.k = memory[0]; c.v = memory[1]; expected.k = memory[2]; expected.v = memory[3];
    size_t count = (size_t)tokens * SIZE;
    float *q = guarded_floats(HEADS * count, 1), *key = guarded_floats(count, 1), *value = guarded_floats(count, 1);
    float *norm = guarded_floats(HEADS * SIZE, 1), *cosine = guarded_floats(count / 2, 1), *sine = guarded_floats(count / 2, 1);
    float *q2 = guarded(HEADS * count * sizeof(float)), *key2 = guarded(count * sizeof(float));
    memcpy(q2, q, HEADS * count * sizeof(float));
    memcpy(key2, key, count * sizeof(float));
    pl_team_store(team, k, &(pl_projections){.q = q, .k = key, .v = value, .cache = &c, .heads = HEADS, .tokens = tokens, .first = FIRST,
        .q_norm = norm, .k_norm = norm, .norms_whole = whole, .epsilon = 1e-6f, .rotary = SIZE, .interleaved = interleaved,
        .cosine = cosine, .sine = sine});
    for (int t = 0; t < tokens; t++) {
        for (int h = 0; h <= HEADS; h++) { // the last one is the key
            float *x = h < HEADS ? q2 + (t * HEADS + h) * SIZE : key2 + t * SIZE;
            if (h == 0 && whole) k->rms_norm(x, norm, HEADS * SIZE, 1e-6f, x);
            if (h == HEADS || !whole) k->rms_norm(x, norm, SIZE, 1e-6f, x);
        }
        for (int h = 0; h <= HEADS; h++) {
            float *x = h < HEADS ? q2 + (t * HEADS + h) * SIZE : key2 + t * SIZE;
            for (int i = 0; i < SIZE / 2; i++) {
                int m = interleaved ? 2 * i : i, n = interleaved ? 2 * i + 1 : i + SIZE / 2;
                float real = x[m], imaginary = x[n], cos = cosine[t * SIZE / 2 + i], sin = sine[t * SIZE / 2 + i];
                x[m] = real * cos - imaginary * sin;
                x[n] = real * sin + imaginary * cos;
            }
        }
        k->store(&expected, 0, FIRST + t, key2 + t * SIZE, value + t * SIZE);
    }
    check(first_difference(q, q2, HEADS * count) < 0, "%s with %d threads: queries turn", k->name, threads);
    check(memcmp(c.k, expected.k, bytes) == 0 && memcmp(c.v, expected.v, bytes) == 0, "%s with %d threads: cache of %d tokens", k->name, threads, tokens);
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
        test_slow_worker(team, teams[i]);
        test_faults_reach_handlers(team, teams[i]);
        test_rest(team, teams[i]);
        test_products(k, team, teams[i], 1);
        test_products(k, team, teams[i], 9);
        for (int tokens = 1; tokens < 30; tokens += 14) {
            test_tokens_on_team(k, team, teams[i], tokens);
            test_store_on_team(k, team, teams[i], tokens, tokens > 1, tokens > 20);
        }
        test_attention_on_team(k, team, teams[i], 2, 1);
        test_attention_on_team(k, team, teams[i], 6, 1);
        test_attention_on_team(k, team, teams[i], 2, 70);
        test_attention_on_team(k, team, teams[i], 14, 9);
        test_attention_on_team(k, team, teams[i], 80, 3);
        pl_team_destroy(team);
    }
    pl_team_destroy(NULL);
}

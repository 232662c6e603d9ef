// A team of threads that share chunks of work. Between two runs a worker spins for a moment, because in a forward pass the
// next run is microseconds away, and then sleeps on a futex, so that an idle machine costs nothing.
#define _GNU_SOURCE
#include "kernels.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SPIN_NANOSECONDS = 50000 };

typedef struct { pl_team *team; int32_t index; pthread_t thread; } worker;

struct pl_team {
    int32_t threads;
    worker *workers;  // [threads - 1]
    // Chunks nobody has claimed yet. A chunk is claimed by lowering it, which succeeds only while a run is open, and a run
    // stays open until all its claimed chunks are done: so a worker that comes late can neither hold up a run nor
    // mistake the next one for it. The fields in the middle change only between runs.
    _Alignas(64) _Atomic int32_t unclaimed;
    _Alignas(64) pl_work work;
    void *context;
    int32_t chunks;
    _Alignas(64) _Atomic uint32_t unfinished; // futex of the caller
    _Atomic uint32_t caller_sleeps;
    _Alignas(64) _Atomic uint32_t wake;       // futex of the workers
    _Atomic int32_t sleepers;
    atomic_bool stop;
};

static void futex_wait(_Atomic uint32_t *word, uint32_t value) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory"); // yield is a no-op on most cores; isb waits some ten cycles
#endif
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/// Takes part in the open run, if there is one, until no chunk is left.
static void take_part(pl_team *team, int32_t index) {
    int32_t left = atomic_load_explicit(&team->unclaimed, memory_order_relaxed);
    while (left > 0) {
        if (!atomic_compare_exchange_weak_explicit(&team->unclaimed, &left, left - 1,
                                                   memory_order_acquire, memory_order_relaxed)) continue;
        team->work(team->context, team->chunks - left, index);
        if (atomic_fetch_sub_explicit(&team->unfinished, 1, memory_order_seq_cst) == 1
            && atomic_load_explicit(&team->caller_sleeps, memory_order_seq_cst)) futex_wake(&team->unfinished);
        left = atomic_load_explicit(&team->unclaimed, memory_order_relaxed);
    }
}

/// Waits for a run or the end. False at the end.
static bool wait_for_run(pl_team *team) {
    int64_t limit = now() + SPIN_NANOSECONDS;
    do {
        for (int i = 0; i < 64; i++) {
            if (atomic_load_explicit(&team->unclaimed, memory_order_relaxed) > 0) return true;
            pause_briefly();
        }
        if (atomic_load(&team->stop)) return false;
    } while (now() < limit);
    // The caller publishes a run and then looks for sleepers; a worker counts itself asleep and then looks for a run.
    atomic_fetch_add(&team->sleepers, 1);
    for (;;) {
        uint32_t seen = atomic_load(&team->wake);
        if (atomic_load(&team->stop) || atomic_load(&team->unclaimed) > 0) break;
        futex_wait(&team->wake, seen);
    }
    atomic_fetch_sub(&team->sleepers, 1);
    return !atomic_load(&team->stop);
}

static void *run_worker(void *argument) {
    worker *self = argument;
    while (wait_for_run(self->team)) take_part(self->team, self->index);
    return NULL;
}

static void wake_sleepers(pl_team *team) {
    if (atomic_load(&team->sleepers) == 0) return;
    atomic_fetch_add(&team->wake, 1);
    futex_wake(&team->wake);
}

pl_team *pl_team_create(int32_t threads) {
    if (threads < 1) return NULL;
    pl_team *team = aligned_alloc(_Alignof(pl_team), sizeof *team);
    if (!team) return NULL;
    *team = (pl_team){.threads = 1};
    team->workers = calloc((size_t)threads, sizeof *team->workers);
    if (!team->workers) { free(team); return NULL; }
    // Signals are for the program's own threads, but a fault is its thread's: where it is blocked, it ends the program at
    // once, and no handler is asked.
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGABRT};
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    for (int32_t i = 1; i < threads; i++) {
        worker *w = &team->workers[i - 1];
        *w = (worker){.team = team, .index = i};
        if (pthread_create(&w->thread, NULL, run_worker, w) != 0) break;
        team->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (team->threads < threads) { pl_team_destroy(team); return NULL; }
    return team;
}

void pl_team_destroy(pl_team *team) {
    if (!team) return;
    atomic_store(&team->stop, true);
    wake_sleepers(team);
    for (int32_t i = 1; i < team->threads; i++) pthread_join(team->workers[i - 1].thread, NULL);
    free(team->workers);
    free(team);
}

int32_t pl_available_processors(void) {
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? count : 1;
}

int32_t pl_team_threads(const pl_team *team) { return team->threads; }

void pl_team_run(pl_team *team, int32_t chunks, pl_work work, void *context) {
    if (team->threads == 1 || chunks <= 1) {
        for (int32_t chunk = 0; chunk < chunks; chunk++) work(context, chunk, 0);
        return;
    }
    team->work = work;
    team->context = context;
    team->chunks = chunks;
    atomic_store_explicit(&team->unfinished, (uint32_t)chunks, memory_order_relaxed);
    atomic_store(&team->unclaimed, chunks);
    wake_sleepers(team);
    take_part(team, 0);
    int64_t limit = now() + SPIN_NANOSECONDS;
    uint32_t left;
    while ((left = atomic_load_explicit(&team->unfinished, memory_order_acquire)) > 0) {
        if (now() < limit) { pause_briefly(); continue; }
        atomic_store(&team->caller_sleeps, 1);
        left = atomic_load(&team->unfinished);
        if (left > 0) futex_wait(&team->unfinished, left);
        atomic_store(&team->caller_sleeps, 0);
    }
}

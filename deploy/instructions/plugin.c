// Counts how often each straight piece of code is executed under qemu's user emulation (qemu's plugin interface, qemu-plugin.h;
// the declarations below are the part of it that this uses, since Debian ships no header). At the end, a line for each piece:
// its distance in bytes from the beginning of the program's code, its instructions, how often it was executed.
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct qemu_plugin_tb; // a block of translated code: straight to its end
typedef void (*block_translated)(uint64_t id, struct qemu_plugin_tb *block);
typedef void (*block_executed)(unsigned int cpu, void *data);
typedef void (*at_exit)(uint64_t id, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
uint64_t qemu_plugin_start_code(void);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, block_translated callback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, block_executed callback, int flags, void *data);
void qemu_plugin_register_atexit_cb(uint64_t id, at_exit callback, void *data);
void qemu_plugin_outs(const char *text);

// What the calls above mean is the same in all versions; qemu 9 refuses 1, qemu 7 knows nothing newer.
#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION 1
#endif
__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_VERSION;

typedef struct piece {
    struct piece *next;
    int64_t distance;
    uint64_t instructions;
    _Atomic uint64_t executed;
} piece;
static piece *_Atomic pieces; // one for each translation: of the same code there may be several

static void count(unsigned int cpu, void *data) {
    (void)cpu;
    atomic_fetch_add_explicit(&((piece *)data)->executed, 1, memory_order_relaxed);
}

static void watch(uint64_t id, struct qemu_plugin_tb *block) {
    (void)id;
    piece *p = calloc(1, sizeof *p);
    if (!p) abort();
    p->distance = (int64_t)(qemu_plugin_tb_vaddr(block) - qemu_plugin_start_code());
    p->instructions = qemu_plugin_tb_n_insns(block);
    p->next = atomic_load(&pieces);
    while (!atomic_compare_exchange_weak(&pieces, &p->next, p)) {}
    qemu_plugin_register_vcpu_tb_exec_cb(block, count, 0, p);
}

static void report(uint64_t id, void *data) {
    (void)id, (void)data;
    for (piece *p = atomic_load(&pieces); p; p = p->next) {
        char line[80];
        snprintf(line, sizeof line, "%lld %llu %llu\n", (long long)p->distance, (unsigned long long)p->instructions,
                 (unsigned long long)atomic_load(&p->executed));
        qemu_plugin_outs(line);
    }
}

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t id, const void *qemu, int argc, char **argv) {
    (void)qemu, (void)argc, (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, watch);
    qemu_plugin_register_atexit_cb(id, report, NULL);
    return 0;
}

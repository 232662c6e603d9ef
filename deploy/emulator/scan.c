// Reads a matrix through CHardware's gpio.h alone, and prints its keys as `platen keys` does.
// usage: scan CHIP ROWS COLUMNS [diodes]     rows are the lines 0 to ROWS-1 of the chip, columns those behind
//
// It proves that layer with each generation of libgpiod where the Swift programs do not run (Debian 12's C library is too old for them).
// Idle, all rows are driven and an edge is waited for; else a scan each millisecond, and a change counts when it has lasted for five.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gpio.h"

enum { MOST = 32, STABLE = 5 };

static void must(int error, const char *what) {
    if (!error) return;
    fprintf(stderr, "scan: %s: %s\n", what, strerror(error));
    exit(1);
}

static unsigned long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static pl_gpio_lines *request(const char *path, size_t first, size_t count, const pl_gpio_settings *settings) {
    unsigned offsets[MOST];
    pl_gpio_lines *lines = NULL;
    for (size_t i = 0; i < count; i++) offsets[i] = first + i;
    must(pl_gpio_request(path, offsets, count, settings, 0, "scan", &lines), "requesting lines");
    return lines;
}

// The columns that no ghost can have: of a rectangle with four closed corners at least one is a ghost, and nobody knows which.
static uint64_t told_apart(const uint64_t *seen, size_t rows, size_t row) {
    uint64_t doubtful = 0;
    for (size_t other = 0; other < rows; other++) {
        uint64_t shared = seen[row] & seen[other];
        if (other != row && shared & (shared - 1)) doubtful |= shared;
    }
    return ~doubtful;
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    size_t rows = strtoul(arguments[2], NULL, 10), columns = strtoul(arguments[3], NULL, 10);
    if (rows < 1 || columns < 1 || rows > MOST || columns > MOST) return 2;
    int has_diodes = count > 4;
    char path[PL_GPIO_PATH_SIZE];
    must(pl_gpio_find_chip(arguments[1], path), arguments[1]);
    const pl_gpio_settings row_settings = {.is_output = true, .active_low = true, .is_open = true};
    const pl_gpio_settings awake = {.active_low = true, .pull = PL_GPIO_PULL_UP};
    const pl_gpio_settings asleep = {.active_low = true, .pull = PL_GPIO_PULL_UP, .has_edges = true};
    pl_gpio_lines *row_lines = request(path, 0, rows, &row_settings);
    pl_gpio_lines *column_lines = request(path, rows, columns, &awake);

    uint64_t pressed[MOST] = {0}, all_rows = (1ull << rows) - 1;
    unsigned char age[MOST][MOST] = {{0}};
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (;;) {
        uint64_t seen[MOST], busy = 0, first, any;
        for (size_t row = 0; row < rows; row++) {
            must(pl_gpio_set(row_lines, 1ull << row), "driving a row");
            must(pl_gpio_get(column_lines, &seen[row]), "reading columns");
        }
        must(pl_gpio_set(row_lines, 0), "driving no row");
        for (size_t row = 0; row < rows; row++) {
            uint64_t changed = (seen[row] ^ pressed[row]) & (has_diodes ? ~0ull : told_apart(seen, rows, row));
            for (size_t column = 0; column < columns; column++) {
                age[row][column] = changed >> column & 1 ? age[row][column] + 1 : 0;
                if (age[row][column] < STABLE) continue;
                age[row][column] = 0;
                pressed[row] ^= 1ull << column;
                unsigned long long time = now() / 1000;
                printf(
                    "%llu.%06llu  key        row %zu column %zu %s\n", time / 1000000, time % 1000000, row, column,
                    pressed[row] >> column & 1 ? "down" : "up");
            }
            busy |= seen[row] | pressed[row];
        }
        if (!busy) {
            must(pl_gpio_reconfigure(column_lines, &asleep, 0), "waiting for edges");
            must(pl_gpio_set(row_lines, all_rows), "driving all rows");
            // A contact that closed meanwhile gives an edge no more.
            must(pl_gpio_get(column_lines, &any), "reading columns");
            struct pollfd query = {.fd = pl_gpio_descriptor(column_lines), .events = POLLIN};
            if (!any) poll(&query, 1, -1);
            must(pl_gpio_take_edges(column_lines, &first), "taking edges");
            must(pl_gpio_reconfigure(column_lines, &awake, 0), "reading columns again");
            continue;
        }
        struct timespec pause = {.tv_nsec = 1000000};
        nanosleep(&pause, NULL);
    }
}

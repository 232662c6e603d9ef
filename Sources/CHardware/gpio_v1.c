// libgpiod 1.6. Edges are requested line by line, each with a descriptor of its own; an epoll makes one of them.
#include "gpio_internal.h"

#ifdef PL_GPIO_V1

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

int pl_gpio_describe_chip(const char *path, pl_gpio_chip_info *info) {
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    pl_gpio_copy_name(info->name, sizeof info->name, gpiod_chip_name(chip));
    pl_gpio_copy_name(info->label, sizeof info->label, gpiod_chip_label(chip));
    info->line_count = gpiod_chip_num_lines(chip);
    gpiod_chip_close(chip);
    return 0;
}

int pl_gpio_describe_line(const char *path, unsigned offset, pl_gpio_line_info *info) {
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    struct gpiod_line *line = gpiod_chip_get_line(chip, offset);
    int error = line ? 0 : errno;
    if (line) {
        pl_gpio_copy_name(info->name, sizeof info->name, gpiod_line_name(line));
        pl_gpio_copy_name(info->consumer, sizeof info->consumer, gpiod_line_consumer(line));
        info->is_used = gpiod_line_is_used(line);
    }
    gpiod_chip_close(chip);
    return error;
}

int pl_gpio_find_line(const char *path, const char *name, unsigned *offset) {
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    int error = ENOENT;
    for (unsigned i = 0; i < gpiod_chip_num_lines(chip); i++) {
        struct gpiod_line *line = gpiod_chip_get_line(chip, i);
        const char *found = line ? gpiod_line_name(line) : NULL;
        if (!found || strcmp(found, name) != 0) continue;
        error = error == ENOENT ? 0 : ENOTUNIQ;
        *offset = i;
    }
    gpiod_chip_close(chip);
    return error;
}

static int flags(const pl_gpio_settings *settings) {
    int result = settings->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    switch (settings->pull) {
    case PL_GPIO_PULL_AS_IS: break;
    case PL_GPIO_PULL_NONE: result |= GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE; break;
    case PL_GPIO_PULL_UP: result |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP; break;
    case PL_GPIO_PULL_DOWN: result |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN; break;
    }
    if (settings->is_output && settings->is_open)
        result |= settings->active_low ? GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN : GPIOD_LINE_REQUEST_FLAG_OPEN_SOURCE;
    return result;
}

static void unpack(const pl_gpio_lines *lines, uint64_t values, int *levels) {
    for (size_t i = 0; i < lines->count; i++) levels[i] = values >> i & 1;
}

enum { MOST_HANDLES = 128 };

// The program's descriptors of outputs. The library does not tell them; the kernel calls them so (gpiolib-cdev.c, linehandle_create).
static size_t find_handles(int handles[MOST_HANDLES]) {
    static const char name[] = "anon_inode:gpio-linehandle";
    DIR *entries = opendir("/proc/self/fd");
    if (!entries) return 0;
    size_t count = 0;
    for (struct dirent *entry; count < MOST_HANDLES && (entry = readdir(entries));) {
        char target[sizeof name];
        ssize_t length = readlinkat(dirfd(entries), entry->d_name, target, sizeof target);
        if (length == sizeof name - 1 && memcmp(target, name, sizeof name - 1) == 0) handles[count++] = atoi(entry->d_name);
    }
    closedir(entries);
    return count;
}

// Requests outputs, and finds out which descriptor is theirs: the one that was not there before.
static int request_outputs(pl_gpio_lines *lines, const struct gpiod_line_request_config *config, const int *levels) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    int before[MOST_HANDLES], after[MOST_HANDLES];
    pthread_mutex_lock(&mutex);
    size_t count_before = find_handles(before);
    int error = gpiod_line_request_bulk(&lines->bulk, config, levels) ? errno : 0;
    size_t count_after = error ? 0 : find_handles(after);
    pthread_mutex_unlock(&mutex);
    for (size_t i = 0; i < count_after; i++) {
        bool is_new = true;
        for (size_t j = 0; j < count_before; j++) is_new = is_new && before[j] != after[i];
        if (is_new) lines->handle = after[i];
    }
    return error;
}

// Requests the group's lines as its settings say.
static int request(pl_gpio_lines *lines, uint64_t values) {
    int levels[PL_GPIO_MOST_LINES];
    unpack(lines, values, levels);
    const pl_gpio_settings *settings = &lines->settings;
    struct gpiod_line_request_config config = {
        .consumer = lines->consumer,
        .request_type = settings->is_output   ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
                        : settings->has_edges ? GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES
                                              : GPIOD_LINE_REQUEST_DIRECTION_INPUT,
        .flags = flags(settings),
    };
    lines->handle = -1;
    int error = settings->is_output                                        ? request_outputs(lines, &config, levels)
                : gpiod_line_request_bulk(&lines->bulk, &config, levels) ? errno
                                                                         : 0;
    if (error) return error;
    lines->is_requested = true;
    if (!settings->has_edges) return 0;
    for (unsigned i = 0; i < lines->count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        int descriptor = gpiod_line_event_get_fd(gpiod_line_bulk_get_line(&lines->bulk, i));
        if (descriptor < 0 || epoll_ctl(lines->epoll, EPOLL_CTL_ADD, descriptor, &event)) return errno;
    }
    return 0;
}

int pl_gpio_open(pl_gpio_lines *lines, const char *path, uint64_t values) {
    lines->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (lines->epoll < 0) return errno;
    lines->chip = gpiod_chip_open(path);
    if (!lines->chip) return errno;
    unsigned offsets[PL_GPIO_MOST_LINES]; // the library does not promise to leave them alone
    memcpy(offsets, lines->offsets, sizeof offsets);
    if (gpiod_chip_get_lines(lines->chip, offsets, lines->count, &lines->bulk)) return errno;
    return request(lines, values);
}

void pl_gpio_close(pl_gpio_lines *lines) {
    if (lines->is_requested) gpiod_line_release_bulk(&lines->bulk);
    if (lines->chip) gpiod_chip_close(lines->chip);
    if (lines->epoll >= 0) close(lines->epoll);
}

int pl_gpio_reconfigure(pl_gpio_lines *lines, const pl_gpio_settings *settings, uint64_t values) {
    if (settings->is_output && settings->has_edges) return EINVAL;
    bool keeps_request = lines->is_requested && !settings->has_edges && !lines->settings.has_edges;
    lines->settings = *settings;
    if (keeps_request) {
        int levels[PL_GPIO_MOST_LINES];
        unpack(lines, values, levels);
        int direction = settings->is_output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT : GPIOD_LINE_REQUEST_DIRECTION_INPUT;
        return gpiod_line_set_config_bulk(&lines->bulk, direction, flags(settings), levels) ? errno : 0;
    }
    if (lines->is_requested) gpiod_line_release_bulk(&lines->bulk); // closes the descriptors, which leave the epoll
    lines->is_requested = false;
    return request(lines, values);
}

int pl_gpio_set(pl_gpio_lines *lines, uint64_t values) {
    int levels[PL_GPIO_MOST_LINES];
    unpack(lines, values, levels);
    return gpiod_line_set_value_bulk(&lines->bulk, levels) ? errno : 0;
}

int pl_gpio_get(pl_gpio_lines *lines, uint64_t *values) {
    int levels[PL_GPIO_MOST_LINES];
    if (gpiod_line_get_value_bulk(&lines->bulk, levels)) return errno;
    *values = 0;
    for (size_t i = 0; i < lines->count; i++) *values |= (uint64_t)(levels[i] != 0) << i;
    return 0;
}

int pl_gpio_descriptor(const pl_gpio_lines *lines) {
    return lines->epoll;
}

int pl_gpio_request_descriptor(const pl_gpio_lines *lines) {
    return lines->handle;
}

int pl_gpio_take_edges(pl_gpio_lines *lines, uint64_t *first) {
    *first = 0;
    struct epoll_event ready[PL_GPIO_MOST_LINES];
    // Each round takes what was there at its start; a line that never rests must not keep the caller here.
    for (int round = 0; round < 16; round++) {
        int count = epoll_wait(lines->epoll, ready, PL_GPIO_MOST_LINES, 0);
        if (count < 0) return errno == EINTR ? 0 : errno;
        if (count == 0) return 0;
        for (int i = 0; i < count; i++) {
            struct gpiod_line_event edges[16];
            struct gpiod_line *line = gpiod_line_bulk_get_line(&lines->bulk, ready[i].data.u32);
            int taken = gpiod_line_event_read_multiple(line, edges, 16);
            if (taken < 0) return errno;
            for (int j = 0; j < taken; j++) {
                uint64_t time = (uint64_t)edges[j].ts.tv_sec * 1000000000 + (uint64_t)edges[j].ts.tv_nsec;
                if (*first == 0 || time < *first) *first = time;
            }
        }
    }
    return 0;
}

#endif

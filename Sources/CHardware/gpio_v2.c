// libgpiod 2: a request has one descriptor, and its settings can change while it lives.
#include "gpio_internal.h"

#ifndef PL_GPIO_V1

#include <errno.h>
#include <poll.h>
#include <string.h>

enum { EDGES = 64 };

int pl_gpio_describe_chip(const char *path, pl_gpio_chip_info *info) {
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    struct gpiod_chip_info *found = gpiod_chip_get_info(chip);
    int error = found ? 0 : errno;
    if (found) {
        pl_gpio_copy_name(info->name, sizeof info->name, gpiod_chip_info_get_name(found));
        pl_gpio_copy_name(info->label, sizeof info->label, gpiod_chip_info_get_label(found));
        info->line_count = gpiod_chip_info_get_num_lines(found);
        gpiod_chip_info_free(found);
    }
    gpiod_chip_close(chip);
    return error;
}

static int describe_line(struct gpiod_chip *chip, unsigned offset, pl_gpio_line_info *info) {
    struct gpiod_line_info *found = gpiod_chip_get_line_info(chip, offset);
    if (!found) return errno;
    pl_gpio_copy_name(info->name, sizeof info->name, gpiod_line_info_get_name(found));
    pl_gpio_copy_name(info->consumer, sizeof info->consumer, gpiod_line_info_get_consumer(found));
    info->is_used = gpiod_line_info_is_used(found);
    gpiod_line_info_free(found);
    return 0;
}

int pl_gpio_describe_line(const char *path, unsigned offset, pl_gpio_line_info *info) {
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    int error = describe_line(chip, offset, info);
    gpiod_chip_close(chip);
    return error;
}

int pl_gpio_find_line(const char *path, const char *name, unsigned *offset) {
    pl_gpio_chip_info chip_info;
    int error = pl_gpio_describe_chip(path, &chip_info);
    if (error) return error;
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    error = ENOENT;
    for (unsigned i = 0; i < chip_info.line_count; i++) {
        pl_gpio_line_info info;
        if (describe_line(chip, i, &info) || strcmp(info.name, name) != 0) continue;
        error = error == ENOENT ? 0 : ENOTUNIQ;
        *offset = i;
    }
    gpiod_chip_close(chip);
    return error;
}

static enum gpiod_line_bias bias(pl_gpio_pull pull) {
    switch (pull) {
    case PL_GPIO_PULL_AS_IS: break;
    case PL_GPIO_PULL_NONE: return GPIOD_LINE_BIAS_DISABLED;
    case PL_GPIO_PULL_UP: return GPIOD_LINE_BIAS_PULL_UP;
    case PL_GPIO_PULL_DOWN: return GPIOD_LINE_BIAS_PULL_DOWN;
    }
    return GPIOD_LINE_BIAS_AS_IS;
}

static void unpack(const pl_gpio_lines *lines, uint64_t values, enum gpiod_line_value *levels) {
    for (size_t i = 0; i < lines->count; i++) levels[i] = values >> i & 1 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

// A configuration of the group's lines as its settings say; NULL with errno set.
static struct gpiod_line_config *make_config(const pl_gpio_lines *lines, uint64_t values) {
    const pl_gpio_settings *wanted = &lines->settings;
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *config = gpiod_line_config_new();
    int error = settings && config ? 0 : ENOMEM;
    if (!error) {
        gpiod_line_settings_set_active_low(settings, wanted->active_low);
        int failed = gpiod_line_settings_set_bias(settings, bias(wanted->pull));
        if (wanted->is_output) {
            failed |= gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
            if (wanted->is_open)
                failed |= gpiod_line_settings_set_drive(
                    settings, wanted->active_low ? GPIOD_LINE_DRIVE_OPEN_DRAIN : GPIOD_LINE_DRIVE_OPEN_SOURCE);
        } else {
            failed |= gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
            if (wanted->has_edges) failed |= gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
        }
        failed |= gpiod_line_config_add_line_settings(config, lines->offsets, lines->count, settings);
        if (wanted->is_output) {
            enum gpiod_line_value levels[PL_GPIO_MOST_LINES];
            unpack(lines, values, levels);
            failed |= gpiod_line_config_set_output_values(config, levels, lines->count);
        }
        if (failed) error = errno;
    }
    gpiod_line_settings_free(settings);
    if (!error) return config;
    gpiod_line_config_free(config);
    errno = error;
    return NULL;
}

int pl_gpio_open(pl_gpio_lines *lines, const char *path, uint64_t values) {
    lines->edges = gpiod_edge_event_buffer_new(EDGES);
    if (!lines->edges) return errno;
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    struct gpiod_line_config *config = make_config(lines, values);
    struct gpiod_request_config *request = gpiod_request_config_new();
    int error = config && request ? 0 : errno;
    if (!error) {
        gpiod_request_config_set_consumer(request, lines->consumer);
        lines->request = gpiod_chip_request_lines(chip, request, config);
        if (!lines->request) error = errno;
        lines->values = values;
    }
    gpiod_request_config_free(request);
    gpiod_line_config_free(config);
    gpiod_chip_close(chip);
    return error;
}

void pl_gpio_close(pl_gpio_lines *lines) {
    if (lines->request) gpiod_line_request_release(lines->request);
    if (lines->edges) gpiod_edge_event_buffer_free(lines->edges);
}

int pl_gpio_reconfigure(pl_gpio_lines *lines, const pl_gpio_settings *settings, uint64_t values) {
    if (settings->is_output && settings->has_edges) return EINVAL;
    lines->settings = *settings;
    struct gpiod_line_config *config = make_config(lines, values);
    if (!config) return errno;
    int error = gpiod_line_request_reconfigure_lines(lines->request, config) ? errno : 0;
    lines->values = values;
    gpiod_line_config_free(config);
    return error;
}

int pl_gpio_set(pl_gpio_lines *lines, uint64_t values) {
    // Only what changes: to let go of a line, most chips need a call of the driver for each.
    unsigned offsets[PL_GPIO_MOST_LINES];
    enum gpiod_line_value levels[PL_GPIO_MOST_LINES];
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (((lines->values ^ values) >> i & 1) == 0) continue;
        offsets[count] = lines->offsets[i];
        levels[count++] = values >> i & 1 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    }
    if (count == 0) return 0;
    if (gpiod_line_request_set_values_subset(lines->request, count, offsets, levels)) return errno;
    lines->values = values;
    return 0;
}

int pl_gpio_get(pl_gpio_lines *lines, uint64_t *values) {
    enum gpiod_line_value levels[PL_GPIO_MOST_LINES];
    if (gpiod_line_request_get_values(lines->request, levels)) return errno;
    *values = 0;
    for (size_t i = 0; i < lines->count; i++) *values |= (uint64_t)(levels[i] == GPIOD_LINE_VALUE_ACTIVE) << i;
    return 0;
}

int pl_gpio_descriptor(const pl_gpio_lines *lines) {
    return gpiod_line_request_get_fd(lines->request);
}

int pl_gpio_request_descriptor(const pl_gpio_lines *lines) {
    return pl_gpio_descriptor(lines);
}

int pl_gpio_take_edges(pl_gpio_lines *lines, uint64_t *first) {
    *first = 0;
    // Each round takes what was there at its start; a line that never rests must not keep the caller here.
    for (int round = 0; round < 16; round++) {
        struct pollfd query = {.fd = pl_gpio_descriptor(lines), .events = POLLIN};
        int ready = poll(&query, 1, 0);
        if (ready < 0) return errno == EINTR ? 0 : errno;
        if (ready == 0) return 0;
        int taken = gpiod_line_request_read_edge_events(lines->request, lines->edges, EDGES);
        if (taken < 0) return errno;
        for (int i = 0; i < taken; i++) {
            uint64_t time = gpiod_edge_event_get_timestamp_ns(gpiod_edge_event_buffer_get_event(lines->edges, i));
            if (*first == 0 || time < *first) *first = time;
        }
    }
    return 0;
}

#endif

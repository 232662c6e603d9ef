// What both generations of libgpiod are reduced to; gpio.c holds what they share, gpio_v1.c and gpio_v2.c one each.
#ifndef PLATEN_GPIO_INTERNAL_H
#define PLATEN_GPIO_INTERNAL_H

#include <gpiod.h>

#include "gpio.h"

// Only the first generation has it.
#ifdef GPIOD_LINE_BULK_MAX_LINES
#define PL_GPIO_V1
#endif

struct pl_gpio_lines {
    unsigned offsets[PL_GPIO_MOST_LINES];
    size_t count;
    pl_gpio_settings settings;
    char consumer[PL_GPIO_NAME_SIZE];
    uint32_t guard_id; // 0 where the guard does not hold the lines
#ifdef PL_GPIO_V1
    struct gpiod_chip *chip; // owns the lines
    struct gpiod_line_bulk bulk;
    int epoll;               // of the lines' descriptors: they have one each
    bool is_requested;
    int handle;              // the kernel's own descriptor of outputs; -1 where it was not found
#else
    struct gpiod_line_request *request;
    uint64_t values;         // of outputs, as they were set
    struct gpiod_edge_event_buffer *edges;
#endif
};

// Copies a name, cut to what fits.
void pl_gpio_copy_name(char *to, size_t size, const char *from);

// Fills a group whose offsets, count, settings and consumer are set. What it has taken when it fails, `pl_gpio_close` gives back.
int pl_gpio_open(pl_gpio_lines *lines, const char *path, uint64_t values);
void pl_gpio_close(pl_gpio_lines *lines);

// The descriptor by which the kernel knows the group, for its ioctls; negative where nobody knows it.
int pl_gpio_request_descriptor(const pl_gpio_lines *lines);

// Takes the lines from the guard, if it holds them.
void pl_gpio_unguard(pl_gpio_lines *lines);

#endif

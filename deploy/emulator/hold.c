// Pulses the first eight lines of a chip in turn, through CHardware's gpio.h alone, until somebody ends it.
// usage: hold CHIP
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gpio.h"

int main(int count, char **arguments) {
    static const unsigned offsets[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const uint64_t inactive = 0;
    pl_gpio_settings settings = {.is_output = true};
    pl_gpio_lines *lines;
    char path[PL_GPIO_PATH_SIZE];
    int error = count == 2 ? pl_gpio_find_chip(arguments[1], path) : 2;
    if (!error) error = pl_gpio_request(path, offsets, 8, &settings, 0, "hold", &lines);
    if (!error) error = pl_gpio_guard(lines, &inactive, 1);
    for (unsigned pulse = 0; !error; pulse++) {
        error = pl_gpio_set(lines, pulse % 2 ? 0 : 1u << pulse / 2 % 8);
        nanosleep(&(struct timespec){.tv_nsec = 40000000}, NULL);
    }
    fprintf(stderr, "hold: %s\n", strerror(error));
    return 1;
}

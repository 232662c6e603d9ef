/// GPIO lines through libgpiod, whose two generations (1.6 of Debian 12, 2.x of Debian 13) have different interfaces; here is one.
/// Only calls the library: no policy. Every function that returns an int returns 0, or a number of <errno.h>.
///
/// Lines are requested in groups, all of one chip and of one configuration. Bit i of a group's values is the i-th line that was
/// requested: 1 is the active level, whether that is high or low. No thread may use a group while another does.
#ifndef PLATEN_GPIO_H
#define PLATEN_GPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    /// Lines in a group: the kernel's own limit (GPIO_V2_LINES_MAX in <linux/gpio.h>).
    PL_GPIO_MOST_LINES = 64,
    /// Bytes of a chip's path and of a name, their final zeros included. The kernel's names have 32 (GPIO_MAX_NAME_SIZE).
    PL_GPIO_PATH_SIZE = 256,
    PL_GPIO_NAME_SIZE = 64,
    /// States that the guard may set one after another.
    PL_GPIO_MOST_STATES = 4,
};

typedef enum {
    PL_GPIO_PULL_AS_IS = 0, // as the device tree or whoever had the line before left it
    PL_GPIO_PULL_NONE = 1,
    PL_GPIO_PULL_UP = 2,
    PL_GPIO_PULL_DOWN = 3,
} pl_gpio_pull;

typedef struct {
    bool is_output;
    bool active_low;
    /// Of an output: only the active level is driven, the inactive one is high impedance (open drain if active low, else open
    /// source). Lines that a contact may join never work against each other then.
    bool is_open;
    /// Of an input: both edges are kept for the descriptor. Not for a group that is or becomes an output.
    bool has_edges;
    pl_gpio_pull pull;
} pl_gpio_settings;

typedef struct {
    char name[PL_GPIO_NAME_SIZE];  // gpiochip0
    char label[PL_GPIO_NAME_SIZE]; // pinctrl-bcm2711
    size_t line_count;
} pl_gpio_chip_info;

typedef struct {
    char name[PL_GPIO_NAME_SIZE];     // empty where the line has none
    char consumer[PL_GPIO_NAME_SIZE]; // who uses it; empty where nobody says
    bool is_used;
} pl_gpio_line_info;

typedef struct pl_gpio_lines pl_gpio_lines;

/// The path of a chip that is given by its path (with a slash), its name or its label.
/// ENOENT: there is none; ENOTUNIQ: several have this label; EACCES and others: as opening /dev/gpiochip* said, if none was found.
int pl_gpio_find_chip(const char *chip, char path[PL_GPIO_PATH_SIZE]);

/// The index-th chip of the machine, in the order of names as the directory has them; ENOENT after the last.
int pl_gpio_list_chip(size_t index, char path[PL_GPIO_PATH_SIZE]);

int pl_gpio_describe_chip(const char *path, pl_gpio_chip_info *info);
int pl_gpio_describe_line(const char *path, unsigned offset, pl_gpio_line_info *info);

/// The number of the line with this name. ENOENT: there is none; ENOTUNIQ: several have it.
int pl_gpio_find_line(const char *path, const char *name, unsigned *offset);

/// Takes `count` different lines of a chip: 1 to PL_GPIO_MOST_LINES, else EINVAL. EBUSY: somebody uses one of them.
/// - values: of outputs, from the first moment on.
/// - consumer: who uses them, for others to see.
int pl_gpio_request(
    const char *path, const unsigned *offsets, size_t count, const pl_gpio_settings *settings, uint64_t values, const char *consumer,
    pl_gpio_lines **lines);

/// Changes direction, pull or edges of a group. With libgpiod 1 edges take a request of their own, so that for a moment nobody
/// has the lines.
int pl_gpio_reconfigure(pl_gpio_lines *lines, const pl_gpio_settings *settings, uint64_t values);

/// Sets all lines of a group of outputs at once.
int pl_gpio_set(pl_gpio_lines *lines, uint64_t values);

int pl_gpio_get(pl_gpio_lines *lines, uint64_t *values);

/// To poll for reading: ready when a line with edges has changed. Stays the same for the group's life.
int pl_gpio_descriptor(const pl_gpio_lines *lines);

/// Takes away the edges that have been kept, without waiting.
/// - first: nanoseconds of CLOCK_MONOTONIC of the first one; 0 where there was none.
int pl_gpio_take_edges(pl_gpio_lines *lines, uint64_t *first);

/// Starts the guard, unless it runs: a process that sets outputs inactive as soon as this program has died in whatever way, SIGKILL
/// included. A driver may leave a line as it is when nobody holds it any more: those of Raspberry Pi OS and of port expanders do.
///
/// The guard is a copy of this program as it is now, which shares its memory until either writes to it: start it while the program is
/// small. Signals do not end it; it ends with the program.
int pl_gpio_start_guard(void);

/// Has the guard, which is started if it does not run, set these outputs to the states, one after another, when this program has died.
/// EPIPE: somebody has killed the guard; ENOTSUP: libgpiod 1 does not show the kernel's descriptor (without /proc).
/// - states: 1 to PL_GPIO_MOST_STATES values as `pl_gpio_set` takes them.
int pl_gpio_guard(pl_gpio_lines *lines, const uint64_t *states, size_t count);

/// Gives the lines back, also from the guard; they keep the level that they have where the hardware allows it. NULL is allowed.
void pl_gpio_release(pl_gpio_lines *lines);

#ifdef __cplusplus
}
#endif
#endif

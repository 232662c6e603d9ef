#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gpio_internal.h"

static const char directory[] = "/dev";

void pl_gpio_copy_name(char *to, size_t size, const char *from) {
    snprintf(to, size, "%s", from ? from : "");
}

// The next chip of an open directory. Links are left out: they are second names (Raspberry Pi OS has one for old programs).
static bool next_chip(DIR *entries, char path[PL_GPIO_PATH_SIZE]) {
    struct dirent *entry;
    while ((entry = readdir(entries))) {
        struct stat status;
        if (strncmp(entry->d_name, "gpiochip", 8) != 0) continue;
        int length = snprintf(path, PL_GPIO_PATH_SIZE, "%s/%s", directory, entry->d_name);
        if (length < 0 || length >= PL_GPIO_PATH_SIZE) continue;
        if (lstat(path, &status) == 0 && S_ISCHR(status.st_mode)) return true;
    }
    return false;
}

int pl_gpio_list_chip(size_t index, char path[PL_GPIO_PATH_SIZE]) {
    DIR *entries = opendir(directory);
    if (!entries) return errno;
    bool found = next_chip(entries, path);
    for (; found && index > 0; index--) found = next_chip(entries, path);
    closedir(entries);
    return found ? 0 : ENOENT;
}

int pl_gpio_find_chip(const char *chip, char path[PL_GPIO_PATH_SIZE]) {
    if (strchr(chip, '/')) {
        pl_gpio_chip_info info;
        if (strlen(chip) >= PL_GPIO_PATH_SIZE) return ENAMETOOLONG;
        pl_gpio_copy_name(path, PL_GPIO_PATH_SIZE, chip);
        return pl_gpio_describe_chip(path, &info);
    }
    DIR *entries = opendir(directory);
    if (!entries) return errno;
    char candidate[PL_GPIO_PATH_SIZE];
    int result = ENOENT;
    while (next_chip(entries, candidate)) {
        pl_gpio_chip_info info;
        int error = pl_gpio_describe_chip(candidate, &info);
        if (error) {
            // One that cannot be asked may be the one.
            if (result == ENOENT) result = error;
            continue;
        }
        bool is_named = strcmp(info.name, chip) == 0;
        if (!is_named && strcmp(info.label, chip) != 0) continue;
        if (result == 0 && !is_named) {
            result = ENOTUNIQ;
            continue;
        }
        result = 0;
        memcpy(path, candidate, sizeof candidate);
        if (is_named) break;
    }
    closedir(entries);
    return result;
}

int pl_gpio_request(
    const char *path, const unsigned *offsets, size_t count, const pl_gpio_settings *settings, uint64_t values, const char *consumer,
    pl_gpio_lines **result) {
    if (count == 0 || count > PL_GPIO_MOST_LINES || (settings->is_output && settings->has_edges)) return EINVAL;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (offsets[i] == offsets[j]) return EINVAL;
    pl_gpio_lines *lines = calloc(1, sizeof *lines);
    if (!lines) return ENOMEM;
    memcpy(lines->offsets, offsets, count * sizeof *offsets);
    lines->count = count;
    lines->settings = *settings;
    pl_gpio_copy_name(lines->consumer, sizeof lines->consumer, consumer);
    int error = pl_gpio_open(lines, path, values);
    if (error) {
        pl_gpio_release(lines);
        return error;
    }
    *result = lines;
    return 0;
}

void pl_gpio_release(pl_gpio_lines *lines) {
    if (!lines) return;
    pl_gpio_unguard(lines);
    pl_gpio_close(lines);
    free(lines);
}

// Sends a file through CHardware's serial.h alone, at 9600 baud with XON/XOFF, and ends when the last byte has left the kernel.
// usage: send LINE FILE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "serial.h"

static int failed(const char *what, int error) {
    fprintf(stderr, "send: %s: %s\n", what, strerror(error));
    return 1;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    const pl_serial_settings settings = {.baud = 9600, .data_bits = 8, .parity = 'N', .stop_bits = 1, .has_xon_xoff = true};
    const char *refused = NULL;
    int line, error = pl_serial_open(arguments[1], &settings, &line, &refused);
    if (error) return failed(refused ? refused : arguments[1], error);
    FILE *file = fopen(arguments[2], "r");
    if (!file) return failed(arguments[2], errno);
    char bytes[256];
    size_t read;
    while ((read = fread(bytes, 1, sizeof bytes, file)) > 0) {
        for (size_t sent = 0; sent < read;) {
            struct pollfd query = {.fd = line, .events = POLLOUT};
            poll(&query, 1, -1);
            ssize_t written = write(line, bytes + sent, read - sent);
            if (written < 0 && errno != EAGAIN) return failed("writing", errno);
            if (written > 0) sent += (size_t)written;
        }
    }
    int unsent = 1;
    while (!(error = pl_serial_unsent(line, &unsent)) && unsent > 0) usleep(50000);
    return error ? failed("waiting", error) : 0;
}

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "serial.h"

static const unsigned sizes[] = {CS5, CS6, CS7, CS8};
static const unsigned parity_bits = PARENB | PARODD | CMSPAR;

static unsigned parity_flags(uint8_t parity) {
    switch (parity) {
    case 'E': return PARENB;
    case 'O': return PARENB | PARODD;
    case 'M': return PARENB | CMSPAR | PARODD;
    case 'S': return PARENB | CMSPAR;
    default: return 0;
    }
}

static const char *out_of_range(const pl_serial_settings *settings) {
    if (settings->baud == 0) return "baud";
    if (settings->data_bits < 5 || settings->data_bits > 8) return "data_bits";
    if (settings->parity != 'N' && !parity_flags(settings->parity)) return "parity";
    if (settings->stop_bits < 1 || settings->stop_bits > 2) return "stop_bits";
    return NULL;
}

static struct termios2 requested(struct termios2 mode, const pl_serial_settings *settings) {
    mode.c_iflag = IGNBRK;
    // Without these two a damaged character would arrive as if it were right.
    if (settings->parity != 'N') mode.c_iflag |= INPCK | IGNPAR;
    if (settings->has_xon_xoff) mode.c_iflag |= IXON | IXOFF;
    mode.c_oflag = 0;
    mode.c_lflag = 0;
    mode.c_cflag = (mode.c_cflag & HUPCL) | CREAD | CLOCAL | BOTHER | (unsigned)BOTHER << IBSHIFT;
    mode.c_cflag |= sizes[settings->data_bits - 5] | parity_flags(settings->parity);
    if (settings->stop_bits == 2) mode.c_cflag |= CSTOPB;
    if (settings->has_rts_cts) mode.c_cflag |= CRTSCTS;
    mode.c_ispeed = mode.c_ospeed = settings->baud;
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    mode.c_cc[VSTART] = 0x11;
    mode.c_cc[VSTOP] = 0x13;
    return mode;
}

// A character of ten bits is sampled in the middle of its last bit, half a bit off at most: 5 % for both sides together.
static bool is_near(unsigned actual, unsigned baud) {
    unsigned difference = actual > baud ? actual - baud : baud - actual;
    return difference <= baud / 33 + 1;
}

// What a driver took instead of what it was asked for: many USB adapters know only 7 and 8 bits, or no low rates.
static const char *refusal(const struct termios2 *asked, const struct termios2 *actual, const pl_serial_settings *settings) {
    unsigned differences = asked->c_cflag ^ actual->c_cflag;
    if (!is_near(actual->c_ospeed, settings->baud)) return "baud";
    if (differences & CSIZE) return "data_bits";
    if (differences & parity_bits) return "parity";
    if (differences & CSTOPB) return "stop_bits";
    if (differences & CRTSCTS || (asked->c_iflag ^ actual->c_iflag) & (IXON | IXOFF)) return "flow";
    return NULL;
}

// It carries bytes, and has no wire with bits on it. The numbers are those of Linux' devices.txt, UNIX98 PTY slaves.
static bool is_pseudo_terminal(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISCHR(status.st_mode)) return false;
    return major(status.st_rdev) >= 136 && major(status.st_rdev) <= 143;
}

static int configure(int descriptor, const pl_serial_settings *settings, const char **refused) {
    struct termios2 mode;
    if (ioctl(descriptor, TCGETS2, &mode) != 0) return errno == EINVAL ? ENOTTY : errno;
    struct termios2 asked = requested(mode, settings);
    if (ioctl(descriptor, TCSETS2, &asked) != 0) return errno;
    if (is_pseudo_terminal(descriptor)) return 0;
    struct termios2 actual;
    if (ioctl(descriptor, TCGETS2, &actual) != 0) return errno;
    *refused = refusal(&asked, &actual, settings);
    return *refused ? EINVAL : 0;
}

int pl_serial_open(const char *path, const pl_serial_settings *settings, int *descriptor, const char **refused) {
    *refused = out_of_range(settings);
    if (*refused) return EINVAL;
    int opened = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (opened < 0) return errno;
    int error = configure(opened, settings, refused);
    if (error) {
        close(opened);
        return error;
    }
    *descriptor = opened;
    return 0;
}

int pl_serial_unsent(int descriptor, int *count) {
    return ioctl(descriptor, TIOCOUTQ, count) == 0 ? 0 : errno;
}

int pl_serial_drop_unsent(int descriptor) {
    return ioctl(descriptor, TCFLSH, TCOFLUSH) == 0 ? 0 : errno;
}

int pl_serial_set_rts(int descriptor, bool on) {
    int line = TIOCM_RTS;
    return ioctl(descriptor, on ? TIOCMBIS : TIOCMBIC, &line) == 0 ? 0 : errno;
}

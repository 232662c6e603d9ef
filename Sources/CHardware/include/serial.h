/// Serial lines: any baud rate, length of character, parity and flow control, through the kernel's termios2, whose header excludes
/// that of the C library's termios. No policy. Reading, writing and waiting are those of any descriptor.
#ifndef PLATEN_SERIAL_H
#define PLATEN_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    /// Bits a second, 1 or more; the driver takes the nearest that its clock can make (45 stands for a teletype's 45.45).
    uint32_t baud;
    /// 5 to 8.
    uint8_t data_bits;
    /// 'N'one, 'E'ven, 'O'dd, 'M'ark (always 1) or 'S'pace (always 0).
    uint8_t parity;
    /// 1 or 2. Two of a character of 5 bits are one and a half on UARTs that follow the 16450.
    uint8_t stop_bits;
    /// DC3 (13h) from the other side stops the output, DC1 (11h) lets it go on; the same is sent when the kernel's buffer fills.
    bool has_xon_xoff;
    /// The lines RTS and CTS do that.
    bool has_rts_cts;
} pl_serial_settings;

/// Opens a line for reading and writing without waiting for a carrier or, later, for anything: as bytes, none of them special.
/// What has been received already is kept, so that two parts of a program may open the same line with the same settings.
/// Returns 0, or a number of <errno.h>. EINVAL, with the name of the first setting that it is about in `refused`: out of range, or
/// the driver took something else. ENOTTY: this is no serial line. `refused` is NULL in all other cases.
int pl_serial_open(const char *path, const pl_serial_settings *settings, int *descriptor, const char **refused);

/// Bytes that were written and have not left the kernel's buffer.
int pl_serial_unsent(int descriptor, int *count);

/// Drops what was written and has not been sent.
int pl_serial_drop_unsent(int descriptor);

/// Switches RTS, which starts the motor of many a teletype. EINVAL or ENOTTY: the line has none.
int pl_serial_set_rts(int descriptor, bool on);

#ifdef __cplusplus
}
#endif
#endif

/// Waiting to the nanosecond.
#ifndef PLATEN_WAIT_H
#define PLATEN_WAIT_H

#include <poll.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// As poll(2), but for at most so many nanoseconds; for ever where they are negative. (Swift does not see ppoll(2), which takes _GNU_SOURCE.)
int pl_poll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds);

/// Sleeps for so many nanoseconds. The thread gives up the slack of 50 microseconds that its timers have else.
void pl_sleep(uint64_t nanoseconds);

#ifdef __cplusplus
}
#endif
#endif

/// ppoll(2), which Swift does not see without _GNU_SOURCE.
#ifndef PLATEN_WAIT_H
#define PLATEN_WAIT_H

#include <poll.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// As poll(2), but for at most so many nanoseconds; for ever where they are negative.
int pl_poll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds);

#ifdef __cplusplus
}
#endif
#endif

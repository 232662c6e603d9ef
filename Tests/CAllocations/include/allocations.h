// Counts what a program asks of the C library's allocator and of mmap, on all threads: linking this target is enough.
#ifndef PLATEN_ALLOCATIONS_H
#define PLATEN_ALLOCATIONS_H

#include <stdbool.h>

/// Calls of malloc, calloc, realloc, the aligned ones and mmap since the program started.
long allocations_so_far(void);
/// False where a sanitizer has an allocator of its own, and nothing is counted.
bool allocations_are_counted(void);

#endif

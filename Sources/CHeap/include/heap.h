#pragma once
#include <stdint.h>

/// How often this thread has asked the heap for memory: every call of malloc, calloc, realloc and
/// their aligned kin since it started. 0 in a build with a sanitizer, which has a heap of its own.
uint64_t heap_requests(void);

/// The bytes of the heap that this process has asked for and not given back, as glibc counts them:
/// with the rounding up and the header of each block, whether or not its pages were ever touched.
int64_t heap_bytes_in_use(void);

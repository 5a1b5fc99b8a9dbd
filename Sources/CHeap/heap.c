// Counts how often a thread asks the heap for memory, for `fairfill bench`.
//
// glibc has had no malloc hooks since 2.34, but a program may put functions of these names before
// its own, and then all libraries of the process call them. These add one to a number that is the
// thread's alone, which is too little to be measured, and let glibc do the work; so what they
// answer may be given to glibc's free.
#include "heap.h"
#include <errno.h>
#include <malloc.h>
#include <stddef.h>

static __thread uint64_t requests __attribute__((tls_model("initial-exec")));

uint64_t heap_requests(void) { return requests; }

int64_t heap_bytes_in_use(void) {
    struct mallinfo2 all = mallinfo2();
    return (int64_t)(all.uordblks + all.hblkhd);
}

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) \
    && !__has_feature(memory_sanitizer)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    requests++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    requests++;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    requests++;
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    requests++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    requests++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    requests++;
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    void *made = __libc_memalign(alignment, size);
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

#endif

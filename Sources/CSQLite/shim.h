#pragma once
#include <linux/stat.h>
#include <sqlite3.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// SQLITE_STATIC and SQLITE_TRANSIENT are casts, which Swift does not import.
// Bytes bound this way must stay where they are until the statement is reset.
static inline int fairfill_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    // A NULL pointer would bind NULL; an empty value is not a missing one.
    return sqlite3_bind_blob(statement, index, count == 0 ? "" : bytes, count, SQLITE_STATIC);
}

// Text is copied by SQLite: it is bound rarely.
static inline int fairfill_bind_text(sqlite3_stmt *statement, int index, const char *text, int count) {
    return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}

// Which file a path names: its device and its number there; 0 where it names one.
//
// Only these are asked for. A kernel that hands out a file's times gives the next write to it a
// new one (multigrain timestamps, Linux 6.13), which each commit would then bring to the disk:
// asking for them before every commit took a fifth of the commits a second.
static inline int fairfill_file_number(const char *path, uint64_t *device, uint64_t *number) {
    struct statx status;
    const int here = -100;  // AT_FDCWD
    if (syscall(SYS_statx, here, path, 0, STATX_INO, &status) == 0) {
        *device = ((uint64_t)status.stx_dev_major << 32) | status.stx_dev_minor;
        *number = status.stx_ino;
        return 0;
    }
    return -1;
}

// Whether no connection, of this process or another, reads from the file or its WAL at this moment:
// whoever does holds one of the five locks of readers (3 to 7 of SQLite's WAL index).
static inline int fairfill_is_unread(sqlite3 *database) {
    sqlite3_file *file = 0;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK
        || !file || !file->pMethods || file->pMethods->iVersion < 2)
        return 0;
    const int first = 3, count = 5;
    if (file->pMethods->xShmLock(file, first, count, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE))
        return 0;
    file->pMethods->xShmLock(file, first, count, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    return 1;
}

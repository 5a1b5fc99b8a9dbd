#pragma once
#include <sqlite3.h>

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

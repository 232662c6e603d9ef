/// SQLite as it is, and what of it is a macro with a cast, which Swift does not see.
#ifndef PLATEN_CSQLITE_H
#define PLATEN_CSQLITE_H

#include <sqlite3.h>

/// A bound text is copied before the call returns.
static inline sqlite3_destructor_type pl_sqlite_transient(void) { return SQLITE_TRANSIENT; }

#endif

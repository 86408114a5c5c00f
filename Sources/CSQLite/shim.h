#include <sqlite3.h>

/* sqlite3_config takes a variable number of arguments, which Swift can not call.
   Without the count of memory in use, no allocation waits for a process-wide lock. */
static inline int mink_sqlite_without_memory_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// Regular expressions in linear time: the part of RE2 that expressions need, as C functions.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern.
typedef struct mink_re2 mink_re2;

/// Compiles a pattern of UTF-8 text. Never fails: ask `mink_re2_error` whether it is usable.
mink_re2 *mink_re2_compile(const char *pattern, size_t length, long memory_limit);

/// Why the pattern cannot be used; an empty text when it can. Lives as long as the pattern.
const char *mink_re2_error(const mink_re2 *pattern);

/// The number of groups in parentheses.
int mink_re2_group_count(const mink_re2 *pattern);

/// Searches from `start`; fills `groups` with pairs of byte offsets (−1, −1: did not take part).
bool mink_re2_search(
    const mink_re2 *pattern, const char *text, size_t length, size_t start, ptrdiff_t *groups,
    int group_count);

void mink_re2_free(mink_re2 *pattern);

#ifdef __cplusplus
}
#endif

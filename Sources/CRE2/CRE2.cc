#include "CRE2.h"

#include <re2/re2.h>

#include <vector>

struct mink_re2 {
    re2::RE2 pattern;
    mink_re2(re2::StringPiece text, const re2::RE2::Options &options) : pattern(text, options) {}
};

mink_re2 *mink_re2_compile(const char *pattern, size_t length, long memory_limit) {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(memory_limit);
    return new mink_re2(re2::StringPiece(pattern, length), options);
}

const char *mink_re2_error(const mink_re2 *pattern) { return pattern->pattern.error().c_str(); }

int mink_re2_group_count(const mink_re2 *pattern) {
    return pattern->pattern.NumberOfCapturingGroups();
}

bool mink_re2_search(
    const mink_re2 *pattern, const char *text, size_t length, size_t start, ptrdiff_t *groups,
    int group_count) {
    std::vector<re2::StringPiece> found(group_count);
    const re2::StringPiece whole(text, length);
    if (!pattern->pattern.Match(
            whole, start, length, re2::RE2::UNANCHORED, found.data(), group_count)) {
        return false;
    }
    for (int group = 0; group < group_count; group++) {
        const bool took_part = found[group].data() != nullptr;
        groups[2 * group] = took_part ? found[group].data() - text : -1;
        groups[2 * group + 1] = took_part ? groups[2 * group] + (ptrdiff_t)found[group].size() : -1;
    }
    return true;
}

void mink_re2_free(mink_re2 *pattern) { delete pattern; }

// The documents that the command line prints, as bytes of the binary: the JSON Schemas and the
// pages of the rule catalog and of guides. An installed binary finds them wherever it stands.
#pragma once
#include <stddef.h>

/// The bytes of a document; NULL when there is none of that name, such as "MW2001.md" or
/// "workflow.schema.json".
const unsigned char *mink_document(const char *name, size_t *length);

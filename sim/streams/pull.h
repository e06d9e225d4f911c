// What a look-up, a SELECT without EMIT, may ask of a table or stream (S31, E20).
#pragma once

#include "sim/streams/ast.h"
#include "sim/streams/schema.h"

namespace nutshell::streams {

// True: it may not, and the complaint says why.
bool refuses_pull(const Select& select, const Source& source, const Catalog& catalog, Complaint& complaint);

}  // namespace nutshell::streams

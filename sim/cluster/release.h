// Gives back the records that nobody holds any more.
#pragma once

#include "sim/cluster/world.h"

namespace nutshell {

// Looks through all that names records: logs, messages under way, what clients have in hand. Chunks of the record store
// in which none of these records stands are released. Done whenever the store has grown to twice what was held at the
// last look, so that a look costs next to nothing for each record written.
void release_records(World& world);

}  // namespace nutshell

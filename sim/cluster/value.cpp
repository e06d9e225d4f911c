// The world, what makes it and what is done to it, as values: made, copied and destroyed here, for everybody. A file of its own, because of
// all that is generated for it: done once a checkpoint, it wants no more optimising than what is seldom done.
#include "sim/cluster/plain_processes.h"
#include "sim/cluster/world.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(ActionBody)
NUTSHELL_VALUE_DEFINED(Setup)
NUTSHELL_VALUE_DEFINED(Kafka)
NUTSHELL_VALUE_DEFINED(World)

void ActionBody::fold_into(std::uint64_t& digest) const { fold(digest, static_cast<const ActionVariant&>(*this)); }

}  // namespace nutshell

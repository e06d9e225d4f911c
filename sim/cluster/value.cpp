// The world and what makes it, as values: made, copied and destroyed here, for everybody. A file of its own, because of
// all that is generated for it: done once a checkpoint, it wants no more optimising than what is seldom done.
#include "sim/cluster/world.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Setup)
NUTSHELL_VALUE_DEFINED(Kafka)
NUTSHELL_VALUE_DEFINED(World)

}  // namespace nutshell

// What is true of a cluster as a whole: the metadata that its controllers have committed.
#pragma once

#include "sim/cluster/world.h"

namespace nutshell {

// What is committed, as the controllers have it; nullptr: nothing yet.
const MetadataImage* committed_image(const World& world);

}  // namespace nutshell

#include "sim/cluster/image.h"

namespace nutshell {

const MetadataImage* committed_image(const World& world) {
  const MetadataImage* newest = nullptr;
  for (const Controller& each : world.controllers) {
    if (!newest || each.image.end_offset() > newest->end_offset()) newest = &each.image;
  }
  return newest;
}

}  // namespace nutshell

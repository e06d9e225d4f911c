// What becomes of the metadata log's snapshots, in words.
#include "sim/core/text.h"
#include "sim/kafka/facts_say.h"

namespace nutshell {

std::string say(const MetadataSnapshotTaken& f, const Namer& n) {
  return node_at_start(n.node(f.node)) + " writes a snapshot of the metadata below offset " + std::to_string(f.end_offset) + ".";
}
std::string say(const MetadataSnapshotFetched& f, const Namer& n) {
  return node_at_start(n.node(f.node)) + ", whose metadata log ended at " + std::to_string(f.from) +
         ", has a snapshot of all below offset " + std::to_string(f.end_offset) + " now, and goes on from there.";
}
std::string say(const MetadataLogStartRaised& f, const Namer& n) {
  return "The metadata log of " + n.node(f.node) + " begins at offset " + std::to_string(f.to) + " now: its snapshot says what was before.";
}

}  // namespace nutshell

#include "sim/session/scale.h"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/cluster/process_kind.h"

namespace nutshell {

namespace {

constexpr std::size_t kLooked = 4000;  // records
constexpr std::size_t kLongest = 4;    // the one with most letters need not be the widest

// Keeps those with most letters, each once.
void keep_longest(std::vector<std::string>& all) {
  // By length, then by letters: a total order.
  std::sort(all.begin(), all.end(),
            [](const std::string& a, const std::string& b) { return std::pair(b.size(), a) < std::pair(a.size(), b); });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.size() > kLongest) all.resize(kLongest);
}

void read_words(const World& world, StageScale& scale) {
  const auto& records = world.commons.store.records;
  for (std::size_t i = records.size() - std::min(records.size(), kLooked); i < records.size(); ++i) {
    if (!records.holds(i) || records[i].producer == kNoNode) continue;
    const Record& each = records[i];
    if (kind_of(world.fabric.nodes[static_cast<std::size_t>(each.producer)]).name == SchemaRegistryKind::name) continue;  // in _schemas
    if (each.key >= 0) scale.keys.emplace_back(world.fabric.names[each.key]);
    if (each.text < 0) continue;
    const std::string& text = world.fabric.names[each.text];
    scale.words.push_back(schema_id_in(text) > 0 ? "id 88" : text);  // ids grow: columns are to have room for them
  }
  keep_longest(scale.words);
  keep_longest(scale.keys);
}

// Where the logs of a partition end, by broker.
class LogEnds {
 public:
  explicit LogEnds(StageScale& scale) : scale_(scale) {}
  void note(TopicPartition tp, BrokerId broker, Offset end) {
    std::map<BrokerId, Offset>& ends = all_[{tp.topic, tp.partition}];
    ends[broker] = end;
    const auto by_end = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto [least, most] = std::minmax_element(ends.begin(), ends.end(), by_end);
    scale_.spread = std::max(scale_.spread, most->second - least->second);
    scale_.highest = std::max(scale_.highest, end);
  }

 private:
  StageScale& scale_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::map<BrokerId, Offset>> all_;
};

}  // namespace

StageScale scale_of(const Timeline& run) {
  StageScale scale;
  LogEnds ends(scale);
  for (const Fact& fact : run.facts()) {
    if (const auto* append = fact.body.as<BatchAppended>())
      ends.note(append->tp, append->broker, append->base_offset + append->count);
    if (const auto* cut = fact.body.as<LogTruncated>()) ends.note(cut->tp, cut->broker, cut->to);
  }
  read_words(run.world(), scale);
  return scale;
}

StageScale wider(StageScale one, const StageScale& other) {
  one.highest = std::max(one.highest, other.highest);
  one.spread = std::max(one.spread, other.spread);
  one.words.insert(one.words.end(), other.words.begin(), other.words.end());
  one.keys.insert(one.keys.end(), other.keys.begin(), other.keys.end());
  return one;
}

}  // namespace nutshell

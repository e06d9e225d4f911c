#include "sim/scenario/story_fold.h"

#include <algorithm>
#include <optional>

#include "sim/check/promises.h"
#include "sim/history/fact_pattern.h"

namespace nutshell {
namespace {

constexpr Duration kFoldWindow = 50 * kMillisecond;
constexpr std::size_t kMostListed = 6;

// A sentence cut in two at the thing that it speaks of.
struct Frame {
  std::string thing, before, after;
  bool same_frame(const Frame& other) const { return before == other.before && after == other.after; }
};

bool same_letter(char a, char b) { return (a | 0x20) == (b | 0x20); }

// Cuts at the first mention; sentences begin with a capital where the thing itself may not.
std::optional<Frame> cut_at(const std::string& sentence, const std::string& thing) {
  if (thing.empty()) return std::nullopt;
  std::size_t at = sentence.find(thing);
  const bool opens = sentence.size() >= thing.size() && same_letter(sentence[0], thing[0]) &&
                     sentence.compare(1, thing.size() - 1, thing, 1) == 0;
  if (opens) at = 0;
  if (at == std::string::npos) return std::nullopt;
  return Frame{thing, sentence.substr(0, at), sentence.substr(at + thing.size())};
}

std::string partition_of(const FactBody& body, const Namer& namer) {
  const std::string topic = field_text(body, "topic", namer);
  const std::string partition = field_text(body, "partition", namer);
  return topic.empty() || partition.empty() ? "" : topic + "-" + partition;
}

// The first node or broker that a fact names; empty: it names none.
std::string node_of(const FactBody& body, const Namer& namer) {
  const FactShape* shape = find_fact_shape(fact_name(body));
  if (!shape) return "";
  for (const FieldShape& field : shape->fields) {
    if (field.kind == FieldKind::broker) return "broker " + field_text(body, field.name, namer);
    if (field.kind == FieldKind::node) return field_text(body, field.name, namer);
  }
  return "";
}

// Facts told together so far, and how they may go on.
struct Telling {
  std::size_t first = 0;
  Time at = 0;
  Step position = 0;
  std::string sentence;
  std::optional<Frame> by_partition, by_node;
  std::vector<std::string> partitions, nodes;  // one of them grows
  std::int32_t count = 1;
};

bool grows(const Telling& group, const Telling& fact, std::optional<Frame> Telling::*axis) {
  const auto& a = group.*axis;
  const auto& b = fact.*axis;
  return a && b && a->same_frame(*b);
}

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// Takes the fact into the group if it says the same.
bool join(Telling& group, const Telling& fact) {
  const bool same = group.sentence == fact.sentence;
  if (same && group.partitions.size() <= 1 && group.nodes.size() <= 1) {
    ++group.count;
    return true;
  }
  if (group.nodes.size() <= 1 && grows(group, fact, &Telling::by_partition)) {
    add_new(group.partitions, fact.by_partition->thing);
  } else if (group.partitions.size() <= 1 && grows(group, fact, &Telling::by_node)) {
    add_new(group.nodes, fact.by_node->thing);
  } else {
    return false;
  }
  ++group.count;
  return true;
}

// Two promises that break in one step are two things to tell.
std::string sentence_of(const FactBody& body, const Namer& namer) {
  const auto* broken = body.as<PromiseBroken>();
  if (!broken) return sentence(body, namer);
  return "The promise " + std::string(promises()[static_cast<std::size_t>(broken->promise)].name) + " is broken.";
}

Telling make_group(std::size_t index, const Fact& fact, const Namer& namer) {
  Telling group;
  group.first = index;
  group.at = fact.at;
  group.position = fact.step + 1;
  group.sentence = sentence_of(fact.body, namer);
  group.by_partition = cut_at(group.sentence, partition_of(fact.body, namer));
  group.by_node = cut_at(group.sentence, node_of(fact.body, namer));
  if (group.by_partition) group.partitions.push_back(group.by_partition->thing);
  if (group.by_node) group.nodes.push_back(group.by_node->thing);
  return group;
}

bool parted(const std::vector<Step>& barriers, Step begin, Step end) {
  const auto barrier = std::lower_bound(barriers.begin(), barriers.end(), begin);
  return barrier != barriers.end() && *barrier < end;
}

std::string text_of(const Telling& group) {
  std::string text = group.sentence;
  if (group.partitions.size() > 1) {
    text = group.by_partition->before + list_text(group.partitions) + group.by_partition->after;
  } else if (group.nodes.size() > 1) {
    if (!text.empty() && text.back() == '.') text.pop_back();
    text += "; likewise " + list_text({group.nodes.begin() + 1, group.nodes.end()}) + ".";
  } else if (group.count > 1) {
    text += " (" + std::to_string(group.count) + " times)";
  }
  return text;
}

}  // namespace

std::string list_text(const std::vector<std::string>& items) {
  const bool all = items.size() <= kMostListed;
  const std::size_t shown = all ? items.size() : kMostListed / 2;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = all && i + 1 == shown;
    text += (i == 0 ? "" : last ? " and " : ", ") + items[i];
  }
  return all ? text : text + " and " + std::to_string(items.size() - shown) + " more";
}

std::vector<FoldedFact> fold_story(const Timeline& timeline, const std::vector<Step>& barriers) {
  const WorldNamer namer(timeline.world());
  std::vector<Telling> groups;
  std::size_t open = 0;  // groups from here on are young enough to grow
  for (std::size_t i = 0; i < timeline.facts().size(); ++i) {
    const Fact& fact = timeline.facts()[i];
    if (fact.step >= timeline.position()) break;
    if (fact_level(fact.body) != FactLevel::story) continue;
    Telling group = make_group(i, fact, namer);
    while (open < groups.size() && groups[open].at + kFoldWindow < fact.at) ++open;
    const auto taken = std::find_if(
        groups.begin() + static_cast<std::ptrdiff_t>(open), groups.end(),
        [&](Telling& each) { return !parted(barriers, each.position, group.position) && join(each, group); });
    if (taken == groups.end()) groups.push_back(std::move(group));
  }
  std::vector<FoldedFact> folded;
  for (const Telling& group : groups) folded.push_back({group.first, group.count, text_of(group)});
  return folded;
}

}  // namespace nutshell

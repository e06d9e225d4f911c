#include "viz/panels/stage_layout.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "sim/cluster/process_kind.h"
#include "sim/cluster/zones.h"

namespace nutshell {

namespace {

// Sizes in logical pixels: usual, and where rows would have to be left out; the same for the back row.
struct Sizes {
  float margin, gap, header, most_row, least_row, cell, most_cell, controller, producer, group_head, member;
};
constexpr Sizes kUsual = {16, 12, 38, 116, 27, 24, 66, 58, 116, 54, 92};
constexpr Sizes kTight = {12, 8, 28, 116, 21, 17, 66, 34, 116, 54, 92};
constexpr Sizes kProjected = {20, 14, 58, 120, 48, 40, 84, 62, 200, 74, 116};
constexpr Sizes kProjectedTight = {16, 10, 44, 120, 34, 28, 84, 62, 200, 74, 116};

float clamp_part(float whole, float part, float least, float most) { return within(whole * part, least, most); }

class Layouter {
 public:
  Layouter(const Canvas& canvas, const World& world, Rect area, const StageFocus& focus, const Sizes& sizes)
      : canvas_(canvas), world_(world), focus_(focus), sizes_(sizes) {
    layout_.area = area;
  }

  StageLayout build() {
    Rect rest = layout_.area.inset(sizes_.margin);
    const bool groups = focus_.building || !world_.consumers.empty();
    const bool producers = focus_.building || !world_.producers.empty() || !plain_nodes().empty();
    const float narrow = rest.w < 900 ? 0.85F : 1.0F;
    // Wide enough for their names, within reason.
    const float names = std::min(widest_producer() + canvas_.big(44, 66), rest.w * 0.2F);
    float left = producers ? std::max(clamp_part(rest.w, 0.135F, 120, canvas_.big(192, 230)) * narrow, names) : 0;
    float right = groups ? clamp_part(rest.w, 0.185F, 150, canvas_.big(256, 300)) * narrow : 0;
    float gutter = clamp_part(rest.w, 0.06F, 40, 104);
    // A map is as wide as it can be: what stands beside it has as much as it needs.
    if (is_map()) {
      left = producers ? std::max(canvas_.big(110, 170), std::min(names, left)) : 0;
      right = groups ? canvas_.big(136, 200) : 0;
      gutter = canvas_.big(26, 40);
    }
    layout_.quorum = rest.take_top(focus_.controllers ? sizes_.controller + sizes_.gap + canvas_.big(8, 30) : canvas_.big(28, 44));
    Rect producer_area = rest.take_left(left);
    layout_.left_gutter = rest.take_left(gutter);
    Rect group_area = rest.take_right(right);
    layout_.right_gutter = rest.take_right(groups ? gutter : gutter * 0.5F);
    if (focus_.controllers) place_controllers(rest);
    else layout_.quorum = {rest.x, layout_.quorum.y, rest.w, layout_.quorum.h};
    // Room below the brokers to say that there is no topic yet.
    if (focus_.building && !world_.brokers.empty() && user_partitions(world_).empty()) rest.take_bottom(canvas_.big(80, 112));
    place_brokers(rest);
    place_producers(producer_area);
    place_groups(group_area);
    return std::move(layout_);
  }

 private:
  // So many brokers or partitions that rows would not do, whatever stands beside them.
  bool is_map() {
    const float high = layout_.area.h - 2 * sizes_.margin - sizes_.controller - sizes_.gap - 8;
    choose(high);
    const bool alone = layout_.hidden_brokers > 0, map = capacity(high) == 0 || (!alone && needs_map(high));
    layout_.shown.clear();
    layout_.folded.clear();
    layout_.hidden_brokers = 0;
    present_.clear();
    return map;
  }

  float widest_producer() const {
    float most = 0;
    for (const Producer& each : world_.producers)
      most = std::max(most, canvas_.width({Face::bold, Size::body}, world_.fabric.nodes[static_cast<std::size_t>(each.node)].name));
    for (NodeId each : plain_nodes())
      most = std::max(most, canvas_.width({Face::bold, Size::body}, world_.fabric.nodes[static_cast<std::size_t>(each)].name));
    return most;
  }

  std::vector<NodeId> plain_nodes() const {
    std::vector<NodeId> all;
    for (std::size_t i = 0; i < world_.fabric.nodes.size(); ++i)
      if (kind_of(world_.fabric.nodes[i]).plain) all.push_back(static_cast<NodeId>(i));
    return all;
  }

  void place_controllers(Rect brokers) {
    const auto count = static_cast<float>(world_.controllers.size());
    const float wide = std::min(canvas_.big(240, 300), (brokers.w - 14 * (count - 1)) / count);
    float x = brokers.x;
    for (const Controller& each : world_.controllers) {
      layout_.controllers.push_back({each.node, {x, layout_.quorum.y, wide, sizes_.controller}});
      x += wide + 14;
    }
  }

  std::vector<TopicPartition> replicas_of(const Broker& broker) const {
    std::vector<TopicPartition> held;
    const MetadataImage* image = committed_image(world_);
    for (TopicPartition tp : layout_.shown) {
      const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
      if (partition && partition->replicas.contains(static_cast<std::int16_t>(broker.id))) held.push_back(tp);
    }
    return held;
  }

  std::size_t most_replicas() const {
    std::size_t most = 1;
    for (std::size_t each : present_) most = std::max(most, replicas_of(world_.brokers[each]).size());
    return most;
  }

  // Rows of replicas that a card has room for if all brokers that are present share the height.
  std::size_t capacity(float high) const {
    const auto brokers = static_cast<float>(std::max<std::size_t>(present_.size(), 1));
    const float each = (high - sizes_.gap * (brokers - 1)) / brokers;
    return static_cast<std::size_t>(std::max(0.0F, (each - sizes_.header - 8) / sizes_.least_row));
  }
  // Of a replica, if all rows that are shown are equally high.
  float row_height(float high) const {
    float rows = 0;
    for (std::size_t each : present_) rows += static_cast<float>(std::max<std::size_t>(replicas_of(world_.brokers[each]).size(), 1));
    const auto brokers = static_cast<float>(std::max<std::size_t>(present_.size(), 1));
    return (high - sizes_.gap * (brokers - 1) - (sizes_.header + 8) * brokers) / std::max(rows, 1.0F);
  }
  bool needs_map(float high) const { return capacity(high) == 0 || most_replicas() > capacity(high) * 4; }

  // Leaves out what the focus is not about.
  void choose(float high) {
    layout_.shown = user_partitions(world_);
    present_ = brokers_by_zone(world_);
    const bool many = needs_map(high);
    const auto keep = [&](const auto& wanted) {
      std::vector<std::size_t> kept;
      std::copy_if(present_.begin(), present_.end(), std::back_inserter(kept), wanted);
      if (kept.empty()) return;
      layout_.hidden_brokers = present_.size() - kept.size();
      present_ = std::move(kept);
    };
    const TopicPartition tp = focus_.place.tp;
    if (std::find(layout_.shown.begin(), layout_.shown.end(), tp) != layout_.shown.end()) {
      show_only({tp});
      keep([&](std::size_t each) { return !replicas_of(world_.brokers[each]).empty(); });
    } else if (many && focus_.place.kind == PlaceKind::broker) {
      keep([&](std::size_t each) { return world_.brokers[each].node == focus_.place.node; });
      // The broker may not be there: in another branch, or at an earlier moment.
      if (layout_.hidden_brokers == 0) return;
      const std::vector<TopicPartition> held = replicas_of(world_.brokers[present_.front()]);
      if (held.empty()) return;
      show_only(held);
    }
  }

  void show_only(std::vector<TopicPartition> wanted) {
    for (TopicPartition each : layout_.shown) {
      if (std::find(wanted.begin(), wanted.end(), each) == wanted.end()) layout_.folded.push_back(each);
    }
    layout_.shown = std::move(wanted);
  }

  // The last partition that is healthy loses its rows; if none is, the last one. What is spoken of keeps them: false, if
  // that is all there is.
  bool fold_one() {
    std::vector<TopicPartition>& shown = layout_.shown;
    const auto is_kept = [&](TopicPartition each) {
      return std::find(focus_.kept.begin(), focus_.kept.end(), each) != focus_.kept.end();
    };
    auto which = std::find_if(shown.rbegin(), shown.rend(),
                              [&](TopicPartition each) { return is_healthy(world_, each) && !is_kept(each); });
    if (which == shown.rend()) which = std::find_if_not(shown.rbegin(), shown.rend(), is_kept);
    if (which == shown.rend() || shown.size() == 1) return false;
    layout_.folded.push_back(*which);
    shown.erase(std::next(which).base());
    return true;
  }

  // Folds until the rows are high enough; returns the height that is left for the cards. What is left out is said below
  // the last one. A single row is not left out: the words for it would take as much room.
  float fold(float high) {
    const float note = canvas_.height({Face::regular, Size::small}) * 0.9F;
    const std::size_t before = layout_.folded.size();
    const std::vector<TopicPartition> whole = layout_.shown;
    const float room = layout_.folded.empty() ? high : high - note;
    if (row_height(room) >= sizes_.least_row) return room;
    while (row_height(high - note) < sizes_.least_row && fold_one()) {
    }
    if (layout_.folded.size() != before + 1) return layout_.folded.size() == before ? room : high - note;
    const std::vector<TopicPartition> without = layout_.shown;
    layout_.shown = whole;
    if (row_height(room) >= sizes_.least_row * 0.75F || (layout_.shown = without, !fold_one())) {
      layout_.shown = whole;
      layout_.folded.resize(before);
      return room;
    }
    return high - note;
  }

  // What the rows do not need goes to the heads of the cards, their feet and the gaps between them.
  struct Spare {
    float head = 0, foot = 0, gap = 0;
  };
  Spare left_over(float high, float row) const {
    const auto count = static_cast<float>(std::max<std::size_t>(present_.size(), 1));
    float used = (sizes_.header + 8) * count + sizes_.gap * (count - 1);
    for (std::size_t each : present_) used += row * static_cast<float>(std::max<std::size_t>(replicas_of(world_.brokers[each]).size(), 1));
    const float each = std::max(high - used, 0.0F) / count;
    return {within(each * 0.4F, 0.0F, sizes_.header * 0.4F), within(each * 0.25F, 0.0F, canvas_.big(12, 18)),
            within(each * 0.35F, 0.0F, canvas_.big(16, 24))};
  }

  void place_brokers(Rect area) {
    choose(area.h);
    layout_.header = sizes_.header;
    const bool alone = layout_.hidden_brokers > 0;
    if (capacity(area.h) == 0 || (!alone && needs_map(area.h))) return place_map(area);
    area.h = fold(area.h);
    std::sort(layout_.folded.begin(), layout_.folded.end());
    set_row_widths(area.w);
    const float row = std::min(most_row(), row_height(area.h));
    const Spare more = left_over(area.h, row);
    layout_.header = sizes_.header + more.head;
    float y = area.y;
    for (std::size_t i : present_) {
      const std::vector<TopicPartition> held = replicas_of(world_.brokers[i]);
      const float high = layout_.header + row * static_cast<float>(std::max<std::size_t>(held.size(), 1)) + 8 + more.foot;
      layout_.brokers.push_back({world_.brokers[i].node, {area.x, y, area.w, high}});
      float top = y + layout_.header;
      for (TopicPartition tp : held) {
        layout_.rows.push_back({tp, i, {area.x + 6, top, area.w - 12, row}});
        top += row;
      }
      y += high + sizes_.gap + more.gap;
    }
    place_strips(area.w, row);
  }

  void set_row_widths(float wide) {
    const bool many = has_many_topics(world_);
    const TextStyle mono{Face::mono_bold, Size::small};
    float name = 0;
    for (TopicPartition tp : layout_.shown) name = std::max(name, canvas_.width(mono, partition_text(world_, tp, many)));
    const float glyph = canvas_.big(36, 58);
    const float role = canvas_.width({Face::bold, Size::small}, "still leads?") + 14;
    const float epoch = focus_.controllers ? canvas_.width(mono, "e12") + 10 : 0;
    layout_.label = glyph + std::min(name, wide * 0.25F) + 10 + (wide > canvas_.big(430, 700) ? role : 0) + epoch;
    layout_.tail = focus_.watermarks && wide > canvas_.big(560, 900) ? canvas_.width(mono, "HW 1234 LEO 1234") + 16 : 8;
  }

  // The widest words of the records that may be shown at any moment, and the largest offset.
  struct Measured {
    float word = 0, key = 0;
    Offset highest = 0;
  };
  Measured measure_records() const {
    constexpr Offset kLooked = 24;
    Measured most;
    most.highest = focus_.scale.highest;
    const auto widen = [&](float& wide, Face face, Size size, const std::vector<std::string>& words) {
      for (const std::string& each : words) wide = std::max(wide, canvas_.width({face, size}, each));
    };
    widen(most.word, Face::bold, Size::small, focus_.scale.words);
    widen(most.word, Face::bold, Size::small, focus_.scale.keys);
    if (focus_.keys) widen(most.key, Face::mono, Size::micro, focus_.scale.keys);
    // A key stands beside the offset where the record says something else.
    for (const std::string& each : focus_.scale.words.empty() ? std::vector<std::string>() : focus_.scale.keys)
      most.word = std::max(most.word, canvas_.width({Face::mono, Size::micro}, "00 " + each) + 4);
    for (const RowPlace& row : layout_.rows) {
      const Replica* replica = world_.brokers[row.broker].replica(row.tp);
      if (!replica) continue;
      const Log& log = replica->log;
      most.highest = std::max(most.highest, log.log_end_offset());
      for (Offset offset = std::max(log.log_start_offset(), log.log_end_offset() - kLooked); offset < log.log_end_offset(); ++offset) {
        const StoredRecord stored = stored_record(world_, log, offset);
        const std::string word = record_word(world_, stored), key = key_word(world_, stored);
        most.word = std::max(most.word, canvas_.width({Face::bold, Size::small}, word));
        if (!key.empty() && key != word) most.word = std::max(most.word, canvas_.width({Face::mono, Size::micro}, "00 " + key) + 4);
        if (focus_.keys) most.key = std::max(most.key, canvas_.width({Face::mono, Size::micro}, key_word(world_, stored)));
      }
    }
    return most;
  }

  // Between the log ends of the copies of a partition, at most, at any moment that is known.
  Offset spread() const {
    Offset most = focus_.scale.spread;
    for (TopicPartition tp : layout_.shown) {
      Offset low = -1, high = 0;
      for (const Broker& broker : world_.brokers) {
        const Replica* replica = broker.replica(tp);
        if (!replica) continue;
        const Offset end = replica->log.log_end_offset();
        low = low < 0 ? end : std::min(low, end);
        high = std::max(high, end);
      }
      most = std::max(most, high - low);
    }
    return most;
  }

  void place_strips(float wide, float row) {
    const Measured records = measure_records();
    const float marks = canvas_.big(116, 180);  // height that the words for marks need
    layout_.labels = rows() <= kFew && !is_alone() && row >= canvas_.big(60, 100) + marks;
    layout_.cell_high = within(row - (layout_.labels ? marks : canvas_.big(18, 24)), sizes_.cell, most_cell());
    layout_.details = !layout_.labels && layout_.cell_high >= canvas_.big(96, 150) && records.highest > 0;
    layout_.words = !layout_.details && std::max(records.word, records.key) > 0 && layout_.cell_high >= canvas_.big(38, 60);
    const float digits = canvas_.width({Face::mono, Size::micro}, std::to_string(records.highest)) + 8;
    const float room = wide - 12 - layout_.label - layout_.tail - 12;
    float cell = layout_.cell_high * 0.9F;
    if (layout_.labels) cell = within(room / 8, std::max(records.word, records.key) + 14, canvas_.big(108, 170));
    else if (layout_.details) cell = canvas_.big(116, 190);
    else if (layout_.words) cell = std::min(std::max(records.word, records.key) + 14, canvas_.big(80, 150));
    else if (records.key > 0) cell = std::min(records.key + 8, canvas_.big(64, 120));
    layout_.cell = std::max({cell, digits, sizes_.cell});
    layout_.pitch = layout_.cell + (layout_.details ? 14 : canvas_.big(3, 5));
    // Copies that are far apart need more columns than large records leave; where small ones leave too few as well,
    // nothing is gained.
    const float columns_needed = static_cast<float>(spread() + 4), small = std::max(sizes_.cell, digits), pitch = small + canvas_.big(3, 5);
    if (columns_needed * layout_.pitch > room && columns_needed * pitch <= room && !layout_.details) {
      layout_.cell = small;
      layout_.pitch = pitch;
    }
    const auto columns = static_cast<std::int32_t>(std::max(1.0F, room / layout_.pitch));
    for (TopicPartition tp : layout_.shown) layout_.strips.push_back(strip_of(tp, columns));
  }

  // A partition that stands alone is looked at closely.
  bool is_alone() const { return focus_.place.tp.partition >= 0 && layout_.shown.size() == 1; }
  // So few rows that each may be as high as two others.
  static constexpr std::size_t kFew = 2;
  std::size_t rows() const {
    std::size_t all = 0;
    for (std::size_t each : present_) all += replicas_of(world_.brokers[each]).size();
    return all;
  }
  float most_row() const {
    if (rows() <= kFew && !is_alone()) return canvas_.big(218, 332);
    return is_alone() ? 2 * sizes_.most_row : sizes_.most_row;
  }
  float most_cell() const { return layout_.labels ? canvas_.big(96, 150) : is_alone() ? canvas_.big(136, 210) : sizes_.most_cell; }

  Strip strip_of(TopicPartition tp, std::int32_t columns) const {
    Offset end = 0, start = -1;
    for (const Broker& broker : world_.brokers) {
      const Replica* replica = broker.replica(tp);
      if (!replica) continue;
      end = std::max(end, replica->log.log_end_offset());
      start = start < 0 ? replica->log.log_start_offset() : std::min(start, replica->log.log_start_offset());
    }
    // One column is kept for the place where the next record will go.
    const Offset first = std::max<Offset>(std::max<Offset>(start, 0), end + 1 - columns);
    return {tp, first, columns};
  }

  // Twelve brokers and hundreds of partitions: a row a broker, and below them a row a group.
  void place_map(Rect area) {
    constexpr float kNames = 46, kHealth = 44, kLag = 32, kLegend = 26, kEnough = 22;
    layout_.map = true;
    layout_.map_zoom = focus_.zoom;
    layout_.map_left = focus_.left;
    layout_.label = canvas_.width({Face::bold, Size::small}, "Broker 100") + 40;
    const auto brokers = static_cast<float>(std::max<std::size_t>(world_.brokers.size(), 1));
    area.take_top(kNames);
    // Rows of brokers come first; what else there is has what they can spare.
    const auto spare = [&](float high) { return area.h - high >= kEnough * brokers; };
    if (area.h > kHealth + 16 + 12 * brokers) layout_.map_health = area.take_bottom(kHealth);
    if (spare(kLegend + 16)) layout_.map_legend = area.take_bottom(kLegend);
    area.take_bottom(12);
    std::vector<std::int32_t> groups = group_ids();
    while (!groups.empty() && !spare(kLag * static_cast<float>(groups.size()) + 12)) groups.pop_back();
    const float lags = groups.empty() ? 0 : kLag * static_cast<float>(groups.size()) + 12;
    const float row = within((area.h - lags) / brokers, 12.0F, 46.0F);
    float y = area.y;
    for (const Broker& broker : world_.brokers) {
      layout_.brokers.push_back({broker.node, {area.x, y, area.w, row - 4}});
      y += row;
    }
    y += 12;
    for (std::size_t i = 0; i < groups.size(); ++i, y += kLag) layout_.lags.push_back({groups[i], i, {area.x, y, area.w, kLag}});
  }

  // By order of creation.
  std::vector<std::int32_t> group_ids() const {
    std::vector<std::int32_t> groups;
    for (const Consumer& each : world_.consumers) {
      if (std::find(groups.begin(), groups.end(), each.spec.group) == groups.end()) groups.push_back(each.spec.group);
    }
    return groups;
  }

  void place_producers(Rect area) {
    area.take_top(canvas_.big(24, 34));
    const std::vector<NodeId> plain = plain_nodes();
    const auto count = static_cast<float>(world_.producers.size() + plain.size());
    const float high = std::min(sizes_.producer, (area.h - sizes_.gap * (count - 1)) / std::max(count, 1.0F));
    for (const Producer& each : world_.producers) {
      layout_.producers.push_back({each.node, area.take_top(high)});
      area.take_top(sizes_.gap);
    }
    for (NodeId each : plain) {
      layout_.plain.push_back({each, area.take_top(high)});
      area.take_top(sizes_.gap);
    }
  }

  void place_groups(Rect area) {
    const std::vector<std::int32_t> groups = group_ids();
    const auto members = static_cast<float>(std::max<std::size_t>(world_.consumers.size(), 1)), heads = static_cast<float>(groups.size());
    // Where nothing is told of the protocol, a name is all there is.
    const float head = focus_.groups ? sizes_.group_head : canvas_.big(34, 48);
    float gap = sizes_.gap, between = 8, high = 0;
    const auto fit = [&] { high = std::min(sizes_.member, (area.h - (head + gap) * heads - between * members) / members); };
    // Before a card has no room for its line, what lies between cards gives some.
    if (fit(); high < canvas_.height(kBody)) gap = std::min(gap, 4.0F), between = 3, fit();
    for (std::size_t nth = 0; nth < groups.size(); ++nth) {
      layout_.groups.push_back({groups[nth], nth, area.take_top(head)});
      for (const Consumer& each : world_.consumers) {
        if (each.spec.group != groups[nth]) continue;
        area.take_top(between);
        layout_.members.push_back({each.node, area.take_top(high)});
      }
      area.take_top(gap);
    }
  }

  const Canvas& canvas_;
  const World& world_;
  const StageFocus& focus_;
  Sizes sizes_;
  std::vector<std::size_t> present_;  // brokers that are shown, as indices into World::brokers
  StageLayout layout_;
};

}  // namespace

const Rect* StageLayout::of(NodeId node) const {
  for (const auto* places : {&brokers, &producers, &members, &controllers, &plain}) {
    for (const NodePlace& each : *places) {
      if (each.node == node) return &each.rect;
    }
  }
  return nullptr;
}

const RowPlace* StageLayout::row(std::size_t broker, TopicPartition tp) const {
  for (const RowPlace& each : rows) {
    if (each.broker == broker && each.tp == tp) return &each;
  }
  return nullptr;
}

const Strip* StageLayout::strip(TopicPartition tp) const {
  for (const Strip& each : strips) {
    if (each.tp == tp) return &each;
  }
  return nullptr;
}

bool has_many_topics(const World& world) {
  const std::vector<TopicPartition> all = user_partitions(world);
  return !all.empty() && all.front().topic != all.back().topic;
}

std::string partition_text(const World& world, TopicPartition tp, bool with_topic) {
  const std::string number = "p" + std::to_string(tp.partition);
  return with_topic ? std::string(world.fabric.names[tp.topic]) + " " + number : number;
}

StoredRecord stored_record(const World& world, const Log& log, Offset offset) {
  const Batch* batch = log.batch_at(offset);
  if (!batch) return {};
  return {batch, record_at(world.commons.store.records, *batch, offset)};
}

std::string key_word(const World& world, const StoredRecord& stored) {
  return stored.record && stored.record->key >= 0 ? std::string(world.fabric.names[stored.record->key]) : "";
}

std::string record_word(const World& world, const StoredRecord& stored) {
  if (stored.record && stored.record->text >= 0 && stored.record->producer >= 0)
    return text_in_a_word(world.fabric.names[stored.record->text]);
  return key_word(world, stored);
}

StageLayout lay_out(const Canvas& canvas, const World& world, Rect area, const StageFocus& focus) {
  StageLayout usual = Layouter(canvas, world, area, focus, canvas.projector ? kProjected : kUsual).build();
  if (usual.folded.empty() && !usual.map) return usual;
  // Rather small rows than none.
  StageLayout tight = Layouter(canvas, world, area, focus, canvas.projector ? kProjectedTight : kTight).build();
  constexpr float kLow = 560;
  if (usual.map) return tight.map && (canvas.projector || area.h > kLow) ? usual : tight;
  return tight.folded.size() < usual.folded.size() ? tight : usual;
}

}  // namespace nutshell

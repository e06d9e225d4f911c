#include "sim/connect/source.h"

#include "sim/streams/json.h"

namespace nutshell::connect {

std::string offset_key(const std::string& connector, const SourcePartition& partition) {
  std::string out = "[";
  streams::write_json_text(out, connector);
  out += ",{";
  bool first = true;
  for (const auto& [name, value] : partition) {
    if (!first) out += ',';
    first = false;
    streams::write_json_text(out, name);
    out += ':';
    streams::write_json_text(out, value);
  }
  return out + "}]";
}

std::string offset_value(const SourceOffset& offset) {
  std::string out = "{";
  for (const auto& [name, value] : offset) {
    if (out.size() > 1) out += ',';
    streams::write_json_text(out, name);
    out += ':' + std::to_string(value);
  }
  return out + "}";
}

std::optional<SourceOffset> read_offset(std::string_view text) {
  const auto json = streams::parse_json(text);
  if (!json || json->kind != streams::JsonKind::object) return std::nullopt;
  SourceOffset offset;
  for (std::size_t i = 0; i < json->items.size(); ++i) {
    const auto number = streams::json_whole(json->items[i]);
    if (!number) return std::nullopt;
    offset[json->names[i]] = *number;
  }
  return offset;
}

std::int64_t Submitted::submit(const SourceRecord& record) {
  const std::int64_t number = next_++;
  sent_[record.partition].push_back({number, record.offset, false});
  partition_of_[number] = record.partition;
  ++waiting_;
  return number;
}

void Submitted::acknowledge(std::int64_t number) {
  const auto partition = partition_of_.find(number);
  if (partition == partition_of_.end()) return;
  for (One& one : sent_[partition->second]) {
    if (one.number == number) one.acknowledged = true;
  }
  partition_of_.erase(partition);
  --waiting_;
}

SourceOffsets Submitted::take() {
  SourceOffsets newest;
  for (auto& [partition, queue] : sent_) {
    for (; !queue.empty() && queue.front().acknowledged; queue.pop_front()) {
      if (!queue.front().offset.empty()) newest[partition] = queue.front().offset;
    }
  }
  return newest;
}

}  // namespace nutshell::connect

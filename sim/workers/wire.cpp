// What stands in records and in the group's messages, as names.
#include "sim/core/text.h"
#include "sim/ksql/bytes.h"
#include "sim/streams/json.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

constexpr std::string_view kHeaderMark = "\\h", kNullMark = "\\0";

std::string json_units(const connect::Units& units) {
  std::string out = "[[";
  for (const std::string& each : units.connectors) {
    if (out.back() != '[') out += ',';
    streams::write_json_text(out, each);
  }
  out += "],[";
  for (const connect::TaskId& each : units.tasks) {
    if (out.back() != '[') out += ',';
    out += '[';
    streams::write_json_text(out, each.connector);
    out += "," + std::to_string(each.number) + "]";
  }
  return out + "]]";
}

connect::Units units_of(const streams::Json* json) {
  connect::Units units;
  if (!json || json->items.size() != 2) return units;
  for (const streams::Json& each : json->items[0].items) units.connectors.insert(each.text);
  for (const streams::Json& each : json->items[1].items)
    if (each.items.size() == 2)
      units.tasks.insert({each.items[0].text, static_cast<std::int32_t>(streams::json_whole(each.items[1]).value_or(0))});
  return units;
}

std::int64_t whole_of(const streams::Json& json, std::string_view name) {
  const streams::Json* found = json.find(name);
  return found ? streams::json_whole(*found).value_or(-1) : -1;
}
std::string text_in(const streams::Json& json, std::string_view name) {
  const streams::Json* found = json.find(name);
  return found ? found->text : "";
}

}  // namespace

std::string value_name(const std::optional<std::string>& value, const std::vector<connect::Header>& headers) {
  std::string name = value ? to_name(*value) : std::string(kNullMark);
  for (const connect::Header& each : headers) name += std::string(kHeaderMark) + to_name(each.key) + "=" + to_name(each.value);
  return name;
}

connect::RawRecord raw_record(const Names& names, const HostedRecord& record) {
  connect::RawRecord raw;
  raw.topic = names[record.tp.topic];
  raw.partition = record.tp.partition;
  raw.offset = record.offset;
  raw.timestamp = std::max<Time>(record.timestamp, 0) / kMillisecond;
  if (record.key >= 0) raw.key = from_name(names[record.key]);
  if (record.text == -1) raw.value = "a record without text";
  if (record.text < 0) return raw;
  std::string_view text = names[record.text];
  std::size_t mark = text.find(kHeaderMark);
  if (text.substr(0, mark) != kNullMark) raw.value = from_name(text.substr(0, mark));
  while (mark != std::string_view::npos) {
    text.remove_prefix(mark + kHeaderMark.size());
    mark = text.find(kHeaderMark);
    const std::string_view header = text.substr(0, mark);
    const std::size_t equals = std::min(header.find('='), header.size());
    raw.headers.push_back({from_name(header.substr(0, equals)), from_name(header.substr(std::min(equals + 1, header.size())))});
  }
  return raw;
}

std::string to_text(const MemberSays& says) {
  std::string out = "{\"worker\":";
  streams::write_json_text(out, says.worker);
  return out + ",\"offset\":" + std::to_string(says.offset) + ",\"has\":" + json_units(says.has) + "}";
}

MemberSays member_says(std::string_view text) {
  const streams::Json json = streams::parse_json(text).value_or(streams::Json{});
  return {text_in(json, "worker"), whole_of(json, "offset"), units_of(json.find("has"))};
}

std::string to_text(const LeaderSays& says) {
  std::string out = "{\"leader\":";
  streams::write_json_text(out, says.leader);
  return out + ",\"generation\":" + std::to_string(says.generation) + ",\"offset\":" + std::to_string(says.offset) +
         ",\"delay\":" + std::to_string(says.delay) +
         ",\"lost\":" + std::to_string(says.lost) + ",\"start\":" + json_units(says.told.start) +
         ",\"revoke\":" + json_units(says.told.revoke) + "}";
}

LeaderSays leader_says(std::string_view text) {
  const streams::Json json = streams::parse_json(text).value_or(streams::Json{});
  return {text_in(json, "leader"),
          whole_of(json, "generation"),
          whole_of(json, "offset"),
          whole_of(json, "delay"),
          whole_of(json, "lost"),
          {units_of(json.find("start")), units_of(json.find("revoke"))}};
}

}  // namespace nutshell

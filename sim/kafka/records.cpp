#include "sim/kafka/records.h"

#include <string>

namespace nutshell {

namespace {

std::uint64_t two_words(std::int32_t high, std::uint32_t low) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32 | low;
}

}  // namespace

std::int32_t key_of(Names& names, const GroupRecord& record) {
  const auto* commit = std::get_if<OffsetCommitRecord>(&record);
  const GroupId group = commit ? commit->group : std::get<GroupMetadataRecord>(record).snapshot->group;
  std::string key = "[" + names[group];
  if (commit) key += "," + names[commit->tp.topic] + "," + std::to_string(commit->tp.partition);
  return names.intern(key + "]");
}

bool is_removal(const GroupRecord& record) {
  const auto* commit = std::get_if<OffsetCommitRecord>(&record);
  return commit && commit->offset < 0;
}

std::uint64_t content_of(const RecordStore& store, std::int64_t first, std::int32_t count) {
  std::uint64_t content = 0;
  for (std::int32_t i = 0; i < count; ++i) {
    const Record& record = store.records[static_cast<std::size_t>(first + i)];
    content = mix(content, two_words(record.producer, static_cast<std::uint32_t>(record.key)));
    content = mix(content, two_words(record.text, record.serial));
  }
  return content;
}

}  // namespace nutshell

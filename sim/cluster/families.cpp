#include "sim/cluster/families.h"

#include <array>

#include "sim/kafka/api.h"
#include "sim/kafka/registry_api.h"
#include "sim/ksql/messages.h"
#include "sim/workers/messages.h"

namespace nutshell {

namespace {

// By MessageFamily.
const std::array<std::span<const MessageKind>, 5> kFamilies = {kKafkaMessages, {}, kConnectMessages, registry_messages(),
                                                              kKsqlMessages};

}  // namespace

std::span<const MessageKind> messages_of(MessageFamily family) { return kFamilies[static_cast<std::size_t>(family)]; }

const MessageKind* message_kind(MessageNumber number) {
  const auto family = static_cast<std::size_t>(family_of(number));
  const std::size_t place = number & 0xff;
  return family < kFamilies.size() && place < kFamilies[family].size() ? &kFamilies[family][place] : nullptr;
}

std::string_view message_name(MessageNumber number) {
  const MessageKind* kind = message_kind(number);
  return kind ? kind->name : "nothing";
}

MessageNumber message_number(std::string_view name) {
  for (std::span<const MessageKind> family : kFamilies)
    for (const MessageKind& each : family)
      if (each.name == name) return each.number;
  return kNoMessage;
}

std::vector<std::string_view> message_names() {
  std::vector<std::string_view> names;
  for (std::span<const MessageKind> family : kFamilies)
    for (const MessageKind& each : family) names.push_back(each.name);
  return names;
}

}  // namespace nutshell

#include "sim/history/fact_pattern.h"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "sim/check/judge.h"
#include "sim/core/text.h"
#include "sim/kafka/api.h"
#include "sim/log/hash.h"

namespace nutshell {

const std::vector<std::string_view>& api_names() {
  static const std::vector<std::string_view> kNames = message_names();
  return kNames;
}

namespace {

// names of enumerators and indices

constexpr std::array<std::string_view, 4> kDropReasons = {"node_down", "connection_closed", "response_lost", "by_hand"};
constexpr std::array<std::string_view, 3> kFenceReasons = {"session_expired", "shut_down", "new_registration"};
constexpr std::array<std::string_view, 9> kRebalanceReasons = {
    "member_joined",  "member_left",          "session_expired", "leader_rejoined",
    "sync_timed_out", "subscription_changed", "join_timed_out", "partitions_given_up", "assignment_not_written"};
constexpr std::array<std::string_view, 5> kLeaveReasons = {"closed", "poll_expired", "session_expired", "join_timed_out",
                                                           "sync_timed_out"};
constexpr std::array<std::string_view, 5> kSendFailures = {"refused", "expired", "buffer_exhausted", "metadata_missing", "not_serialized"};
constexpr std::array<std::string_view, 4> kResetPolicies = {"latest", "earliest", "divergence", "by_duration"};
constexpr std::array<std::string_view, 6> kRemovalReasons = {"time", "size", "below_log_start", "leader", "requested", "messages"};
constexpr std::array<std::string_view, 5> kCompactionReasons = {"superseded", "tombstone_expired", "no_key", "aborted", "marker"};
constexpr std::array<std::string_view, 5> kConsumerFailures = {"refused", "no_offset", "out_of_range", "log_truncated", "damaged"};
static_assert(kDropReasons.size() == static_cast<std::size_t>(DropReason::by_hand) + 1);
static_assert(kFenceReasons.size() == static_cast<std::size_t>(FenceReason::new_registration) + 1);
static_assert(kRebalanceReasons.size() == static_cast<std::size_t>(RebalanceReason::assignment_not_written) + 1);
static_assert(kLeaveReasons.size() == static_cast<std::size_t>(LeaveReason::sync_timed_out) + 1);
static_assert(kSendFailures.size() == static_cast<std::size_t>(SendFailure::not_serialized) + 1);
static_assert(kResetPolicies.size() == static_cast<std::size_t>(ResetPolicy::by_duration) + 1);
static_assert(kRemovalReasons.size() == static_cast<std::size_t>(RemovalReason::messages) + 1);
static_assert(kCompactionReasons.size() == static_cast<std::size_t>(CompactionReason::marker) + 1);
constexpr std::array<std::string_view, 3> kHaltReasons = {"all_directories", "metadata_directory", "controller_not_told"};
static_assert(kHaltReasons.size() == static_cast<std::size_t>(HaltReason::controller_not_told) + 1);
static_assert(kConsumerFailures.size() == static_cast<std::size_t>(ConsumerFailure::damaged) + 1);

template <class Reason>
constexpr auto& reasons() {
  if constexpr (std::is_same_v<Reason, DropReason>)
    return kDropReasons;
  else if constexpr (std::is_same_v<Reason, FenceReason>)
    return kFenceReasons;
  else if constexpr (std::is_same_v<Reason, LeaveReason>)
    return kLeaveReasons;
  else if constexpr (std::is_same_v<Reason, SendFailure>)
    return kSendFailures;
  else if constexpr (std::is_same_v<Reason, ResetPolicy>)
    return kResetPolicies;
  else if constexpr (std::is_same_v<Reason, RemovalReason>)
    return kRemovalReasons;
  else if constexpr (std::is_same_v<Reason, CompactionReason>)
    return kCompactionReasons;
  else if constexpr (std::is_same_v<Reason, HaltReason>)
    return kHaltReasons;
  else if constexpr (std::is_same_v<Reason, ConsumerFailure>)
    return kConsumerFailures;
  else
    return kRebalanceReasons;
}

std::vector<std::string_view> error_names() {
  std::vector<std::string_view> names;
  for (int code = 0; code <= std::numeric_limits<std::uint8_t>::max(); ++code) {
    const std::string_view name = error_name(static_cast<ErrorCode>(code));
    if (name != "UNKNOWN_SERVER_ERROR") names.push_back(name);
  }
  return names;
}

std::vector<std::string_view> promise_names() {
  std::vector<std::string_view> names;
  for (const Promise& each : promises()) names.push_back(each.name);
  return names;
}

template <class Names>
std::string name_at(const Names& names, std::int64_t index) {
  const bool known = index >= 0 && index < static_cast<std::int64_t>(names.size());
  return known ? std::string(names[static_cast<std::size_t>(index)]) : "?";
}

// shapes

template <Reference To>
FieldShape shape_of_reference(std::string_view field) {
  switch (To) {
    case Reference::node: return {field, FieldKind::node, {}};
    case Reference::broker: return {field, FieldKind::broker, {}};
    case Reference::topic: return {field, FieldKind::topic, {}};
    case Reference::group: return {field, FieldKind::group, {}};
    case Reference::name: return {field, FieldKind::name, {}};
    case Reference::message: return {field, FieldKind::choice, api_names()};
    case Reference::promise: return {field, FieldKind::choice, promise_names()};
    case Reference::duration: return {field, FieldKind::duration, {}};
  }
  return {field, FieldKind::integer, {}};
}

template <class Member>
FieldShape shape_of(std::string_view field) {
  if constexpr (IsReference<Member>) return shape_of_reference<Member::to>(field);
  else if constexpr (std::is_same_v<Member, bool>) return {field, FieldKind::boolean, {}};
  else if constexpr (std::is_same_v<Member, ErrorCode>) return {field, FieldKind::choice, error_names()};
  else if constexpr (std::is_enum_v<Member>) return {field, FieldKind::choice, {reasons<Member>().begin(), reasons<Member>().end()}};
  else return {field, FieldKind::integer, {}};
}

template <class F>
FactShape shape_of_fact(const F& fact) {
  FactShape shape{F::name, F::level, {}};
  for_each_field(fact, [&](std::string_view name, const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::is_same_v<Member, TopicPartition>) {
      shape.fields.push_back({"topic", FieldKind::topic, {}});
      shape.fields.push_back({"partition", FieldKind::integer, {}});
    } else {
      shape.fields.push_back(shape_of<Member>(name));
    }
  });
  return shape;
}

// values

std::string reference_text(Reference to, std::int64_t value, const Namer& namer) {
  switch (to) {
    case Reference::node: return value < 0 ? "none" : namer.node(static_cast<NodeId>(value));
    case Reference::topic:
    case Reference::group:
    case Reference::name: return value < 0 ? "none" : namer.name(static_cast<std::int32_t>(value));
    case Reference::message: return std::string(message_name(static_cast<MessageNumber>(value)));
    case Reference::promise: return name_at(promise_names(), value);
    case Reference::duration: return format_duration(value);
    case Reference::broker: break;
  }
  return std::to_string(value);
}

template <class Member>
std::string value_text(const Member& value, const Namer& namer) {
  if constexpr (IsReference<Member>) return reference_text(Member::to, value, namer);
  else if constexpr (std::is_same_v<Member, bool>) return value ? "true" : "false";
  else if constexpr (std::is_same_v<Member, ErrorCode>) return std::string(error_name(value));
  else if constexpr (std::is_enum_v<Member>) return name_at(reasons<Member>(), static_cast<std::int64_t>(value));
  else return std::to_string(value);
}

}  // namespace

const std::vector<FactShape>& fact_shapes() {
  static const std::vector<FactShape> kShapes = [] {
    std::vector<FactShape> shapes;
    FactKinds::each([&](const auto& fact) { shapes.push_back(shape_of_fact(fact)); });
    return shapes;
  }();
  return kShapes;
}

std::vector<std::string_view> fact_names() {
  std::vector<std::string_view> names;
  for (const FactShape& shape : fact_shapes()) names.push_back(shape.name);
  return names;
}

const FactShape* find_fact_shape(std::string_view fact) {
  for (const FactShape& shape : fact_shapes()) {
    if (shape.name == fact) return &shape;
  }
  return nullptr;
}

const FieldShape* find_field_shape(const FactShape& fact, std::string_view field) {
  for (const FieldShape& shape : fact.fields) {
    if (shape.name == field) return &shape;
  }
  return nullptr;
}

std::string field_text(const FactBody& body, std::string_view field, const Namer& namer) {
  std::string text;
  body.visit([&](const auto& fact) {
    for_each_field(fact, [&](std::string_view name, const auto& value) {
      using Member = std::remove_cvref_t<decltype(value)>;
      if constexpr (std::is_same_v<Member, TopicPartition>) {
        if (field == "topic") text = value.topic < 0 ? "none" : namer.name(value.topic);
        if (field == "partition") text = std::to_string(value.partition);
      } else if (name == field) {
        text = value_text(value, namer);
      }
    });
  });
  return text;
}

bool matches(const FactPattern& pattern, const Fact& fact, const Namer& namer) {
  if (fact_name(fact.body) != pattern.fact) return false;
  return std::all_of(pattern.where.begin(), pattern.where.end(),
                     [&](const FieldTest& test) { return field_text(fact.body, test.field, namer) == test.value; });
}

// A partition's first leader is told of only when it takes office; a later one when it is elected.
void Bearers::read(const Fact& fact, const Namer& namer) {
  const auto lead = [&](TopicPartition tp, Epoch epoch, BrokerId holder) {
    Office& office = leaders_[{namer.name(tp.topic), tp.partition}];
    if (epoch >= office.epoch) office = {epoch, holder};
  };
  const auto resign = [&](NodeId node) {
    if (node == active_controller_) active_controller_ = kNoNode;
  };
  const auto grow = [&](TopicId topic, std::int32_t partitions) {
    if (namer.name(topic) == kOffsetsTopic) offsets_partitions_ = partitions;
  };
  const FactBody& body = fact.body;
  if (const auto* took = body.as<LeaderTookOffice>()) lead(took->tp, took->leader_epoch, took->broker);
  if (const auto* elected = body.as<LeaderElected>()) lead(elected->tp, elected->leader_epoch, elected->leader);
  if (const auto* offline = body.as<PartitionOffline>()) lead(offline->tp, offline->leader_epoch, kNoBroker);
  if (const auto* deleted = body.as<TopicDeleted>())
    std::erase_if(leaders_, [&](const auto& each) { return each.first.first == namer.name(deleted->topic); });
  if (const auto* created = body.as<TopicCreated>()) grow(created->topic, created->partitions);
  if (const auto* grown = body.as<PartitionsCreated>()) grow(grown->topic, grown->partitions);
  if (const auto* active = body.as<ControllerActivated>()) active_controller_ = active->node;
  if (const auto* resigned = body.as<ControllerResigned>()) resign(resigned->node);
  if (const auto* crashed = body.as<NodeCrashed>()) resign(crashed->node);
  if (const auto* stopped = body.as<NodeStopped>()) resign(stopped->node);
}

std::string Bearers::node(const Title& title, const Namer& namer) const {
  if (title.kind == Title::Kind::active_controller) return active_controller_ == kNoNode ? "" : namer.node(active_controller_);
  std::pair<std::string, std::int32_t> partition(title.of, title.partition);
  if (title.kind == Title::Kind::follower) return "";
  if (title.kind == Title::Kind::coordinator) {
    if (offsets_partitions_ == 0) return "";
    partition = {std::string(kOffsetsTopic), coordinator_partition(title.of, offsets_partitions_)};
  }
  const auto office = leaders_.find(partition);
  const bool held = office != leaders_.end() && office->second.holder != kNoBroker;
  return held ? "broker " + std::to_string(office->second.holder) : "";
}

PatternReader::PatternReader(const FactPattern& pattern) : pattern_(pattern) {
  const FactShape* shape = find_fact_shape(pattern.fact);
  for (const FieldTest& test : pattern.where) {
    const FieldShape* field = shape ? find_field_shape(*shape, test.field) : nullptr;
    const bool may = field && (field->kind == FieldKind::node || field->kind == FieldKind::broker);
    titles_.push_back(may ? parse_title(test.value) : std::nullopt);
    has_titles_ = has_titles_ || titles_.back();
  }
}

void PatternReader::catch_up(const Fact& fact, const Namer& namer) {
  if (!of_step_.empty() && of_step_.front().step != fact.step) {
    for (const Fact& each : of_step_) bearers_.read(each, namer);
    of_step_.clear();
  }
  of_step_.push_back(fact);
}

bool PatternReader::has_value(const Fact& fact, std::size_t test, const Namer& namer) const {
  const FieldTest& wanted = pattern_.where[test];
  const std::string seen = field_text(fact.body, wanted.field, namer);
  if (!titles_[test]) return seen == wanted.value;
  const std::string node = bearers_.node(*titles_[test], namer);
  return !node.empty() && (seen == node || "broker " + seen == node);
}

bool PatternReader::is_meant(const Fact& fact, const Namer& namer) {
  if (has_titles_) catch_up(fact, namer);
  if (fact_name(fact.body) != pattern_.fact) return false;
  for (std::size_t i = 0; i < pattern_.where.size(); ++i)
    if (!has_value(fact, i, namer)) return false;
  return true;
}

std::size_t find_fact(const FactPattern& pattern, const Facts& facts, std::size_t begin, std::size_t end,
                      const Namer& namer) {
  std::int64_t seen = 0;
  PatternReader reader(pattern);
  for (std::size_t i = reader.has_titles() ? 0 : begin; i < end; ++i) {
    if (reader.is_meant(facts[i], namer) && i >= begin && ++seen == pattern.nth) return i;
  }
  return end;
}

std::string to_text(const FactPattern& pattern) {
  std::string text = pattern.fact;
  if (pattern.nth > 1) text = "number " + std::to_string(pattern.nth) + " of " + text;
  std::string separator = " (";
  for (const FieldTest& test : pattern.where) {
    text += separator + test.field + " " + test.value;
    separator = ", ";
  }
  return pattern.where.empty() ? text : text + ")";
}

}  // namespace nutshell

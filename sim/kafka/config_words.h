// The words that values of configuration keys are written in: a table a type. For config*.cpp only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/kafka/config.h"
#include "sim/kafka/plain_kinds.h"

namespace nutshell {

// How a topic says "as the broker does", and a broker that the key does not count.
inline constexpr std::string_view kInherited = "inherited", kUnset = "unset";

template <class Value>
struct Word {
  std::string_view text;
  Value value;
};

// The words for a type of value; the first one of a value is its usual spelling.
inline constexpr std::array kBooleanWords = {Word<bool>{"true", true}, Word<bool>{"false", false}};
inline constexpr std::array kTriStateWords = {Word<std::int8_t>{"true", 1}, Word<std::int8_t>{"false", 0},
                                       Word<std::int8_t>{kInherited, -1}};
inline constexpr std::array kAcksWords = {Word<Acks>{"all", Acks::all}, Word<Acks>{"0", Acks::none},
                                   Word<Acks>{"1", Acks::leader}, Word<Acks>{"-1", Acks::all}};
inline constexpr std::array kPartitionerWords = {
    Word<Partitioner>{"sticky", Partitioner::sticky}, Word<Partitioner>{"round_robin", Partitioner::round_robin},
    Word<Partitioner>{"", Partitioner::sticky}, Word<Partitioner>{"RoundRobinPartitioner", Partitioner::round_robin},
    Word<Partitioner>{"org.apache.kafka.clients.producer.RoundRobinPartitioner", Partitioner::round_robin}};
inline constexpr std::array kSplitWords = {Word<BatchSplit>{"halves", BatchSplit::halves},
                                    Word<BatchSplit>{"batch.size", BatchSplit::batch_size}};
inline constexpr std::array kAssignorWords = {Word<AssignorName>{"range", AssignorName::range},
                                       Word<AssignorName>{"roundrobin", AssignorName::roundrobin},
                                       Word<AssignorName>{"sticky", AssignorName::sticky},
                                       Word<AssignorName>{"cooperative-sticky", AssignorName::cooperative_sticky}};
static_assert(kAssignorWords.size() == kAssignorCount);
inline constexpr std::array kResetWords = {Word<OffsetReset>{"latest", OffsetReset::latest},
                                    Word<OffsetReset>{"earliest", OffsetReset::earliest},
                                    Word<OffsetReset>{"none", OffsetReset::none}};
inline constexpr std::array kTimestampWords = {Word<TimestampType>{"CreateTime", TimestampType::create_time},
                                        Word<TimestampType>{"LogAppendTime", TimestampType::log_append_time}};
inline constexpr std::array kPolicyWords = {
    Word<CleanupPolicy>{"delete", CleanupPolicy::deletes}, Word<CleanupPolicy>{"compact", CleanupPolicy::compacts},
    Word<CleanupPolicy>{"compact,delete", CleanupPolicy::compacts_and_deletes}, Word<CleanupPolicy>{"", CleanupPolicy::neither}};
inline constexpr std::array kGuaranteeWords = {Word<Guarantee>{"at_least_once", Guarantee::at_least_once}};
inline constexpr std::array kConnectWords = {
    Word<ConnectProtocol>{"sessioned", ConnectProtocol::sessioned}, Word<ConnectProtocol>{"compatible", ConnectProtocol::compatible},
    Word<ConnectProtocol>{"eager", ConnectProtocol::eager}};
inline constexpr std::array kConverterWords = {
    Word<ConnectConverter>{"JsonConverter", ConnectConverter::json},
    Word<ConnectConverter>{"StringConverter", ConnectConverter::string},
    Word<ConnectConverter>{"ByteArrayConverter", ConnectConverter::byte_array},
    Word<ConnectConverter>{"LongConverter", ConnectConverter::int64},
    Word<ConnectConverter>{"IntegerConverter", ConnectConverter::int32},
    Word<ConnectConverter>{"DoubleConverter", ConnectConverter::float64},
    Word<ConnectConverter>{"org.apache.kafka.connect.json.JsonConverter", ConnectConverter::json},
    Word<ConnectConverter>{"org.apache.kafka.connect.storage.StringConverter", ConnectConverter::string},
    Word<ConnectConverter>{"org.apache.kafka.connect.converters.ByteArrayConverter", ConnectConverter::byte_array},
    Word<ConnectConverter>{"org.apache.kafka.connect.converters.LongConverter", ConnectConverter::int64},
    Word<ConnectConverter>{"org.apache.kafka.connect.converters.IntegerConverter", ConnectConverter::int32},
    Word<ConnectConverter>{"org.apache.kafka.connect.converters.DoubleConverter", ConnectConverter::float64}};
inline constexpr std::array kExactlyOnceWords = {Word<ExactlyOnceSource>{"disabled", ExactlyOnceSource::disabled}};
inline constexpr std::array kSerializerWords = {
    Word<Serializer>{"StringSerializer", Serializer::string}, Word<Serializer>{"KafkaAvroSerializer", Serializer::avro},
    Word<Serializer>{"org.apache.kafka.common.serialization.StringSerializer", Serializer::string},
    Word<Serializer>{"io.confluent.kafka.serializers.KafkaAvroSerializer", Serializer::avro}};
inline constexpr std::array kDeserializerWords = {
    Word<Deserializer>{"StringDeserializer", Deserializer::string}, Word<Deserializer>{"KafkaAvroDeserializer", Deserializer::avro},
    Word<Deserializer>{"org.apache.kafka.common.serialization.StringDeserializer", Deserializer::string},
    Word<Deserializer>{"io.confluent.kafka.serializers.KafkaAvroDeserializer", Deserializer::avro}};
inline constexpr std::array kUnreadableWords = {Word<OnUnreadable>{"fail", OnUnreadable::fail},
                                           Word<OnUnreadable>{"skip", OnUnreadable::skip}};
inline constexpr std::array kHandlerFailureWords = {Word<OnHandlerFailure>{"block", OnHandlerFailure::block},
                                                    Word<OnHandlerFailure>{"skip", OnHandlerFailure::skip},
                                                    Word<OnHandlerFailure>{"dead-letter", OnHandlerFailure::dead_letter}};
// As compatibility_name() says them; a registry takes them in any case.
inline constexpr std::array kCompatibilityWords = {
    Word<Compatibility>{"backward", Compatibility::backward},
    Word<Compatibility>{"backward_transitive", Compatibility::backward_transitive},
    Word<Compatibility>{"forward", Compatibility::forward}, Word<Compatibility>{"forward_transitive", Compatibility::forward_transitive},
    Word<Compatibility>{"full", Compatibility::full}, Word<Compatibility>{"full_transitive", Compatibility::full_transitive},
    Word<Compatibility>{"none", Compatibility::none}};
inline constexpr std::array kTruncationWords = {
    Word<Truncation>{"fetch", Truncation::fetch}, Word<Truncation>{"kip279", Truncation::kip279},
    Word<Truncation>{"kip101", Truncation::kip101}, Word<Truncation>{"hw", Truncation::high_watermark}};
inline constexpr std::array kSelectorWords = {
    Word<ReplicaSelector>{"LeaderSelector", ReplicaSelector::leader},
    Word<ReplicaSelector>{"RackAwareReplicaSelector", ReplicaSelector::rack_aware},
    Word<ReplicaSelector>{"", ReplicaSelector::leader},
    Word<ReplicaSelector>{"org.apache.kafka.common.replica.LeaderSelector", ReplicaSelector::leader},
    Word<ReplicaSelector>{"org.apache.kafka.common.replica.RackAwareReplicaSelector", ReplicaSelector::rack_aware}};

constexpr const auto& words_for(bool) { return kBooleanWords; }
constexpr const auto& words_for(std::int8_t) { return kTriStateWords; }
constexpr const auto& words_for(Acks) { return kAcksWords; }
constexpr const auto& words_for(Partitioner) { return kPartitionerWords; }
constexpr const auto& words_for(BatchSplit) { return kSplitWords; }
constexpr const auto& words_for(AssignorName) { return kAssignorWords; }
constexpr const auto& words_for(Truncation) { return kTruncationWords; }
constexpr const auto& words_for(ReplicaSelector) { return kSelectorWords; }
constexpr const auto& words_for(AutoOffsetReset) { return kResetWords; }
constexpr const auto& words_for(TimestampType) { return kTimestampWords; }
constexpr const auto& words_for(CleanupPolicy) { return kPolicyWords; }
constexpr const auto& words_for(Guarantee) { return kGuaranteeWords; }
constexpr const auto& words_for(ConnectProtocol) { return kConnectWords; }
constexpr const auto& words_for(ConnectConverter) { return kConverterWords; }
constexpr const auto& words_for(ExactlyOnceSource) { return kExactlyOnceWords; }
constexpr const auto& words_for(Serializer) { return kSerializerWords; }
constexpr const auto& words_for(Deserializer) { return kDeserializerWords; }
constexpr const auto& words_for(OnUnreadable) { return kUnreadableWords; }
constexpr const auto& words_for(OnHandlerFailure) { return kHandlerFailureWords; }
constexpr const auto& words_for(Compatibility) { return kCompatibilityWords; }

}  // namespace nutshell

// The paths of values, as far as they can be known before anything runs.
#include "sim/cluster/describe.h"

namespace nutshell {

namespace {

std::string_view word_for(PathPart part) {
  switch (part) {
    case PathPart::topic: return "TOPIC";
    case PathPart::partition: return "PARTITION";
    case PathPart::group: return "GROUP";
    case PathPart::member: return "MEMBER";
    case PathPart::broker: return "BROKER";
    case PathPart::zone: return "ZONE";
    case PathPart::voter: break;
  }
  return "CONTROLLER";
}

}  // namespace

std::string PathShape::example() const {
  std::string text(subject);
  for (PathPart each : parts) text += "/" + std::string(word_for(each));
  return text + "/" + std::string(columns[columns.size() / 2]);
}

const std::vector<PathShape>& describe_paths() {
  using P = PathPart;
  static const std::vector<PathShape> kPaths = {
      {"topics", {P::topic, P::partition}, {"Topic", "Partition", "Leader", "Replicas", "Isr", "Elr", "LastKnownElr"}},
      {"topics", {P::topic}, {"PartitionCount", "ReplicationFactor", "Configs"}},
      {"groups",
       {P::group, P::topic, P::partition},
       {"GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"}},
      {"groups", {P::group}, {"GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"}},
      {"members",
       {P::group, P::member},
       {"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS", "CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH",
        "TARGET-ASSIGNMENT"}},
      {"quorum",
       {},
       {"LeaderId", "LeaderEpoch", "HighWatermark", "MaxFollowerLag", "MaxFollowerLagTimeMs", "CurrentVoters",
        "CurrentObservers"}},
      {"quorum", {P::voter}, {"NodeId", "LogEndOffset", "Lag", "LastFetchTimestamp", "LastCaughtUpTimestamp", "Status"}},
      {"brokers",
       {P::broker},
       {"Broker", "State", "Process", "BrokerEpoch", "MetadataOffset", "LeaderCount", "PartitionCount",
        "UnderReplicatedPartitions", "Rack"}},
      {"zones", {}, {"Produce", "Replicate", "Consume", "Other", "Bytes"}},
      {"zones", {P::zone, P::zone}, {"From", "To", "Produce", "Replicate", "Consume", "Other", "Bytes"}},
      {"logs",
       {P::broker, P::topic, P::partition},
       {"Broker", "Topic", "Partition", "Role", "InIsr", "LogStartOffset", "HighWatermark", "LogEndOffset", "LeaderEpoch",
        "Epochs", "LastRecords"}}};
  return kPaths;
}

bool is_list_of_brokers(std::string_view column) {
  return column == "Replicas" || column == "Isr" || column == "Elr" || column == "LastKnownElr";
}

}  // namespace nutshell

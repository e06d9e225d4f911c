// Actions as sentences.
#include "sim/cluster/action.h"
#include "sim/cluster/titles.h"
#include "sim/core/text.h"

namespace nutshell {

namespace {

// A node in a sentence, and at the beginning of one: a title needs its article.
std::string named(const std::string& node) {
  const bool bare = parse_title(node) && node.rfind("a ", 0) != 0;
  return bare ? (parse_title(node)->kind == Title::Kind::follower ? "a " : "the ") + node : node;
}
std::string at_start(const std::string& node) { return parse_title(node) ? capital(named(node)) : node_at_start(node); }

std::string link(const std::string& from, const std::string& to, bool one_way = false) {
  if (to.empty()) return from.empty() ? "every link" : "every link of " + named(from);
  if (from.empty()) return "every link of " + named(to);
  return one_way ? "the link from " + named(from) + " to " + named(to) : "the link between " + named(from) + " and " + named(to);
}

std::string say(const Crash& a) { return at_start(a.node) + (a.power_loss ? " loses power." : " is killed."); }
std::string say(const Start& a) { return at_start(a.node) + " is started."; }
std::string say(const Stop& a) { return at_start(a.node) + " is asked to stop."; }
std::string say(const Pause& a) {
  return at_start(a.node) + " freezes" + (a.duration.ns > 0 ? " for " + format_duration(a.duration.ns) + "." : ".");
}
std::string say(const Resume& a) { return at_start(a.node) + " is woken up."; }
std::string say(const Slow& a) {
  if (a.per_message.ns == 0 && a.disk_bytes_per_second == 0) return at_start(a.node) + " becomes fast again.";
  return at_start(a.node) + " becomes slow.";
}
std::string say(const SetClock& a) { return "The clock of " + named(a.node) + " is set off by " + format_duration(a.offset.ns) + "."; }
std::string say(const Cut& a) { return capital(link(a.from, a.to, a.one_way)) + " is cut."; }
std::string say(const Heal& a) { return capital(link(a.from, a.to)) + " is mended."; }
std::string say(const Jam& a) { return capital(link(a.from, a.to, a.one_way)) + " is jammed."; }
std::string say(const Release& a) { return capital(link(a.from, a.to)) + " is released."; }
std::string say(const SetLink& a) { return capital(link(a.from, a.to)) + " changes."; }
std::string say(const LoseResponses& a) {
  return "Answers of " + named(a.server) + " to " + named(a.client) + " get lost" + (a.close ? ", and the connection breaks." : ".");
}
std::string say(const DropMessage& a) { return "A message " + a.message + " on " + link(a.from, a.to, true) + " is dropped."; }
std::string say(const Send& a) {
  const std::string what = a.tombstone ? "tombstone" : "record";
  return at_start(a.producer) + " sends " + (a.count == 1 ? "a " + what : std::to_string(a.count) + " " + what + "s") +
         (a.key.empty() ? "" : " with key " + a.key) + (a.partition < 0 ? "." : " to partition " + std::to_string(a.partition) + ".");
}
std::string say(const SetLoad& a) {
  return at_start(a.producer) + " sends " + (a.every.ns < 0 ? "" : "every " + format_duration(a.every.ns)) +
         (a.every.ns < 0 || a.record_bytes < 0 ? "" : ", and ") +
         (a.record_bytes < 0 ? "" : "records of " + std::to_string(a.record_bytes) + " bytes") + " from now on.";
}
std::string say(const SetConfig& a) { return a.key + " of " + named(a.target) + " is set to " + a.value + "."; }
std::string say(const CreateTopic& a) { return "Topic " + a.topic + " is to be created."; }
std::string say(const ElectLeader& a) {
  return std::string(a.unclean ? "An unclean election" : "The preferred leader") + " is asked for in " + a.topic + "-" +
         std::to_string(a.partition) + ".";
}
std::string say(const AddBroker& a) { return "Broker " + std::to_string(a.id) + " is added."; }
std::string say(const AddConsumer& a) { return "Consumer " + a.consumer + " is added to group " + a.group + "."; }
std::string say(const AddProducer& a) { return "Producer " + a.producer + " is added."; }
std::string say(const AddPartitions& a) {
  return "Topic " + a.topic + " is to have " + std::to_string(a.count) + " partitions.";
}
std::string say(const DeleteTopic& a) { return "Topic " + a.topic + " is to be deleted."; }
std::string say(const TearTail& a) { return at_start(a.node) + " loses power while it writes to its disk."; }
std::string say(const LieAboutFlush& a) {
  return "The disk of " + named(a.node) + (a.lie ? " begins to lie about what it has flushed." : " is honest again.");
}
std::string say(const StallDisk& a) { return "The disk of " + named(a.node) + " stalls for " + format_duration(a.duration.ns) + "."; }
std::string say(const CorruptBatch& a) {
  return "The batch at offset " + std::to_string(a.offset) + " of " + a.topic + "-" + std::to_string(a.partition) +
         " is damaged on the disk of " + named(a.node) + ".";
}
std::string say(const FailDirectory& a) {
  return "The disk of log directory " + std::to_string(a.directory) + " of " + named(a.node) + " breaks.";
}
std::string say(const FillDisk& a) {
  return "Log directory " + std::to_string(a.directory) + " of " + named(a.node) +
         (a.free_bytes == 0 ? " is full." : " has room for " + std::to_string(a.free_bytes) + " bytes more.");
}
std::string say(const WipeDisk& a) { return at_start(a.node) + " gets a new, empty disk."; }
std::string say(const CopyDisk& a) { return "The disk of " + named(a.node) + " is copied."; }
std::string say(const RestoreDisk& a) { return "The disk of " + named(a.node) + " is set back to its copy."; }
std::string say(const DeleteRecords& a) {
  const std::string partition = a.topic + "-" + std::to_string(a.partition);
  return a.offset < 0 ? "All records of " + partition + " are to be deleted."
                      : "The records of " + partition + " below offset " + std::to_string(a.offset) + " are to be deleted.";
}
std::string say(const Ksql& a) { return "At " + named(a.server) + " is typed: " + a.statement; }
std::string say(const LoseZone& a) { return "Zone " + a.zone + (a.cut_off ? " is cut off from the rest." : " loses power."); }
std::string say(const RestoreZone& a) { return "Zone " + a.zone + " comes back."; }
std::string say(const SetZoneLatency& a) {
  return "Messages between zone " + a.zone + " and " + (a.to.empty() ? "all others" : "zone " + a.to) +
         (a.latency.ns == 0 ? " are to be as fast as others." : " are to take " + format_duration(a.latency.ns) + " more each way.");
}
std::string say(const Rest& a) { return at_start(a.worker) + " is called: " + a.call; }
std::string say(const Sql& a) { return "In " + named(a.store) + ": " + a.statement; }
std::string say(const WriteFile& a) { return "The file " + a.file + " of " + named(a.store) + " grows."; }
std::string say(const CrashWorker& a) { return a.worker.substr(a.worker.find('/') + 1) + " is killed, on all systems."; }
std::string say(const LoseNode& a) {
  const std::string what = a.cut_off ? " is cut off from the others" : " is killed";
  return a.system.empty() ? "The node that leads" + what + ", on all systems." : "The node that leads " + a.system + what + ".";
}
std::string say(const SetSystem& a) { return a.key + " of " + a.system + " is " + a.value + "."; }
std::string say(const SetElectionTimeout& a) {
  return at_start(a.node) + " is to campaign in " + format_duration(a.timeout.ns) + ", if it hears of no leader until then.";
}

}  // namespace

std::string sentence(const ActionBody& body) {
  return std::visit([](const auto& each) { return say(each); }, body);
}

}  // namespace nutshell

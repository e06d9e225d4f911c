// Patterns of facts, as beats and expectations name them: "leader_elected where topic is orders and partition is 0".
//
// They work from the field lists of the facts alone, so a new fact is matched, listed and documented without a
// line here. Nodes, topics, groups, errors and reasons go by their names; a TopicPartition `tp` is written as the
// two fields "topic" and "partition". A node may go by its title (sim/cluster/titles.h): "leader of orders-0".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/titles.h"
#include "sim/core/digest.h"
#include "sim/history/chronicle.h"
#include "sim/kafka/facts.h"

namespace nutshell {

// What the values of a fact's field are, and so how they are written.
enum class FieldKind : std::uint8_t {
  node,    // "broker 1", "Q2", or the name of a client
  topic,   // its name
  group,   // its name
  name,    // another name (a member id)
  broker,  // Kafka's id, -1: none
  integer,
  duration,  // "500ms"
  boolean,
  choice,  // one of FieldShape::choices
};

struct FieldShape {
  std::string_view name;
  FieldKind kind = FieldKind::integer;
  std::vector<std::string_view> choices;  // errors, reasons, names of requests, promises
};

struct FactShape {
  std::string_view name;
  FactLevel level = FactLevel::story;
  std::vector<FieldShape> fields;
};

// Requests and responses, as facts and actions name them ("Produce"), by number.
const std::vector<std::string_view>& api_names();

// Every kind of fact there is, in the order of FactKinds.
const std::vector<FactShape>& fact_shapes();
std::vector<std::string_view> fact_names();
// nullptr: there is no such fact, or it has no such field.
const FactShape* find_fact_shape(std::string_view fact);
const FieldShape* find_field_shape(const FactShape& fact, std::string_view field);

// The field of a fact as text; empty: the fact has no such field.
std::string field_text(const FactBody& body, std::string_view field, const Namer& namer);

// Who bears which title, by the facts read so far. Followers are told of in no fact: nobody is one here.
class Bearers {
 public:
  void read(const Fact& fact, const Namer& namer);
  // The node's name; empty: nobody bears the title.
  std::string node(const Title& title, const Namer& namer) const;

 private:
  struct Office {
    Epoch epoch = -1;
    BrokerId holder = kNoBroker;
  };
  std::map<std::pair<std::string, std::int32_t>, Office> leaders_;  // by topic and partition
  std::int32_t offsets_partitions_ = 0;                             // of __consumer_offsets
  NodeId active_controller_ = kNoNode;
};

// Says of the facts of a run, read in their order, which are meant. A title stands for who bore it before the step of the
// fact. `nth` is left to the caller, who counts.
class PatternReader {
 public:
  explicit PatternReader(const FactPattern& pattern);
  // Whether titles stand in it: then it has to read all facts, from the first on.
  bool has_titles() const { return has_titles_; }
  bool is_meant(const Fact& fact, const Namer& namer);

 private:
  void catch_up(const Fact& fact, const Namer& namer);
  bool has_value(const Fact& fact, std::size_t test, const Namer& namer) const;

  FactPattern pattern_;
  std::vector<std::optional<Title>> titles_;  // of each test
  bool has_titles_ = false;
  Bearers bearers_;
  std::vector<Fact> of_step_;  // facts of the step being read
};

// Whether the fact is one of those meant. REQUIRES no title stands in the pattern.
bool matches(const FactPattern& pattern, const Fact& fact, const Namer& namer);

// Index of the pattern.nth matching fact in facts[begin, end); `end` if there are fewer.
std::size_t find_fact(const FactPattern& pattern, const Facts& facts, std::size_t begin, std::size_t end,
                      const Namer& namer);

// "leader_elected (topic orders, partition 0)", "the 2nd isr_shrunk": for messages.
std::string to_text(const FactPattern& pattern);

}  // namespace nutshell

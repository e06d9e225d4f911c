// What a product does, as plain guards: its settings read once, so that the simulation asks for a rule and not for a
// product. Citations name the rules of RULES.md beside this file.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/types.h"
#include "sim/queues/mailbox.h"
#include "sim/queues/workload.h"

namespace nutshell::queues {

// When an item that was delivered in vain is delivered no more.
enum class DeadWhen : std::uint8_t {
  never,
  failures_exceed,       // on its return, more failures than the limit
  deliveries_reach,      // on its return, as many deliveries as the limit
  receives_would_exceed  // when it would be handed out once more
};

// How it is known that a reader of a log is gone, and who reads on.
enum class Failover : std::uint8_t { group, leases, connection, none };

enum class Nodes : std::uint8_t { hidden, majority, single, mirrored, kafka };

// What RabbitMQ before 4.3 does about nodes that have thought each other gone; `none`: what is one again goes on as one.
enum class Split : std::uint8_t { none, ignore, pause_minority, autoheal, pause_if_all_down };

enum class Identity : std::uint8_t { none, library, publishing_id, id_for_a_while, body_for_a_while };

struct Rules {
  ProductId product = ProductId::kafka;
  Keeps keeps = Keeps::log;

  // Delivery from a mailbox.
  LineOrder order = LineOrder::one_line;
  bool fair = false;                 // keys that have much out come after the others (S5)
  bool knows_receives = false;       // a receive that is made again under its id gets the same
  bool pull = false;                 // consumers ask when they have nothing; else they are pushed to, up to their window
  bool unlimited_if_acked_first = false;
  bool single_active = false;
  bool notices_closed_connection = false;
  Duration silent_connection = kNever;  // a host that is silent for so long is gone
  Duration lease = kNever;
  Duration extension = 0;            // the client extends a lease for so long in all
  Duration extension_step = 60 * kSecond;  // ... each time by so much (P5)
  bool lease_stops_consumer = false; // whose lease ended gets nothing until it has settled
  bool lease_closes_channel = false; // ... after a look a minute, and all that it has comes back
  bool lease_counts = true;          // ... as a failure
  bool give_back_counts = true;
  bool returns_followers = false;    // with one of a key, all later ones of it come back
  bool late_ack_fails = false;       // visibly
  std::string_view late_ack = "it had been handed out again";
  Back on_failure = Back::to_place;
  Back on_connection = Back::to_place;
  DeadWhen dead_when = DeadWhen::never;
  std::int64_t limit = 0;
  bool has_dead_place = false;
  bool reject_is_final = false;      // a consumer can refuse a message for good
  std::string_view dead_why = "";
  Duration retry_min = 0, retry_max = 0;
  bool retry_doubles = false;        // else it grows by the minimum
  bool retry_on_failure = true, retry_on_return = true;

  // What a mailbox keeps.
  Duration retention = kNever;
  bool only_head_expires = false;
  bool expired_is_dead = false;      // goes to the dead-letter place
  Duration dead_retention = kNever;
  bool dead_keeps_age = false;       // the dead-letter place counts from the first day
  Duration delay = 0;
  std::int64_t max_length = -1, max_length_bytes = -1;  // of what waits
  Duration unused = kNever;          // a store that nobody has read for so long is deleted
  bool dead_unread = false;          // nobody has subscribed to the dead-letter topic
  std::int64_t in_flight = -1;       // most messages that are out
  std::int64_t look_ahead = -1;      // groups are looked for among so many of the oldest messages
  std::int32_t window_cap = -1;      // most that a consumer may have in hand
  std::int64_t window_bytes = -1;    // ... and who has as many bytes gets no more
  bool rejects_when_full = false, overshoots = false, rejected_is_dead = false;
  std::int32_t priorities = 0;
  std::int32_t plain_priority = 0;
  std::int64_t second_copy_ppm = 0;  // of messages that come in twice, by the luck of each
  bool shares_copies = false;        // one stored copy, however many services

  // Routing.
  enum class Filters : std::uint8_t { none, routing_keys, headers, attributes, everything } filters = Filters::none;
  bool mandatory = false, alternate = false;
  ExchangeType exchange = ExchangeType::fanout;
  std::int32_t slots = 1;            // partitions, shards, queues of a service
  bool pushes_to_queues = false;     // a topic pushes copies into queues that it may not reach (S14)
  bool envelope = false;             // ... and puts them into envelopes
  bool dead_if_not_reached = false;  // ... and what it gives up goes to a dead-letter queue of the subscription

  // The past.
  bool can_replay = false, has_snapshots = false;
  Duration kept_for_replay = 0;      // of topics and archives
  Duration retained_by_service = 0;  // of what a service has acknowledged itself
  std::string_view no_replay = "";

  // Publishing.
  Identity identity = Identity::none;
  bool identity_per_key = false;
  Duration remembers = kNever;
  std::int64_t calls_a_second = -1, messages_a_call = 1;   // of the publisher
  bool calls_per_key = false;
  std::int64_t records_a_second = -1, bytes_a_second = -1;  // of each slot
  std::int64_t key_bytes_a_second = -1;                     // of each key
  std::int64_t all_bytes_a_second = -1;                     // of the topic
  std::int64_t max_size = -1;        // bytes of a message
  std::int64_t max_key = -1;         // bytes of a key
  std::int32_t packed = 1;           // records of one moment that the library makes one of
  bool key_waits = false;            // after a refusal its key is refused until the publisher begins with it anew
  std::string_view key_waits_why = "";
  bool confirms = true;              // else the publisher hears of nothing
  Duration gives_up_after = kNever;
  Duration backoff = 0, backoff_max = 0;

  // Nodes.
  Nodes nodes = Nodes::hidden;
  std::int32_t node_count = 0;
  Duration replication = 0, confirmation = 0, noticed_after = 0;
  bool transient = false;
  std::int32_t acks = -1;            // Kafka's
  std::int32_t min_in_sync = 1;
  Duration dead_node_consumers_wait = 0;
  Split split = Split::none;
  std::uint32_t wanted_nodes = 0;    // pause_if_all_down: a bit for each of which one has to be reached
  bool split_heals = false;          // what is one again after a split is made one: a side starts again

  // Reading a log.
  Failover failover = Failover::none;
  Duration session = 0, heartbeat = 0, poll_interval = kNever, metadata_age = 0;
  bool eager = true;
  std::int32_t assignor = 0;         // range, round robin, sticky
  std::int32_t reset = 0;            // latest, earliest, none; last
  Duration log_retention = kNever;
  Duration sweep = 0;                // 0: as soon as it is time
  std::int64_t segment_bytes = 0;    // 0: records leave one by one
  std::int64_t batch_overhead = 0;   // what a message takes with it into a segment, which must hold both; 0: segments hold any
  bool last_segment_stays = false;
  std::int64_t log_bytes = -1;       // kept of each slot
  std::int32_t chunk = 1;            // records that are found only together
  Duration lease_time = 0, parent_poll = 0;
  Duration read_idle = 0;            // between two reads of a slot by one reader; 0: reads take no time and have no limit
  bool pushed = false;               // each service has a way of its own out of a slot
  bool splits_when_busy = false;     // a shard that takes much is split by the service
  bool batch_tried_again = false;    // with a record that fails, all of its batch is
  std::int64_t batch_tries = -1;     // ... so often; -1: until it is too old
  Duration batch_age = kNever;       // ... and no longer than its oldest record is so old
  std::int32_t kcl = 2;
};

Rules rules_of(const Row& row);
// ... with the arguments of the service's own queue.
Rules rules_of(const Row& row, std::size_t service);

// Bytes of one of Kafka's batches, and of its only record, beside that record's key and value.
inline constexpr std::int64_t kKafkaBatchOverhead = 61 + 8;
// No segment would take it (L2).
inline bool has_no_segment(const Rules& rules, const Message& message) {
  return rules.batch_overhead > 0 && message.size + rules.batch_overhead > rules.segment_bytes;
}

// Whether the broker itself can ask for that; what it cannot, the consumer has to throw away.
bool can_filter(const Rules& rules, const Condition& condition);

// Kafka's default partitioner, Kinesis' hash ranges (in shards of equal width), or this house's hash for RabbitMQ, whose
// own is not copied.
std::int32_t slot_of(const Rules& rules, std::string_view key, std::int32_t slots);

// Whether the broker passes the message on to the service: by bindings or filters, as far as it can. What a service asks for and
// the broker cannot, it gets all the same.
bool broker_passes(const Rules& rules, const Row& row, const Workload& workload, std::int32_t service, std::int32_t message);

}  // namespace nutshell::queues

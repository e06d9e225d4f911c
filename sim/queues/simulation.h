// A run of one workload on one product: events in their total order, two kinds of stores, and a ledger.
//
// At one instant, what ends comes before what begins: handlers that are through (messages in order), then crashes, timers,
// arrivals of consumers, faults, publishing; and only then is anything delivered and begun (`dispatch`). Network time is
// nought unless a row says otherwise. A run is a value: nothing in it points into itself.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/event_queue.h"
#include "sim/queues/death.h"
#include "sim/queues/facts.h"
#include "sim/queues/ledger.h"
#include "sim/queues/mailbox.h"
#include "sim/queues/record_log.h"
#include "sim/queues/rules.h"
#include "sim/queues/workload.h"

namespace nutshell::queues {

// A message in the hands of a consumer, from a mailbox or from a log.
struct Delivery {
  std::int32_t box = -1;      // mailbox or slot
  std::int64_t item = -1;     // item or offset
  std::int32_t message = -1;
  std::int32_t receipt = 0;   // of the item, or how often the slot had changed hands
  std::int32_t tries = 0;
  bool acked = false;         // before it is handled: nobody else has it any more
  bool silent = false;        // failed, and nothing is ever said of it
};

// A consumer at work.
struct Reader {
  std::int32_t service = 0, index = 0;
  Consumer spec;
  bool present = false;       // has come, and has not left
  bool crashed = false;
  bool noticed = false;       // ... and everybody knows
  bool stopped = false;       // is given nothing until it has settled what it has
  bool busy = false;
  Delivery current;
  std::deque<Delivery> buffer;
  std::vector<Delivery> unacked;  // handled, to be acknowledged with others
  std::int32_t handled = 0, begun = 0;
  Time crashed_at = 0;
  std::int32_t completion = -1;   // timer

  // As a member of a group.
  bool member = false;        // of the generation that is, or that is being formed
  bool hears = false;         // of a rebalance
  bool rejoined = false;
  std::int32_t poll_timer = -1, polls = 0;
  std::int32_t last_slot = -1;
  Time joined_at = 0;
  std::vector<std::int64_t> ends_at_start;  // of the slots, when it came

  // As a worker with leases: which counter it has seen of each, and since when.
  struct Seen {
    std::int64_t counter = 0;
    Time since = 0;
    bool moved = false;
  };
  std::map<std::int32_t, Seen> seen;
  Time leader_seen = -1;
  Time last_read = -1;  // of a shard that was not refused
  std::int32_t receives_to_lose = 0;
  std::vector<Delivery> not_heard_of;  // what it was given in a receive whose answer it did not get
  bool works() const { return present && !crashed; }
};

// What a service knows of a slot of the log.
struct Hold {
  std::int32_t owner = -1;     // reader
  std::int32_t changes = 0;    // of owner
  std::int64_t position = -1;  // what its owner reads next
  std::int64_t committed = -1;
  std::int64_t floor = 0;      // what was before is this service's no more
  Time leased_at = 0;
  Time ready_at = kNever;      // of a child shard: when its parents are known to be done; 0: it has none
  Time next_read = 0;          // who polls a shard reads it again then
  std::int64_t pushed_second = -1, pushed_bytes = 0;
};

// In the log of a quorum queue.
struct Entry {
  std::int32_t term = 0, publication = -1;
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct Queue {
  Mailbox mail;
  bool down = false;            // its node is
  std::int32_t node = -1;       // who has or leads it
  Time leaderless_until = 0;
  std::vector<std::vector<Entry>> logs;  // by node
  std::vector<std::size_t> matched;  // node: so many of its entries are the leader's
  std::size_t committed = 0;    // of the leader's log, so many are in the mailbox
  std::int32_t term = 0;
  std::vector<std::int32_t> expected;  // publications that it is to take and has not committed
  std::vector<bool> member_synced;              // of a mirrored queue
  std::vector<std::vector<bool>> mirror_has;    // node, item
};

// A dead letter in its place.
struct DeadLetter {
  std::int32_t message = -1, number = 0;
};

struct ServiceState {
  Service spec;
  bool exists = false;
  std::vector<bool> wants;  // by message
  std::vector<std::int32_t> readers;
  std::vector<Queue> queues;
  std::vector<Hold> holds;
  std::pair<Time, std::int32_t> served = {-1, -1};  // who was pushed to last: when it came, and which it is
  bool rebalancing = false, formed = false;
  std::int32_t leader = -1;    // of leases
  std::vector<std::int32_t> copies;  // by message, in its store or in the hands of who has acknowledged it already
  std::vector<DeadLetter> dead;
  std::int32_t buried = 0;     // in all: numbers of dead letters
  std::map<std::int32_t, std::int32_t> went_on;  // messages that have left it as dead letters for other queues: how often
  Time reached_again = -1;     // by the topic that pushes to it
  bool never_reached = false;
  std::vector<std::int32_t> on_the_way;         // messages that the topic still tries to push
  std::map<std::int32_t, Time> key_arrives;     // of a key: when its newest gets there
  bool detached = false, deleted = false;       // gets nothing more; has nothing any more
  Time used = 0;               // when the last of its consumers was gone
};

// A message on its way from the publisher: each time that it is sent is another.
struct Publication {
  std::int32_t message = -1;
  Time sent = 0;
  std::int32_t to_confirm = 0;  // places that have not yet
  bool confirmed = false, refused = false, again = false;
};

struct SystemTally {
  std::int64_t accepted = 0;   // in the first second
  std::int64_t confirmed = 0;  // messages
  std::int64_t refused = 0;    // publications
  std::int64_t returned = 0;
  std::int64_t copies = 0;     // stored, of all services
  std::int64_t inversions = 0; // messages that came in after a later one of their key
  Duration longest_wait = 0;   // for an answer
};

// A run that takes more events is cut off, and says so.
inline constexpr std::int64_t kMaxSteps = 1'000'000;

// What is worth keeping of a run.
struct Outcome {
  Row row;
  std::vector<Tally> services;
  SystemTally system;
  std::vector<std::string> notes, breaches;
  std::uint64_t digest = 0;
  std::vector<Fact> facts;  // if wanted
};

// What the row expects and has not come, in sentences.
std::vector<std::string> disappointments(const Outcome& outcome, const Workload& workload);

class Simulation {
 public:
  // `row` is a place in workload.rows.
  Simulation(const Workload& workload, std::size_t row);
  void run();
  // One instant: all events of the next time, and what can be delivered then. False: it was the end. A copy goes on as its
  // original does.
  bool step();
  Time now() const { return now_; }

  // What is, for whoever looks on.
  const std::vector<ServiceState>& services() const { return services_; }
  const std::vector<Reader>& readers() const { return readers_; }
  const std::vector<Slot>& slots() const { return slots_; }
  const Rules& rules() const { return rules_; }
  bool is_up(std::size_t node) const { return node < up_.size() && up_[node]; }
  bool is_cut(std::size_t node) const { return node < cut_.size() && cut_[node]; }

  const Workload& workload() const { return workload_; }
  const Row& row() const { return row_; }
  const Tally& tally(std::size_t service) const { return ledger_.tally(static_cast<std::int32_t>(service)); }
  const SystemTally& system() const { return system_; }
  const std::vector<Fact>& facts() const { return facts_; }
  // Sentences about promises that did not hold; there should be none.
  const std::vector<std::string>& breaches() const { return breaches_; }
  // What the table cannot say: why a fault or a wish was impossible.
  std::vector<std::string> notes() const;
  std::uint64_t digest() const;
  Outcome outcome(bool with_facts) const;

 private:
  enum class Kind : std::uint8_t {
    completed, crash, leaves, connection_lost, lease_end, session_end, poll_end, expire, dead_expire, available, replicated, confirmed,
    node_noticed, elected, joins, added, hears, scan, child_ready, sweep, fault, publish, resend, ask, look,
    arrive, unused, divide,
  };
  struct Event {
    Kind kind;
    std::int32_t a = -1, b = -1, c = -1, d = -1;
  };
  using Handle = EventQueue<Event>::Handle;

  // simulation.cpp
  void set_up();
  void set_up_service(std::int32_t service);
  Handle at(Time time, Event event, std::int32_t number = 0);
  void cancel(std::int32_t& handle);
  void handle(const Event& event);
  void handle_delivery(const Event& event);
  void check();
  std::vector<bool> stored_in(std::int32_t service) const;
  void tell(FactKind kind, std::int32_t service, std::int32_t consumer, std::int32_t message, std::int64_t number = 0,
            std::string why = "");
  void tell_of(const Reader& reader, FactKind kind, std::int32_t message, std::int64_t number = 0, std::string why = "");
  std::int32_t key_of(std::int32_t message) const { return keys_[static_cast<std::size_t>(message)]; }
  const Message& message(std::int32_t number) const { return workload_.messages[static_cast<std::size_t>(number)]; }
  ServiceState& service(std::int32_t number) { return services_[static_cast<std::size_t>(number)]; }
  const ServiceState& service(std::int32_t number) const { return services_[static_cast<std::size_t>(number)]; }
  Reader& reader(std::int32_t number) { return readers_[static_cast<std::size_t>(number)]; }
  Queue& queue(std::int32_t s, std::int32_t box) { return service(s).queues[static_cast<std::size_t>(box)]; }
  const Rules& rules_at(std::int32_t s) const { return queue_rules_.empty() ? rules_ : queue_rules_[static_cast<std::size_t>(s)]; }
  Hold& hold(std::int32_t s, std::int32_t slot) { return service(s).holds[static_cast<std::size_t>(slot)]; }
  Slot& slot(std::int32_t number) { return slots_[static_cast<std::size_t>(number)]; }
  void gain(std::int32_t s, std::int32_t m);
  void drop(std::int32_t s, std::int32_t m, const std::string& why);
  void notice(Reader& reader, const std::string& how);
  void finish();

  // publishing.cpp
  void publish(std::int32_t m, bool again);
  void resend(std::int32_t publication);
  std::string over_the_limit(std::int32_t m);
  std::string out_of_bounds(std::int32_t m) const;
  bool waits_for_its_key(std::int32_t publication);
  bool is_copy(std::int32_t m, bool again, std::string& why);
  void route_to_queues(std::int32_t publication);
  void route_to_log(std::int32_t publication);
  void catch_unroutable(std::int32_t publication);
  void note_arrival(std::int32_t m);
  void store(std::int32_t s, std::int32_t box, std::int32_t m, std::int32_t death = -1);
  bool is_full(std::int32_t s, std::int32_t box, std::int32_t bytes) const;
  void make_room(std::int32_t s, std::int32_t box);
  void confirm_one(std::int32_t publication);
  void confirm(std::int32_t publication);
  void refuse(std::int32_t publication, const std::string& why, bool for_good = false);
  void believe_stored(std::int32_t m, const std::string& why);
  bool gets(std::int32_t s, std::int32_t m) const;
  void do_faults_before(std::int32_t m);
  void do_fault(const Fault& fault);
  void do_fault_of_several(const Fault& fault);
  void grow(std::int32_t for_message);
  void shrink(std::int32_t for_message);
  void split(std::int32_t shard);
  std::int32_t shard_for(std::int32_t message) const;
  void add_shard(std::int32_t parent, std::int32_t other_parent, HashKey first, HashKey last);
  void ask(const Ask& ask);
  void replay_mail(std::int32_t s, Time since);
  void replay_log(std::int32_t s, Time since);
  void add_service(std::int32_t s);

  // topics.cpp
  void push_to_queue(std::int32_t s, std::int32_t m);
  void arrive(std::int32_t s, std::int32_t m);
  void make_unreachable(const Fault& fault);
  void detach(std::int32_t s);
  void delete_topic();
  void delete_store(std::int32_t s, const std::string& why);
  void watch_use(std::int32_t s);
  void look_whether_used(std::int32_t s);
  void redrive(std::int32_t s);
  void move_back(std::int32_t s, std::int32_t dead_letter);
  void take_snapshot(std::int32_t ask);
  void restore_snapshot(std::int32_t ask);
  void lose_receive(const Fault& fault);
  bool receive_again(Reader& reader);

  // consuming.cpp
  void dispatch();
  bool begin_handlers();
  void complete(std::int32_t r);
  void fail(Reader& reader);
  bool is_batch_too_old(const Reader& reader);
  void settle(Reader& reader, const Delivery& delivery);
  void settle_all(Reader& reader);
  void acknowledge(Reader& reader, const Delivery& delivery);
  void give_back(Reader& reader, const Delivery& delivery);
  void refuse_for_good(Reader& reader, const Delivery& delivery, const std::string& why, bool by_application);
  void crash(std::int32_t r);
  void leave(std::int32_t r);
  void join(std::int32_t r);
  OnError on_error(const Reader& reader) const;
  bool is_poison(const Reader& reader, const Delivery& delivery) const;

  // mail.cpp
  bool push(std::int32_t s, std::int32_t box);
  bool pull(std::int32_t r);
  std::int32_t choose(std::int32_t s, std::int32_t box, std::int32_t item);
  bool can_take(const Reader& reader, std::int32_t box) const;
  std::int64_t bytes_in_hand(const Reader& reader) const;
  void hand_out(Reader& reader, std::int32_t box, std::int32_t item);
  void lease_end(std::int32_t s, std::int32_t box, std::int32_t item, std::int32_t receipt);
  void connection_lost(std::int32_t r, bool counts, bool channel_alone = false);
  void come_back(std::int32_t s, std::int32_t box, std::int32_t item, const std::string& why, bool counts, Back back, bool waits);
  void followers_come_back(std::int32_t s, std::int32_t box, std::int32_t item);
  void bury(std::int32_t s, std::int32_t box, std::int32_t item, const std::string& why);
  void take_out(std::int32_t s, std::int32_t box, std::int32_t item, Item::State state);
  void lease_until(std::int32_t s, std::int32_t box, std::int32_t item, Time until);
  void put_among_dead(std::int32_t s, std::int32_t m, const std::string& why, Time since);
  void expire(std::int32_t s, std::int32_t box, std::int32_t item);
  void expire_head(std::int32_t s, std::int32_t box);

  // dead_letters.cpp
  const QueueArguments* dead_letter_route(std::int32_t s) const;
  bool exchange_leads_to(const std::string& exchange, const std::string& routing_key, std::int32_t m, std::int32_t to) const;
  bool publish_dead_letter(std::int32_t s, const Item& item, const QueueArguments& route, const std::string& reason);

  // reading.cpp
  bool poll(std::int32_t r);
  std::int64_t readable(std::int32_t r, std::int32_t slot);
  std::int64_t readable_by_push(Hold& mine, const Slot& from);
  std::vector<std::int32_t> longest_unread_first() const;
  std::int64_t start_of(std::int32_t s, std::int32_t slot, const Reader& reader);
  void take_slot(std::int32_t s, std::int32_t slot, std::int32_t r);
  void release_slot(std::int32_t s, std::int32_t slot);
  void move_floor(std::int32_t s, std::int32_t slot, std::int64_t to, const std::string& why);
  void commit(Reader& reader, const Delivery& delivery);
  void sweep(std::int32_t slot);
  void plan_sweep(std::int32_t slot);

  // groups.cpp
  bool form_groups(std::int32_t s);
  void member_gone(std::int32_t r, const std::string& how);
  void begin_rebalance(std::int32_t s);
  bool end_rebalance(std::int32_t s);
  std::vector<std::int32_t> assignment(std::int32_t s, const std::vector<std::int32_t>& members) const;
  bool share_out(std::int32_t s);
  void scan(std::int32_t r);
  std::int64_t renewals(const Hold& hold) const;
  void shard_done(std::int32_t s, std::int32_t slot);

  // nodes.cpp
  void kill(std::int32_t node);
  void restart(std::int32_t node);
  std::int32_t leading_node(std::int32_t m) const;
  bool is_linked(std::int32_t a, std::int32_t b) const;
  void lose_leader(std::int32_t s, std::int32_t box, bool suspected);
  Duration election_time(std::int32_t s, std::int32_t box, bool suspected);
  void elect(std::int32_t s, std::int32_t box);
  void append_to(std::int32_t s, std::int32_t box, std::int32_t publication);
  void send_to_followers(std::int32_t s, std::int32_t box);
  void replicate(std::int32_t s, std::int32_t box, std::int32_t node, std::size_t length);
  void advance(std::int32_t s, std::int32_t box);
  void lose_queue_node(std::int32_t s, std::int32_t box, std::int32_t node);
  void lose_slot_leader(std::int32_t slot);
  void lose_clients_of(std::int32_t node);
  void reconnect_publisher();
  void fence(std::int32_t node);
  void plan_flush();
  void flush_pending();
  void promote_mirror(std::int32_t s, std::int32_t box);
  // Of a log with followers.
  bool is_fenced(std::int32_t node) const;
  bool fits_into_second(Slot& where, std::int32_t bytes);
  bool is_too_big(const Slot& slot, std::int64_t segment_end) const;
  std::int32_t in_sync() const;
  void show(std::int32_t slot);

  Workload workload_;
  Row row_;
  Rules rules_;
  std::vector<Rules> queue_rules_;  // by service, where their queues have arguments of their own
  std::vector<DeathHeaders> deaths_;
  EventQueue<Event> events_;
  std::uint32_t sequence_ = 0;
  std::int64_t steps_ = 0;
  bool finished_ = false;
  Time now_ = 0;
  std::vector<std::int32_t> keys_;  // by message
  std::vector<ServiceState> services_;
  std::vector<Reader> readers_;
  std::vector<Slot> slots_;
  std::vector<Publication> publications_;
  std::vector<std::int32_t> unconfirmed_;  // publications that wait for a confirm
  std::vector<std::int32_t> pending_;      // ... that nobody could take yet
  std::vector<std::int32_t> answers_to_lose_;  // messages
  std::vector<std::int32_t> to_refuse_;        // messages
  std::map<std::int32_t, std::vector<std::int32_t>> waiting_keys_;  // key: publications that wait for it to be begun with anew
  bool topic_deleted_ = false;
  std::map<std::int32_t, std::vector<bool>> snapshots_;  // ask: messages that were not acknowledged
  std::int64_t written_ = 0;                   // records, in all slots
  std::map<std::string, Time> remembered_;     // identities
  struct Calls {  // of a second
    std::int64_t count = 0, messages = 0, bytes = 0;  // messages and bytes of the one that is being filled
  };
  std::map<std::pair<std::int32_t, std::int64_t>, Calls> calls_;        // by key or -1, and second
  std::map<std::pair<std::int32_t, std::int64_t>, std::int64_t> sent_;  // likewise: bytes
  std::vector<std::int32_t> topic_;        // messages in the order of their coming, for a replay
  std::vector<Time> topic_times_;
  std::vector<std::pair<std::int32_t, Time>> arrivals_;  // messages that snapshots may hold
  std::map<std::int32_t, std::int32_t> newest_;  // key: latest message stored
  std::vector<bool> up_, cut_;             // nodes
  std::vector<Time> down_since_;
  std::int32_t elections_ = 0;
  std::int32_t flush_ = -1;  // timer
  Ledger ledger_;
  SystemTally system_;
  std::vector<Fact> facts_;
  std::vector<std::string> breaches_;
};

}  // namespace nutshell::queues

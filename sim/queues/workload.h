// A workload: messages, services and what befalls them, in words of no product. And its rows: on which products it runs,
// each with that product's own keys.
//
// Messages, services and consumers are named by their places in these lists. Times count from the start of the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/types.h"
#include "sim/queues/exchange.h"
#include "sim/queues/filter.h"
#include "sim/queues/products.h"

namespace nutshell::queues {

using Attributes = Headers;

struct Message {
  std::string name;  // "o1"
  std::string key;   // empty: none
  std::string body;
  Attributes attributes;
  Time at = 0;
  std::int32_t size = 100;              // bytes
  std::int32_t priority = -1;           // -1: none given
  Duration expires_after = kNever;      // its own time to live
};

// All of it must hold.
using Filter = std::vector<Condition>;

// Whether a message is one that the filter asks for.
bool matches(const Filter& filter, const Message& message);

// What the application does when its handler fails.
enum class OnError : std::uint8_t {
  give_back,    // at once, to be delivered again; where nothing can be given back, it is tried again in place
  silent,       // says nothing, so that a lease has to run out
  block,        // tries the same again until it works
  skip,         // goes on as if it had worked
  dead_letter,  // tries in place `tries` times, then puts it into a dead-letter place of its own
  reject,       // refuses it for good
  throws,       // lets the exception out of the handler
};

enum class HowGone : std::uint8_t {
  process,  // its connections close
  host,     // nothing closes: it is merely silent
};

// `every` of a consumer that acknowledges before it handles anything, and of one that does when it has nothing in hand any more.
inline constexpr std::int32_t kAcksFirst = 0, kAcksLast = -1;

struct Consumer {
  std::string name;
  Time from = 0;
  Time to = kNever;  // leaves in good order
  Duration handle = 100 * kMillisecond;
  std::vector<std::pair<std::int32_t, Duration>> slow;  // message, how long it takes here
  std::int32_t window = 1;                              // prefetch, batch, max.poll.records
  std::int32_t every = 1;  // acknowledges after so many
  Time crash_at = kNever;
  std::int32_t crash_after = -1;  // handled so many; -1: does not
  HowGone how = HowGone::process;
  std::int32_t node = -1;  // connected to it; -1: to one that lives
  std::int32_t priority = 0;
};

struct Service {
  std::string name;
  Time added_at = 0;
  bool from_start = false;  // a service that comes later wants the past
  OnError on_error = OnError::give_back;
  std::int32_t tries = 1;
  std::int32_t fails_ppm = 0;  // each try of each message, by the luck of that message: the same on every product
  Filter filter;
  std::vector<Consumer> consumers;
};

struct Poison {
  std::int32_t service = 0;
  std::int32_t message = 0;
  std::int32_t until_try = 0;  // works from this try on; 0: never
};

// What befalls the system or its publisher: at a time, or just before a message is published.
struct Fault {
  enum class Kind : std::uint8_t {
    kill, restart, cut, heal, grow, lose_answer, shrink, refuse, lose_receive, unreachable, detach, delete_topic,
  };
  Kind kind = Kind::kill;
  Time at = 0;
  std::int32_t before = -1;         // message
  std::int32_t node = -1;           // -1: whichever leads
  std::int32_t other = -1;          // cut, heal: only the link between the node and this one
  std::int32_t zone = -1;           // kill, restart, cut, heal: all nodes that stand in it
  std::int32_t message = -1;        // lose_answer, refuse: whose
  Duration again_after = 0;         // lose_answer: when it is sent again
  bool by_application = false;      // lose_answer: not the library sends it again, but who uses it
  std::int32_t service = -1;        // lose_receive, unreachable, detach: whose
  std::int32_t consumer = -1;       // lose_receive: whose next receive
  Duration lasts = kNever;          // unreachable: so long
  bool for_good = false;            // unreachable: an error that nobody tries again after: the queue is deleted
};

// Asks for what was published since then once more.
struct Ask {
  enum class Kind : std::uint8_t {
    since,     // all of it
    snapshot,  // what was not acknowledged then, and all that came later
    redrive,   // dead letters go back to where they came from
  };
  Time at = 0;
  std::int32_t service = 0;
  Time since = 0;
  Kind kind = Kind::since;
};

// What must come of a row: a figure of a service (ledger.h).
struct Expectation {
  std::int32_t service = 0;
  std::string figure;
  std::int64_t value = 0;
};

// What RabbitMQ's queue of one service has instead of what the row says of all.
struct QueueArguments {
  Settings settings;
  std::optional<std::string> dead_letter_exchange;     // where its dead letters go on to; "": the default one; none: nowhere
  std::optional<std::string> dead_letter_routing_key;  // none: with which they came
};

// What a publisher does when it is refused.
enum class OnRefused : std::uint8_t { give_up, ignore, resend };

// One product under the workload, and how its application is written.
struct Row {
  std::string name;  // "kafka, reset earliest"
  ProductId product = ProductId::kafka;
  Settings settings;
  std::int32_t consumers = -1;  // of each service only the first so many; -1: all
  std::optional<OnError> on_error;
  std::int32_t tries = 0;  // 0: as the service says
  std::optional<std::int32_t> every;
  std::optional<std::int32_t> window;
  OnRefused on_refused = OnRefused::give_up;
  Duration resend_after = kSecond;
  std::int32_t publisher_node = -1;  // connected to it; -1: to one that lives
  std::vector<Expectation> expect;
  // RabbitMQ's own routing, instead of what the services' filters come to: the bindings of each service's queue, and the
  // attributes whose values make the routing key, with dots between; none: it is the message's key.
  bool has_bindings = false;
  std::vector<std::vector<Binding>> bindings;  // by service
  std::vector<Exchange> exchanges;             // that other exchanges, or dead letters, pass on to
  std::vector<QueueArguments> arguments;       // by service; empty: none
  std::vector<std::string> routing_key;
  // The filter of each service's subscription at Pub/Sub or SNS, likewise.
  bool has_filters = false;
  std::vector<std::optional<FilterNode>> filters;  // by service
};

// What a message is sent with.
std::string routing_key_of(const Row& row, const Message& message);

// Which nodes of `count` a fault names: its own, or those of its zone; none, if it means whichever leads.
std::vector<std::int32_t> nodes_named(const Fault& fault, std::int32_t count, std::int32_t zones);

struct Workload {
  std::string name, title, about;
  std::uint64_t seed = 1;
  Time until = kMinute;
  std::int32_t zones = 3;  // node n of a product stands in the n-th of them, and then from the first on again
  std::vector<Message> messages;  // in the order of publishing
  std::vector<Service> services;
  std::vector<Poison> poison;
  std::vector<Fault> faults;
  std::vector<Ask> asks;
  std::vector<Row> rows;
};

// Most of each that a workload may have.
inline constexpr std::size_t kMaxMessages = 100'000, kMaxServices = 50, kMaxConsumers = 200, kMaxRows = 100;
inline constexpr Duration kMaxWorkloadTime = 400 * 24 * kHour;

}  // namespace nutshell::queues

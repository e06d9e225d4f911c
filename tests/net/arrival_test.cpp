// When a message arrives: each knob of a link alone, held against a second computation from the documented distribution
// (network.h) and the keyed draws (random.h).
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "sim/net/network.h"

namespace nutshell {
namespace {

constexpr std::uint64_t kSeed = 7, kRoute = 0x5eed, kOtherKey = 0xbead;
constexpr NodeId kFrom = 3, kTo = 5;
constexpr Time kNow = 20 * kSecond;
constexpr std::uint64_t kMessages = 20'000;

// A link that does nothing but take 10 ms.
LinkModel latency_only() {
  LinkModel model;
  model.latency = 10 * kMillisecond;
  model.jitter = 0;
  return model;
}

Network network_of(const LinkModel& standard) {
  Network network;
  network.standard = standard;
  return network;
}

// How long the nth message of a stream is under way.
Duration flight(Network& network, std::uint64_t nth, std::uint64_t key = kRoute, std::int64_t bytes = 100) {
  return arrival_time(network, kSeed, kFrom, kTo, key, nth, bytes, kNow) - kNow;
}

bool lucky(Purpose purpose, std::uint64_t key, std::uint64_t nth, std::int64_t ppm) {
  return static_cast<std::int64_t>(below(draw(kSeed, purpose, key, nth), 1'000'000)) < ppm;
}

}  // namespace

TEST_CASE("latency alone: every message takes so long, whatever its size") {
  for (const Duration latency : {Duration{0}, kMicrosecond, 10 * kMillisecond, kMinute}) {
    LinkModel model = latency_only();
    model.latency = latency;
    Network network = network_of(model);
    for (std::uint64_t nth = 0; nth < 50; ++nth) CHECK(flight(network, nth, kRoute, static_cast<std::int64_t>(nth) * 1'000'000) == latency);
    CHECK(network.links.empty());
  }
}

TEST_CASE("a link's own model counts in its direction only") {
  Network network = network_of(latency_only());
  network.at(kFrom, kTo).model.latency = kSecond;
  CHECK(flight(network, 0) == kSecond);
  CHECK(arrival_time(network, kSeed, kTo, kFrom, kRoute, 0, 100, kNow) - kNow == 10 * kMillisecond);
  network.standard.latency = kMinute;  // does not reach links that have a model of their own
  CHECK(flight(network, 0) == kSecond);
}

TEST_CASE("links are found by both ends, and made as the standard is") {
  Network network = network_of(latency_only());
  CHECK(network.find(kFrom, kTo) == nullptr);
  for (const auto& [from, to] : std::vector<std::pair<NodeId, NodeId>>{{5, 3}, {3, 5}, {3, 4}, {9, 0}, {0, 9}}) {
    network.at(from, to).busy_until = from * 100 + to;
    CHECK(network.at(from, to).model == latency_only());
    CHECK_FALSE(network.at(from, to).cut);
    CHECK_FALSE(network.at(from, to).jammed);
  }
  CHECK(network.links.size() == 5);
  for (const auto& [from, to] : std::vector<std::pair<NodeId, NodeId>>{{5, 3}, {3, 5}, {3, 4}, {9, 0}, {0, 9}}) {
    REQUIRE(network.find(from, to) != nullptr);
    CHECK(network.find(from, to)->busy_until == from * 100 + to);
  }
  CHECK(network.find(4, 3) == nullptr);
}

TEST_CASE("jitter alone: latency and an exponential of that mean, by inversion of the message's own draw") {
  LinkModel model = latency_only();
  model.jitter = 4 * kMillisecond;
  Network network = network_of(model);
  long double sum = 0;
  for (std::uint64_t nth = 0; nth < kMessages; ++nth) {
    const Duration extra = flight(network, nth) - model.latency;
    const long double u = std::ldexp(static_cast<long double>(draw(kSeed, Purpose::latency, kRoute, nth)), -64);
    const long double expected = -static_cast<long double>(model.jitter) * std::log(u);
    CHECK(std::abs(static_cast<long double>(extra) - expected) <= 1 + 3e-6L * static_cast<long double>(model.jitter));  // its table's
    sum += static_cast<long double>(extra);
  }
  const long double mean = sum / kMessages;  // its standard deviation is 0.7 % of it
  CHECK(mean > 0.97L * static_cast<long double>(model.jitter));
  CHECK(mean < 1.03L * static_cast<long double>(model.jitter));
}

TEST_CASE("a tail alone: so many of a million messages take so much longer") {
  LinkModel model = latency_only();
  model.tail = 500 * kMillisecond;
  for (const std::int32_t ppm : {0, 1'000, 200'000, kAlways}) {
    CAPTURE(ppm);
    model.tail_ppm = ppm;
    Network network = network_of(model);
    std::int64_t slow = 0;
    for (std::uint64_t nth = 0; nth < kMessages; ++nth) {
      const bool late = lucky(Purpose::latency, ~kRoute, nth, ppm);
      CHECK(flight(network, nth) == model.latency + (late ? model.tail : 0));
      slow += late ? 1 : 0;
    }
    // Within five standard deviations of a binomial.
    const double expected = static_cast<double>(kMessages) * ppm / 1e6;
    CHECK(std::abs(static_cast<double>(slow) - expected) <= 5 * std::sqrt(expected * (1 - ppm / 1e6)));
  }
}

TEST_CASE("reordering alone: a message is held back for that long, and counted") {
  LinkModel model = latency_only();
  model.reorder_delay = 30 * kMillisecond;
  for (const std::int32_t ppm : {0, 50'000, kAlways}) {
    CAPTURE(ppm);
    model.reorder_ppm = ppm;
    Network network = network_of(model);
    std::int64_t held_back = 0;
    for (std::uint64_t nth = 0; nth < kMessages; ++nth) {
      const bool late = lucky(Purpose::reorder, kRoute, nth, ppm);
      CHECK(flight(network, nth) == model.latency + (late ? model.reorder_delay : 0));
      held_back += late ? 1 : 0;
    }
    CHECK(network.counters.reordered == held_back);
    CHECK((held_back == 0) == (ppm == 0));
  }
}

TEST_CASE("bandwidth alone: one wire a direction, byte after byte, whoever sends them") {
  LinkModel model = latency_only();
  model.bytes_per_second = 8'000;  // 125 us a byte
  Network network = network_of(model);
  Time busy_until = 0;
  Time now = kNow;
  for (std::uint64_t nth = 0; nth < 400; ++nth) {
    const auto bytes = static_cast<std::int64_t>(nth * 37 % 900);
    if (nth % 40 == 0) now += 30 * kSecond;  // the wire falls idle, and nothing is saved up meanwhile
    else if (nth % 3 == 0) now += 20 * kMillisecond;
    busy_until = std::max(now, busy_until) + bytes * 125 * kMicrosecond;
    const std::uint64_t key = nth % 2 == 0 ? kRoute : kOtherKey;
    CHECK(arrival_time(network, kSeed, kFrom, kTo, key, nth, bytes, now) == busy_until + model.latency);
  }
  // The other direction is another wire.
  CHECK(arrival_time(network, kSeed, kTo, kFrom, kRoute, 0, 800, now) == now + 100 * kMillisecond + model.latency);
  REQUIRE(network.find(kFrom, kTo) != nullptr);
  CHECK(network.find(kFrom, kTo)->busy_until == busy_until);
  network.at(kFrom, kTo).model.bytes_per_second = 0;
  CHECK(arrival_time(network, kSeed, kFrom, kTo, kRoute, 0, 1'000'000'000, now) == now + model.latency);
}

TEST_CASE("knobs add up, and none of them changes the luck of another") {
  LinkModel model = latency_only();
  std::vector<Duration> alone(1'000, 0);
  const auto add = [&](auto change) {
    LinkModel changed = latency_only();
    change(changed);
    change(model);
    Network network = network_of(changed);
    for (std::uint64_t nth = 0; nth < alone.size(); ++nth) alone[nth] += flight(network, nth) - changed.latency;
  };
  add([](LinkModel& m) { m.jitter = 3 * kMillisecond; });
  add([](LinkModel& m) {
    m.tail = kSecond;
    m.tail_ppm = 300'000;
  });
  add([](LinkModel& m) {
    m.reorder_delay = 70 * kMillisecond;
    m.reorder_ppm = 300'000;
  });
  Network together = network_of(model);
  for (std::uint64_t nth = 0; nth < alone.size(); ++nth) CHECK(flight(together, nth) == alone[nth] + model.latency);
}

TEST_CASE("luck is the stream's, the message's and the seed's, and nobody else's") {
  LinkModel model = latency_only();
  model.jitter = 5 * kMillisecond;
  Network network = network_of(model);
  for (std::uint64_t nth = 0; nth < 200; ++nth) {
    const Duration first = flight(network, nth);
    CHECK(flight(network, nth) == first);  // an extra message changes nothing
    CHECK(flight(network, nth, kOtherKey) != first);
    CHECK(flight(network, nth + 1) != first);
    CHECK(arrival_time(network, kSeed + 1, kFrom, kTo, kRoute, nth, 100, kNow) - kNow != first);
  }
}

TEST_CASE("TCP waits 200 ms before it sends again, then twice as long, and never above two minutes") {
  Duration expected = 200 * kMillisecond;
  for (std::int32_t attempt = 0; attempt < 100; ++attempt) {
    CHECK(retransmission_timeout(attempt) == expected);
    expected = std::min(expected * 2, 2 * kMinute);
  }
}

}  // namespace nutshell

#include "sim/session/asked.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "sim/check/promises.h"
#include "sim/history/fact_pattern.h"
#include "sim/scenario/emphasis.h"
#include "sim/session/about.h"

namespace nutshell {

namespace {

template <class T>
bool is_among(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

template <class T>
void add_once(std::vector<T>& all, const T& one) {
  if (!is_among(all, one)) all.push_back(one);
}

// The field of a pattern; empty: anything will do.
std::string_view wanted_value(const FactPattern& pattern, std::string_view field) {
  const auto found = std::find_if(pattern.where.begin(), pattern.where.end(), [&](const FieldTest& each) { return each.field == field; });
  return found == pattern.where.end() ? std::string_view{} : std::string_view(found->value);
}

// What an application hears of its records.
bool is_told(std::string_view fact) { return fact == "records_acked" || fact == "records_failed" || fact == "produce_refused"; }

class AskedReader {
 public:
  explicit AskedReader(const Session& session) : world_(session.world()), now_(session.view_time()) {}

  Asked read(const Beat& beat) {
    for (const Choice& each : beat.choices) std::visit([&](const auto& test) { add(test); }, each.test);
    for (std::size_t i = 1; i < beat.choices.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) asked_.when = asked_.when || differ_in_time(beat.choices[i].test, beat.choices[j].test);
    }
    // What comes after this moment only cannot be read yet; but where one answer begins before, all of it is asked about now.
    if (!told_by_now_) asked_.producers.clear();
    // A promise about what they were told would tell it too.
    for (auto i = static_cast<std::size_t>(PromiseId::acked_records_survive);
         !asked_.producers.empty() && i <= static_cast<std::size_t>(PromiseId::records_are_conserved); ++i)
      add_once(asked_.promises, i);
    return asked_;
  }

 private:
  void add(const PromiseTest& test) {
    if (const int promise = find_promise(test.promise); promise >= 0) add_once(asked_.promises, static_cast<std::size_t>(promise));
  }

  void add(const FactTest& test) {
    const std::string_view fact = test.fact.fact;
    if (is_told(fact)) {
      told_by_now_ = told_by_now_ || test.of || test.after <= now_;
      const Place place = place_named(world_, wanted_value(test.fact, "producer"));
      if (place.kind == PlaceKind::producer) add_once(asked_.producers, place.node);
    }
    if (!fact.starts_with("isr_")) return;
    const Place place = place_named(world_, "broker " + std::string(wanted_value(test.fact, "broker")));
    for (const Broker& each : world_.brokers) {
      if (place.kind == PlaceKind::broker && each.node == place.node) add_once(asked_.brokers, each.id);
    }
  }

  // A value that is asked for as it is now: "topics/orders/0/Isr".
  void add(const ValueTest& test) {
    if (!test.at.fact && (!test.at.time || *test.at.time > now_)) return;
    constexpr std::string_view kTopics = "topics/";
    const std::string_view path = test.path;
    if (!path.starts_with(kTopics) || !path.ends_with("/Isr")) return;
    std::string name(path.substr(kTopics.size(), path.rfind('/') - kTopics.size()));
    name[name.rfind('/')] = '-';
    const Place place = place_named(world_, name);
    if (place.kind == PlaceKind::partition) add_once(asked_.in_sync, place.tp);
  }

  // The same is to happen, at another time.
  static bool differ_in_time(const Test& one, const Test& other) {
    const auto* a = std::get_if<FactTest>(&one);
    const auto* b = std::get_if<FactTest>(&other);
    if (!a || !b || to_text(a->fact) != to_text(b->fact)) return false;
    const auto origin = [](const FactTest& test) { return test.of ? to_text(*test.of) : std::string(); };
    return a->after != b->after || a->before != b->before || origin(*a) != origin(*b);
  }

  const World& world_;
  Time now_;
  bool told_by_now_ = false;
  Asked asked_;
};

}  // namespace

bool Asked::hides_told(NodeId producer) const { return is_among(producers, producer); }
bool Asked::hides_promise(std::size_t promise) const { return is_among(promises, promise); }
bool Asked::hides_in_sync(BrokerId broker, TopicPartition tp) const {
  return is_among(in_sync, tp) && (brokers.empty() || is_among(brokers, broker));
}

Asked asked_of(const Session& session) {
  const std::optional<std::size_t> question = session.next_question();
  if (!question) return {};
  const std::string& text = session.beats()[*question].text;
  for (const Beat& each : session.scenario().beats) {
    if (each.ask.empty() || without_marks(each.ask).text != text) continue;
    Asked asked = AskedReader(session).read(each);
    // The way to it must show what the captions on the way speak of.
    if (!session.asking()) asked.in_sync.clear(), asked.brokers.clear(), asked.when = false;
    return asked;
  }
  return {};
}

}  // namespace nutshell

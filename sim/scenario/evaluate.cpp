#include "sim/scenario/evaluate.h"

#include <algorithm>
#include <charconv>

#include "sim/cluster/describe.h"
#include "sim/cluster/ksql_film.h"
#include "sim/core/text.h"
#include "sim/scenario/ksql_json.h"
#include "sim/scenario/rivals.h"
#include "sim/scenario/wires_json.h"

namespace nutshell {
namespace {

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// How much a fact counts: one, or the field that is summed up.
std::int64_t weight(const FactTest& test, const Fact& fact, const Namer& namer) {
  return test.sum.empty() ? 1 : whole_number(field_text(fact.body, test.sum, namer)).value_or(0);
}

std::string count_text(std::int64_t count) {
  if (count == 0) return "never happens";
  return count == 1 ? "happens once" : "happens " + std::to_string(count) + " times";
}

std::string stretch_text(const FactTest& test) {
  const std::string origin = test.of ? " after " + to_text(*test.of) : "";
  std::string text;
  if (test.after > 0) text += " from " + format_time(test.after) + origin + " on";
  if (test.before != kNever) text += " until " + format_time(test.before) + origin;
  return text;
}

bool right_count(const FactTest& test, std::int64_t count) {
  if (test.times) return count == *test.times;
  if (!test.at_least && !test.at_most) return count > 0;
  return count >= test.at_least.value_or(0) && count <= test.at_most.value_or(count);
}

// So many at least.
std::int64_t needed_count(const FactTest& test) { return test.times.value_or(test.at_least.value_or(test.at_most ? 0 : 1)); }

// "leader_elected happens twice", "the sum of count over records_acked is 20"
std::string seen_text(const FactTest& test, std::int64_t count) {
  if (test.sum.empty()) return to_text(test.fact) + " " + count_text(count);
  return "the sum of " + test.sum + " over " + to_text(test.fact) + " is " + std::to_string(count);
}

std::string wanted_count(const FactTest& test) {
  if (test.times) return std::to_string(*test.times);
  if (!test.at_least && !test.at_most) return "at least 1";
  std::string text = test.at_least ? "at least " + std::to_string(*test.at_least) : "";
  if (test.at_most) text += (text.empty() ? "at most " : " and at most ") + std::to_string(*test.at_most);
  return text;
}

// "; its columns are Topic, Partition, ...", for a path that names nothing.
std::string known_columns(const World& world, const std::string& path) {
  const std::vector<Table> tables = describe(world, path.substr(0, path.find('/')));
  if (tables.empty()) return "";
  std::string text;
  for (const std::string& column : tables.front().columns)
    text += (text.empty() ? "; its columns are " : ", ") + column;
  return text;
}

// "1,2,3" of "3, 1,2".
std::string sorted_list(const std::string& list) {
  std::vector<std::string> items(1);
  for (char c : list) {
    if (c == ',') items.emplace_back();
    else if (c != ' ') items.back() += c;
  }
  std::stable_sort(items.begin(), items.end());
  std::string text;
  for (const std::string& each : items) text += (text.empty() ? "" : ",") + each;
  return text;
}

bool equal(const std::string& path, const std::string& seen, const std::string& wanted) {
  const bool list = is_list_of_brokers(std::string_view(path).substr(path.rfind('/') + 1));
  return list ? sorted_list(seen) == sorted_list(wanted) : seen == wanted;
}

// What is wrong with the value; empty: nothing.
std::string compare(const ValueTest& test, const std::string& seen) {
  if (test.equals && !equal(test.path, seen, *test.equals)) return test.path + " is " + seen + ", not " + *test.equals;
  if (!test.at_least && !test.at_most) return "";
  const std::optional<std::int64_t> number = whole_number(seen);
  if (!number) return test.path + " is " + seen + ", no number";
  if (test.at_least && *number < *test.at_least) {
    return test.path + " is " + seen + ", less than " + std::to_string(*test.at_least);
  }
  if (test.at_most && *number > *test.at_most) {
    return test.path + " is " + seen + ", more than " + std::to_string(*test.at_most);
  }
  return "";
}

}  // namespace

std::string to_text(const Breach& breach) {
  const Promise& promise = promises()[static_cast<std::size_t>(breach.promise)];
  const std::string excuse = breach.promised ? "" : " (Kafka does not promise it with these settings)";
  return "promise " + std::string(promise.name) + " is broken at " + format_time(breach.at) + ": " + breach.why +
         excuse;
}

Evaluator::Evaluator(const Timeline& finished, const Scenario& scenario)
    : probe_(finished.fork()),
      end_(finished.position()),
      until_(scenario.until),
      film_(scenario.film),
      wires_(scenario.wires),
      facts_(finished.facts().size()),
      judge_(finished.judge()) {
  std::vector<Fact> found;
  judge_.examine(finished.world(), found);
}

TestOutcome Evaluator::evaluate(const Test& test) {
  return std::visit([&](const auto& each) { return evaluate_test(each); }, test);
}

TestOutcome Evaluator::settled_after(Step step, Time at, std::string why) const {
  return {true, std::move(why), std::min(step + 1, end_), at};
}

TestOutcome Evaluator::settled_at(Time time, std::string why) {
  if (time >= until_) return {true, std::move(why), end_, until_};
  probe_.seek(end_);
  return {true, std::move(why), position_before(probe_, time + 1), time};
}

TestOutcome Evaluator::evaluate_test(const PromiseTest& test) {
  probe_.seek(end_);  // everybody whom a breach may name is there by then
  for (const Breach& breach : judge_.breaches()) {
    if (!speaks_of(test, breach, probe_.world())) continue;
    return test.breaks ? settled_after(breach.step, breach.at, to_text(breach)) : TestOutcome{false, to_text(breach)};
  }
  const std::string why = "promise " + test.promise + " holds to the end";
  return test.breaks ? TestOutcome{false, why} : settled_at(until_, why);
}

TestOutcome Evaluator::evaluate_test(const FactTest& test) {
  probe_.seek(end_);
  const WorldNamer namer(probe_.world());
  const Facts& facts = probe_.facts();
  Time origin = 0;
  if (test.of) {
    const std::size_t first = find_fact(*test.of, facts, 0, facts_, namer);
    if (first == facts_) return {false, to_text(*test.of) + " never happens, so nothing can be counted from it"};
    origin = facts[first].at;
  }
  const Time end = test.before == kNever ? kNever : origin + test.before;
  std::int64_t count = 0;
  std::size_t decisive = facts_;  // the fact with which there are enough of them
  std::string seen;
  PatternReader reader(test.fact);
  for (std::size_t i = 0; i < facts_; ++i) {
    const Fact& fact = facts[i];
    if (!reader.is_meant(fact, namer)) continue;
    if (fact.at >= origin + test.after && fact.at <= end) {
      const bool enough = count >= needed_count(test);
      count += weight(test, fact, namer);
      if (!enough && count >= needed_count(test)) decisive = i;
    }
    if (fact.at >= origin && seen.size() < 60) seen += (seen.empty() ? "" : ", ") + format_time(fact.at);
  }
  std::string why = seen_text(test, count) + stretch_text(test) + ", not " + wanted_count(test);
  if (!seen.empty()) why += "; it happens at " + seen;
  if (!right_count(test, count)) return {false, why};
  const bool more_would_spoil_it = test.times || test.at_most || decisive == facts_;
  return more_would_spoil_it ? settled_at(end, why) : settled_after(facts[decisive].step, facts[decisive].at, why);
}

std::string Evaluator::go_to(const Moment& moment) {
  if (moment.time && *moment.time > until_) return "the run ends at " + format_time(until_);
  if (moment.time) {
    probe_.seek_time(*moment.time);
  } else {
    probe_.seek(end_);
  }
  if (!moment.fact) return "";
  const WorldNamer namer(probe_.world());
  const std::size_t fact = find_fact(*moment.fact, probe_.facts(), 0, facts_, namer);
  if (fact == facts_) return to_text(*moment.fact) + " never happens";
  probe_.seek(probe_.facts()[fact].step + 1);
  return "";
}

TestOutcome Evaluator::evaluate_known(const ValueTest& test) {
  const Time at = test.at.time.value_or(until_);
  if (test.at.fact || at > until_) return {false, test.path + " can be looked at at times up to " + format_time(until_) + " only"};
  const std::optional<std::string> seen = is_wires_path(test.path) ? wires_value(wires_, test.path, at) : ksql_value(*film_, test.path, at);
  if (!seen) return {false, "there is no " + test.path + " at " + format_time(at)};
  const std::string wrong = compare(test, *seen);
  return wrong.empty() ? settled_at(at, "") : TestOutcome{false, wrong};
}

TestOutcome Evaluator::evaluate_test(const ValueTest& test) {
  if (is_wires_path(test.path) || (is_ksql_path(test.path) && film_)) return evaluate_known(test);
  const std::string missed = go_to(test.at);
  if (!missed.empty()) return {false, test.path + " cannot be looked at: " + missed};
  const Time looked = test.at.fact ? probe_.now() : test.at.time.value_or(until_);
  const std::optional<std::string> seen = is_ksql_path(test.path)    ? ksql_value(ksql_film(probe_.world()), test.path, looked)
                                          : is_rival_path(test.path) ? rival_value(probe_.world().rivals, looked, test.path)
                                                                     : describe_value(probe_.world(), test.path);
  if (!seen)
    return {false,
            "there is no " + test.path + " at " + format_time(probe_.now()) + known_columns(probe_.world(), test.path)};
  const std::string wrong = compare(test, *seen);
  if (!wrong.empty()) return {false, wrong};
  return {true, "", probe_.position(), looked};
}

const FactShape& breach_shape() {
  static const FactShape kShape{"a broken promise",
                                FactLevel::story,
                                {{"topic", FieldKind::topic, {}},
                                 {"partition", FieldKind::integer, {}},
                                 {"node", FieldKind::node, {}},
                                 {"group", FieldKind::group, {}},
                                 {"consumer", FieldKind::node, {}},
                                 {"producer", FieldKind::node, {}}}};
  return kShape;
}

bool speaks_of(const PromiseTest& test, const Breach& breach, const World& world) {
  if (breach.promise != find_promise(test.promise)) return false;
  const WorldNamer names(world);
  const auto named = [&](NodeId node) { return node == kNoNode ? std::string() : names.node(node); };
  const auto value = [&](const std::string& field) -> std::string {
    if (field == "topic") return names.name(breach.tp.topic);
    if (field == "partition") return std::to_string(breach.tp.partition);
    if (field == "group") return breach.group < 0 ? "" : names.name(breach.group);
    return named(field == "node" ? breach.node : breach.client);
  };
  return std::all_of(test.where.begin(), test.where.end(), [&](const FieldTest& each) { return value(each.field) == each.value; });
}

std::optional<std::size_t> right_choice(Evaluator& evaluator, const Beat& beat) {
  std::optional<std::size_t> right;
  for (std::size_t i = 0; i < beat.choices.size(); ++i) {
    if (!evaluator.evaluate(beat.choices[i].test).holds) continue;
    if (right) return std::nullopt;
    right = i;
  }
  return right;
}

}  // namespace nutshell

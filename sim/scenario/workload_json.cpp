#include "sim/scenario/workload_json.h"

#include <algorithm>
#include <map>

#include "sim/core/text.h"
#include "sim/queues/ledger.h"
#include "sim/scenario/json_file.h"
#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/workload_json_parts.h"

namespace nutshell::queues {
namespace {

constexpr std::size_t kMaxFaults = 1000;

// A choice of a few words; their places are the values of the enum.
template <class Enum>
bool choice(ObjectReader& object, std::string_view key, std::string_view kind, const std::vector<std::string_view>& words, Enum& out) {
  std::string text;
  if (!object.text(key, text)) return false;
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) {
    object.reading().report_unknown(object.path(key), kind, text, words);
    return false;
  }
  out = static_cast<Enum>(found - words.begin());
  return true;
}

const std::vector<std::string_view> kOnError = {"give_back", "silent", "block", "skip", "dead_letter", "reject", "throw"};
const std::vector<std::string_view> kHow = {"process", "host"};
const std::vector<std::string_view> kOnRefused = {"give_up", "ignore", "resend"};

// "each", "first", "last", or {"every": 10}.
bool read_ack(ObjectReader& object, std::int32_t& every) {
  const Json* ack = object.find("ack");
  if (!ack) return false;
  const std::string path = object.path("ack");
  if (ack->is_object()) {
    ObjectReader inner(object.reading(), *ack, path);
    inner.need("every");
    inner.integer("every", every, {1, 10'000});
    inner.finish();
    return true;
  }
  std::string text;
  if (!read_text(object.reading(), *ack, path, text)) return false;
  if (text != "each" && text != "first" && text != "last") {
    object.reading().report(path, "must be \"each\", \"first\", \"last\" or {\"every\": 10}, but is '" + text + "'");
    return false;
  }
  every = text == "each" ? 1 : text == "first" ? kAcksFirst : kAcksLast;
  return true;
}

class WorkloadReader {
 public:
  WorkloadReader(JsonSource& reading, const Json& json) : reading_(reading), file_(reading, json, "") {}

  Workload read(const std::string& stem) {
    workload_.name = stem;
    if (!file_.is_object()) return workload_;
    file_.need("title");
    file_.text("title", workload_.title);
    file_.text("about", workload_.about);
    file_.integer("seed", workload_.seed, {0, Bounds{}.high});
    file_.need("until");
    file_.duration("until", workload_.until, {1, kMaxWorkloadTime});
    file_.integer("zones", workload_.zones, {1, 9});
    read_keys();
    file_.need("messages");
    file_.each("messages", 1000, [&](const Json& value, const std::string& path) { read_messages(value, path); });
    order_messages();
    file_.need("services");
    file_.each("services", kMaxServices, [&](const Json& value, const std::string& path) { read_service(value, path); });
    check_services();
    file_.each("poison", kMaxFaults, [&](const Json& value, const std::string& path) {
      workload_.poison.push_back(read_poison(reading_, value, path, workload_));
    });
    file_.each("faults", kMaxFaults, [&](const Json& value, const std::string& path) {
      workload_.faults.push_back(read_fault(reading_, value, path, workload_));
    });
    file_.each("asks", kMaxFaults, [&](const Json& value, const std::string& path) {
      workload_.asks.push_back(read_ask(reading_, value, path, workload_));
    });
    file_.need("rows");
    file_.each("rows", kMaxRows, [&](const Json& value, const std::string& path) { read_row(value, path); });
    if (workload_.rows.empty() && reading_.problems.empty())
      reading_.report("rows", "is empty: a workload runs on something, such as {\"name\": \"kafka\", \"product\": \"kafka\"}");
    file_.finish();
    return std::move(workload_);
  }

 private:
  void read_keys() {
    const Json* keys = file_.find("keys");
    if (!keys) return;
    ObjectReader object(reading_, *keys, "keys");
    if (!object.is_object()) return;
    for (const auto& [name, value] : keys->items()) {
      object.find(name);
      read_text(reading_, value, member_path("keys", name), keys_[name]);
    }
  }

  std::string key_of(const std::string& name) const {
    const auto known = keys_.find(name);
    return known == keys_.end() ? name : known->second;
  }

  void read_messages(const Json& value, const std::string& path) {
    ObjectReader object(reading_, value, path);
    Message first;
    std::int64_t count = -1;
    Duration every = 0;
    object.need("name");
    object.text("name", first.name);
    object.integer("count", count, {1, static_cast<std::int64_t>(kMaxMessages)});
    object.duration("at", first.at, kAnyTime);
    object.duration("every", every, kAnyTime);
    object.text("body", first.body);
    object.integer("size", first.size, {1, 10'000'000});
    object.integer("priority", first.priority, {0, 255});
    object.duration("expires", first.expires_after, kAnyTime);
    std::vector<std::string> keys;
    const Json* key = object.find("key");
    if (key) keys = read_texts(reading_, *key, object.path("key"));
    std::vector<std::pair<std::string, std::vector<std::string>>> attributes;
    const Json* named_values = object.find("attributes");
    if (named_values) {
      ObjectReader inner(reading_, *named_values, object.path("attributes"));
      for (const auto& [name, each] : named_values->items())
        if (inner.is_object()) attributes.emplace_back(name, read_texts(reading_, each, member_path(object.path("attributes"), name)));
    }
    object.finish();
    if (workload_.messages.size() + static_cast<std::size_t>(std::max<std::int64_t>(count, 1)) > kMaxMessages) {
      if (!too_many_) reading_.report(path, "makes more than " + std::to_string(kMaxMessages) + " messages");
      too_many_ = true;
      return;
    }
    for (std::int64_t i = 0; i < std::max<std::int64_t>(count, 1); ++i) {
      Message next = first;
      const auto nth = static_cast<std::size_t>(i);
      if (count > 0) next.name += std::to_string(++numbers_[first.name]);
      if (every > 0 && i > (kMaxWorkloadTime - first.at) / every) break;  // never within any run
      next.at = first.at + i * every;
      if (!keys.empty()) next.key = key_of(keys[nth % keys.size()]);
      for (const auto& [name, values] : attributes)
        if (!values.empty()) next.attributes.emplace_back(name, values[nth % values.size()]);
      if (next.body.empty()) next.body = next.name;
      if (!names_.emplace(next.name, 0).second) {
        reading_.report(path, "there are two messages named '" + next.name + "'");
        return;
      }
      workload_.messages.push_back(std::move(next));
    }
  }

  void order_messages() {
    std::stable_sort(workload_.messages.begin(), workload_.messages.end(),
                     [](const Message& a, const Message& b) { return a.at < b.at; });
  }

  void read_service(const Json& value, const std::string& path) {
    ObjectReader object(reading_, value, path);
    Service it;
    object.need("name");
    object.text("name", it.name);
    object.duration("added_at", it.added_at, kAnyTime);
    object.boolean("wants_the_past", it.from_start);
    choice(object, "on_error", "policy", kOnError, it.on_error);
    object.integer("tries", it.tries, {1, 1'000'000});
    object.integer("fails_ppm", it.fails_ppm, {0, 1'000'000});
    object.each("filter", 20, [&](const Json& each, const std::string& where) { read_condition(each, where, it.filter); });
    object.each("consumers", kMaxConsumers, [&](const Json& each, const std::string& where) { read_consumer(each, where, it); });
    object.finish();
    if (it.consumers.size() > kMaxConsumers) reading_.report(path, "has more than " + std::to_string(kMaxConsumers) + " consumers");
    for (const Service& each : workload_.services)
      if (each.name == it.name) reading_.report(path, "there are two services named '" + it.name + "'");
    workload_.services.push_back(std::move(it));
  }

  void check_services() {
    if (workload_.services.empty()) reading_.report("services", "is empty: a workload needs somebody who reads");
    if (workload_.messages.empty()) reading_.report("messages", "is empty: a workload needs something to read");
    if (workload_.services.size() * workload_.messages.size() > 1'000'000)
      reading_.report("services", "times messages are more than 1000000; have fewer of either");
  }

  void read_condition(const Json& value, const std::string& path, Filter& filter) {
    ObjectReader object(reading_, value, path);
    Condition it;
    object.need("attribute");
    object.text("attribute", it.attribute);
    int asked = 0;
    const auto words = [&](std::string_view key, Condition::Is is) {
      const Json* list = object.find(key);
      if (!list) return;
      ++asked;
      it.is = is;
      it.values = read_texts(reading_, *list, object.path(key));
    };
    words("any_of", Condition::Is::any_of);
    words("none_of", Condition::Is::none_of);
    words("prefix", Condition::Is::prefix);
    if (object.integer("at_least", it.number)) it.is = Condition::Is::at_least, ++asked;
    if (object.integer("at_most", it.number)) it.is = Condition::Is::at_most, ++asked;
    bool exists = true;
    if (object.boolean("exists", exists)) {
      ++asked;
      if (!exists) reading_.report(object.path("exists"), "must be true; leave it out otherwise");
    }
    object.finish();
    if (asked != 1 && object.is_object())
      reading_.report(path, "must have exactly one of \"any_of\", \"none_of\", \"prefix\", \"exists\", \"at_least\" and \"at_most\"");
    if (it.is == Condition::Is::prefix && it.values.size() != 1) it.is = Condition::Is::exists;
    filter.push_back(std::move(it));
  }

  void read_consumer(const Json& value, const std::string& path, Service& service) {
    ObjectReader object(reading_, value, path);
    Consumer it;
    std::int64_t count = 1;
    object.need("name");
    object.text("name", it.name);
    object.integer("count", count, {1, static_cast<std::int64_t>(kMaxConsumers)});
    object.duration("from", it.from, kAnyTime);
    object.duration("to", it.to, kAnyTime);
    object.duration("handle", it.handle, {kMicrosecond, kMaxWorkloadTime});
    object.integer("window", it.window, {1, 10'000});
    read_ack(object, it.every);
    object.duration("crash_at", it.crash_at, kAnyTime);
    object.integer("crash_after", it.crash_after, {1, 1'000'000'000});
    choice(object, "how", "way to go", kHow, it.how);
    object.integer("node", it.node, {0, 8});
    object.integer("priority", it.priority, {-1000, 1000});
    const Json* slow = object.find("slow");
    if (slow) {
      ObjectReader inner(reading_, *slow, object.path("slow"));
      for (std::size_t i = 0; inner.is_object() && i < workload_.messages.size(); ++i) {
        if (!slow->contains(workload_.messages[i].name)) continue;
        Duration takes = 0;
        if (inner.duration(workload_.messages[i].name, takes, {kMicrosecond, kMaxWorkloadTime}))
          it.slow.emplace_back(static_cast<std::int32_t>(i), takes);
      }
      inner.finish();
    }
    object.finish();
    if (it.crash_at <= it.from) reading_.report(path, "crashes before it comes; a \"crash_at\" is later than \"from\"");
    if (it.to <= it.from) reading_.report(path, "leaves before it comes; \"to\" is later than \"from\"");
    for (std::int64_t i = 0; i < count && service.consumers.size() <= kMaxConsumers; ++i) {
      service.consumers.push_back(it);
      if (count > 1) service.consumers.back().name += std::to_string(i + 1);
    }
  }

  void read_row(const Json& value, const std::string& path) {
    ObjectReader object(reading_, value, path);
    Row it;
    std::vector<std::string_view> names;
    for (const Product& each : products()) names.push_back(each.name);
    object.need("product");
    const bool known = choice(object, "product", "product", names, it.product);
    it.name = std::string(product(it.product).name);
    object.text("name", it.name);
    const Json* config = object.find("config");
    if (known && config) read_config(reading_, *config, object.path("config"), it);
    object.integer("consumers", it.consumers, {1, static_cast<std::int64_t>(kMaxConsumers)});
    OnError on_error{};
    if (choice(object, "on_error", "policy", kOnError, on_error)) it.on_error = on_error;
    object.integer("tries", it.tries, {1, 1'000'000});
    std::int32_t every = 1, window = 1;
    if (read_ack(object, every)) it.every = every;
    if (object.integer("window", window, {1, 10'000})) it.window = window;
    if (const Json* publisher = object.find("publisher")) {
      ObjectReader inner(reading_, *publisher, object.path("publisher"));
      choice(inner, "refused", "policy", kOnRefused, it.on_refused);
      inner.duration("after", it.resend_after, {kMillisecond, kMaxWorkloadTime});
      inner.integer("node", it.publisher_node, {0, 8});
      inner.finish();
    }
    read_routing(object, it, workload_.services);
    constexpr std::size_t kMostPushedTo = 20;  // I6
    if (it.product == ProductId::kinesis && it.settings.is_on(it.product, "EnhancedFanOut") && workload_.services.size() > kMostPushedTo)
      reading_.report(member_path(object.path("config"), "EnhancedFanOut"),
                      "is for 20 consumers of a stream at most, and there are " + std::to_string(workload_.services.size()) +
                          " services; leave it out, or have fewer");
    read_filters(object, it);
    read_expect(object, it);
    object.finish();
    for (const Row& each : workload_.rows)
      if (each.name == it.name) reading_.report(path, "there are two rows named '" + it.name + "'; give each a \"name\"");
    workload_.rows.push_back(std::move(it));
  }

  // "filters": {"S2": "attributes.type = \"paid\""} at Pub/Sub, {"S2": {"type": ["paid"]}} at SNS.
  void read_filters(ObjectReader& object, Row& row) {
    const Json* filters = object.find("filters");
    if (!filters) return;
    const bool pubsub = row.product == ProductId::pubsub || row.product == ProductId::pubsub_ordered;
    if (!pubsub && row.product != ProductId::sqs && row.product != ProductId::sqs_fifo)
      return reading_.report(object.path("filters"),
                             "is for Pub/Sub and SNS; queues of RabbitMQ have \"bindings\", and a log filters nothing");
    row.has_filters = true;
    row.filters.resize(workload_.services.size());
    ObjectReader inner(reading_, *filters, object.path("filters"));
    for (std::size_t i = 0; inner.is_object() && i < workload_.services.size(); ++i) {
      const Json* filter = inner.find(workload_.services[i].name);
      const std::string path = inner.path(workload_.services[i].name);
      if (filter) row.filters[i] = pubsub ? read_filter_text(reading_, *filter, path) : read_filter_policy(reading_, *filter, path);
    }
    inner.finish();
  }

  // "expect": {"billing": {"attempts": 19, "last": "11.1s"}}
  void read_expect(ObjectReader& object, Row& row) {
    const Json* expect = object.find("expect");
    if (!expect) return;
    ObjectReader services(reading_, *expect, object.path("expect"));
    for (std::size_t i = 0; services.is_object() && i < workload_.services.size(); ++i) {
      const Json* of = services.find(workload_.services[i].name);
      if (!of) continue;
      ObjectReader numbers(reading_, *of, services.path(workload_.services[i].name));
      for (const Figure& each : figures()) {
        Expectation it{static_cast<std::int32_t>(i), std::string(each.name), 0};
        const bool time = each.name == "last" || each.name == "noticed";
        if (time ? numbers.duration(each.name, it.value, kAnyTime) : numbers.integer(each.name, it.value, {0, 1'000'000'000}))
          row.expect.push_back(it);
      }
      numbers.finish();
    }
    services.finish();
  }

  JsonSource& reading_;
  ObjectReader file_;
  Workload workload_;
  std::map<std::string, std::string> keys_;
  std::map<std::string, std::int64_t> numbers_, names_;
  bool too_many_ = false;
};

}  // namespace

static Workload read_workload(JsonSource& reading, const Json& json) {
  return WorkloadReader(reading, json).read(stem_of(reading.file));
}

}  // namespace nutshell::queues

namespace nutshell {

void override_workload(queues::Workload& workload, const std::string& key, const std::string& value, std::vector<Problem>& problems) {
  std::vector<Problem> found;
  const JsonPlaces places("--set", "{}", found);
  JsonSource reading{"--set " + key + "=" + value, places, found};
  Json json = value;
  if (const std::optional<std::int64_t> number = parse_integer(value)) json = *number;
  else if (value == "true" || value == "false") json = value == "true";
  std::vector<std::string_view> known;
  bool set = false;
  std::string_view elsewhere;
  for (queues::Row& row : workload.rows) {
    const queues::ProductKey* it = queues::find_key(row.product, key);
    for (const std::string_view each : queues::key_names(row.product)) known.push_back(each);
    std::int64_t number = 0;
    const Json as = it && it->unit == queues::Unit::word ? Json(value) : json;
    if (it && found.empty() && queues::read_setting(reading, *it, as, "", number)) row.settings.set(*it, number);
    std::string name;
    const std::string wrong = it && found.empty() ? queues::contradiction(row.product, row.settings, name) : "";
    if (!wrong.empty()) reading.report("", "of '" + row.name + "': " + name + " " + wrong);
    if (!it && elsewhere.empty()) elsewhere = queues::said_elsewhere(row.product, key);
    set = set || it != nullptr;
  }
  if (!set && !elsewhere.empty()) {
    reading.report("", std::string(elsewhere));
  } else if (!set) {
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    reading.report_unknown("", "key of these products", key, known);
  }
  for (Problem& each : found) problems.push_back({each.file, 0, 0, "", each.what, each.hint});
}

WorkloadResult parse_workload(std::string_view text, const std::string& file) {
  WorkloadResult result;
  read_json_file(text, file, result.problems, [&](JsonSource& reading, const Json& json) {
    queues::Workload workload = queues::read_workload(reading, json);
    if (result.problems.empty()) result.workload = std::move(workload);
  });
  return result;
}

WorkloadResult load_workload(const std::string& path) {
  WorkloadResult result;
  const std::optional<std::string> text = read_whole_file(path, result.problems);
  return text ? parse_workload(*text, path) : result;
}

}  // namespace nutshell

#include "sim/streams/case.h"

#include <algorithm>

#include "sim/streams/engine.h"
#include "sim/streams/format.h"
#include "sim/streams/format_schema.h"
#include "sim/streams/parser.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

constexpr std::string_view kFinalInterval = "__emit.interval.ms.kstreams.windowed.aggregation__";
constexpr std::string_view kJoinInterval = "__emit.interval.ms.kstreams.outer.join.spurious.results.fix__";

const Json kNull;

const Json& member(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  return found ? *found : kNull;
}

std::int64_t number_in(const Json& json, std::string_view name, std::int64_t otherwise);

// The time of a row, which a test may write in short.
std::int64_t time_in(const Json& json, std::int64_t otherwise) {
  return number_in(json, "timestamp", number_in(json, "ts", otherwise));
}

// The window of a row: {"start": 0, "end": 60000, "type": "time"}, or [0, 60000].
struct RowWindow {
  bool there = false, session = false;
  std::int64_t start = -1;
  std::optional<std::int64_t> end;
};
RowWindow window_in(const Json& row) {
  const Json& json = member(row, "window");
  RowWindow window;
  window.there = json.kind == JsonKind::object || (json.kind == JsonKind::list && json.items.size() == 2);
  if (json.kind == JsonKind::object) {
    window.session = same_word(member(json, "type").text, "session");
    window.start = number_in(json, "start", -1);
    if (json.find("end")) window.end = number_in(json, "end", -1);
  } else if (window.there) {
    window.start = json_whole(json.items[0]).value_or(-1);
    window.end = json_whole(json.items[1]).value_or(-1);
  }
  return window;
}

std::int64_t number_in(const Json& json, std::string_view name, std::int64_t otherwise) {
  return json_whole(member(json, name)).value_or(otherwise);
}

bool same_json(const Json& a, const Json& b);

bool same_number(const Json& a, const Json& b) {
  const auto x = parse_decimal(a.text);
  const auto y = parse_decimal(b.text);
  if (x && y && compare(*x, *y) == 0) return true;
  const auto p = parse_real(a.text);
  const auto q = parse_real(b.text);
  if (!p || !q) return false;
  // The tests of ksqlDB allow a DOUBLE so much, and so does this.
  const double apart = *p < *q ? *q - *p : *p - *q;
  return *p == *q || (is_nan(*p) && is_nan(*q)) || (b.text.find_first_of(".E") != std::string::npos && apart < 1e-6);
}

bool same_object(const Json& a, const Json& b) {
  if (a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    // A name may be written in small letters; a field that is null may be missing.
    const Json* other = b.find(a.names[i]);
    if (!other) other = b.find(upper(a.names[i]));
    if (!same_json(a.items[i], other ? *other : kNull)) return false;
  }
  return true;
}

bool same_json(const Json& a, const Json& b) {
  // A number that JSON cannot write, or whose zeros count, stands as text.
  if (a.kind != b.kind && (a.kind == JsonKind::text || b.kind == JsonKind::text) &&
      (a.kind == JsonKind::number || b.kind == JsonKind::number))
    return a.text == b.text || same_number(a, b);
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case JsonKind::null: return true;
    case JsonKind::truth: return a.truth == b.truth;
    case JsonKind::text: return a.text == b.text;
    case JsonKind::number: return same_number(a, b);
    case JsonKind::list:
      return a.items.size() == b.items.size() && std::equal(a.items.begin(), a.items.end(), b.items.begin(), same_json);
    case JsonKind::object: return same_object(a, b);
  }
  return false;
}

Json text_json(std::string text) {
  Json json;
  json.kind = JsonKind::text;
  json.text = std::move(text);
  return json;
}

// Bytes of a topic as the test writes them.
Json from_bytes(const std::optional<std::string>& bytes, const Source& source, bool key) {
  const Format& format = key ? source.key_format : source.value_format;
  if (!bytes) return Json();
  if (is_structured(format.kind)) return parse_json(*bytes).value_or(text_json(*bytes));
  if (format.kind == FormatKind::delimited) return text_json(*bytes);
  const Columns columns = columns_of_side(source, key);
  std::string why;
  const auto row = columns.empty() ? std::nullopt : read_row(format, columns, key, *bytes, why);
  if (!row) return text_json(*bytes);
  std::string text;
  write_json_value(text, (*row)[0], columns[0].type);
  return parse_json(text).value_or(Json());
}

class Case {
 public:
  explicit Case(const Json& test) : test_(test), engine_(switches()) {}

  // "" or what differs.
  std::string run() {
    engine_.catalog.partitions_of_unknown_topics = 4;
    // Some moment after 1970; a test of the clock sets its own.
    engine_.now = 1'500'000'000'000;
    engine_.one_partition = !names_partitions();
    read_topics();
    const Json& properties = member(test_, "properties");
    for (std::size_t i = 0; i < properties.names.size(); ++i)
      engine_.catalog.settings[properties.names[i]] = properties.items[i].kind == JsonKind::truth
                                                          ? (properties.items[i].truth ? "true" : "false")
                                                          : properties.items[i].text;
    const std::string refused = statements();
    if (broken_) return refused;
    const Json* error = wanted_error();
    if (error && refused.empty())
      return "every statement was accepted, but one had to be refused" +
             (error->kind == JsonKind::text ? ": " + error->text : "");
    if (error)
      return error->kind == JsonKind::text && own_error() && refused.find(error->text) == std::string::npos
                 ? "the error does not say '" + error->text + "' but: " + refused
                 : "";
    if (!refused.empty()) return refused;
    const std::string wrong = member(test_, "order").text == "rows" ? by_rows() : by_queries();
    if (!wrong.empty()) return wrong;
    const std::string differs = compare_outputs();
    return differs.empty() ? compare_selects() : differs;
  }

 private:
  Switches switches() const {
    Switches s;
    s.final_interval = 0;
    const Json& properties = member(test_, "properties");
    for (std::size_t i = 0; i < properties.names.size(); ++i) {
      const auto value = parse_whole(properties.items[i].text);
      if (!value) continue;
      if (properties.names[i].find(kFinalInterval) != std::string::npos) s.final_interval = *value;
      if (properties.names[i].find(kJoinInterval) != std::string::npos) s.join_interval = *value;
    }
    s.final_by_buffer = member(properties, "emit_final").text == "suppress";
    return s;
  }

  const Json* wanted_error() const {
    for (const char* name : {"error", "expectedException", "expected_error", "expect_error", "refused", "throws"}) {
      const Json* found = test_.find(name);
      if (found && found->kind != JsonKind::null && !(found->kind == JsonKind::truth && !found->truth)) return found;
    }
    return nullptr;
  }

  // Only a test of our own can know our words.
  bool own_error() const { return test_.find("says") != nullptr; }

  bool names_partitions() const {
    const Json& inputs = member(test_, "inputs");
    return std::any_of(inputs.items.begin(), inputs.items.end(),
                       [](const Json& input) { return input.find("partition") != nullptr; });
  }

  void read_topics() {
    for (const Json& topic : member(test_, "topics").items) {
      // Of one that does not say how many it has a statement may.
      const std::int64_t partitions = number_in(topic, "partitions", number_in(topic, "numPartitions", 0));
      if (topic.kind == JsonKind::text) engine_.catalog.topics[topic.text] = 4;
      else if (partitions > 0 && partitions < 10'000)
        engine_.catalog.topics[member(topic, "name").text] = static_cast<int>(partitions);
      for (const bool key : {true, false}) register_schema(topic, key);
    }
  }

  // {"name": "t", "valueSchema": {...}, "valueFormat": "AVRO"}: it stands in the registry before the statements. Of a topic of
  // which rows are expected it is what is to come, and nothing has to go with it.
  void register_schema(const Json& topic, bool key) {
    const Json& schema = member(topic, key ? "keySchema" : "valueSchema");
    if (schema.kind == JsonKind::null) return;
    const std::string format = member(topic, key ? "keyFormat" : "valueFormat").text;
    const std::string name = member(topic, "name").text, subject = subject_name(SubjectNaming::topic, name, key, "");
    SchemaFormat in = SchemaFormat::avro;
    if (same_word(format, "PROTOBUF")) in = SchemaFormat::protobuf;
    if (same_word(format, "JSON") || same_word(format, "JSON_SR")) in = SchemaFormat::json;
    const bool bare = schema.kind == JsonKind::text && in == SchemaFormat::protobuf;
    const std::string text = bare ? schema.text : json_text(schema);
    const std::int64_t number = number_in(topic, key ? "keySchemaId" : "valueSchemaId", 0);
    const auto id = static_cast<std::int32_t>(std::clamp<std::int64_t>(number, 0, 10'000));
    if (id > 0) engine_.catalog.schemas_by_id[id] = {in, text, ""};
    if (schema_problem(in, text).empty()) engine_.catalog.registry.take(subject, in, text);
    const Json& outputs = member(test_, "outputs");
    const bool expected = std::any_of(outputs.items.begin(), outputs.items.end(),
                                      [&](const Json& output) { return member(output, "topic").text == name; });
    if (expected) engine_.catalog.registry.set_level(subject, Compatibility::none);
  }

  std::string statements() {
    std::string script;
    for (const Json& statement : member(test_, "statements").items) script += statement.text + "\n";
    if (member(test_, "statements").kind == JsonKind::text) script = member(test_, "statements").text;
    if (script.empty()) {
      broken_ = true;
      return "there are no statements";
    }
    Complaint complaint;
    const std::vector<Statement> parsed = parse_script(script, engine_.variables, complaint);
    std::string printed;
    for (const Statement& s : parsed) {
      if (complaint.any()) break;
      engine_.execute(s, complaint, printed);
    }
    return complaint.any() ? say(complaint.first()) : "";
  }

  // The source that says how a topic is written: the first that was made over it.
  const Source* source_of(const std::string& topic) const {
    const Source* best = nullptr;
    for (const auto& each : engine_.catalog.sources) {
      if (each.second.topic == topic && (!best || each.second.query.empty() < best->query.empty())) best = &each.second;
    }
    return best;
  }

  std::string put(const Json& input, std::string& topic, Record& record, int& partition) {
    topic = member(input, "topic").text;
    static const Source kRaw;
    const Source* source = source_of(topic);
    if (!source) source = &kRaw;
    record.key = bytes_from_json(member(input, "key"), *source, true);
    record.value = bytes_from_json(member(input, "value"), *source, false);
    record.timestamp = time_in(input, 0);
    for (const Json& header : member(input, "headers").items) {
      const Json& bytes = member(header, "VALUE");
      record.headers.emplace_back(member(header, "KEY").text, bytes.kind == JsonKind::text ? from_base64(bytes.text) : std::nullopt);
    }
    partition = static_cast<int>(number_in(input, "partition", -1));
    if (partition > 9999) return "the partition " + std::to_string(partition) + " does not exist";
    const std::optional<std::string> route = record.key;
    const RowWindow window = window_in(input);
    if (window.there && record.key) {
      const bool session = window.session || source->window == WindowKind::session;
      *record.key += window_bytes(session ? WindowKind::session : WindowKind::tumbling, window.start, window.end.value_or(0));
    }
    engine_.now = number_in(input, "wall", engine_.now);
    engine_.produce(topic, partition, route, record);
    return "";
  }

  std::string by_rows() {
    for (const Json& input : member(test_, "inputs").items) {
      std::string topic;
      Record record;
      int partition = 0;
      const std::string wrong = put(input, topic, record, partition);
      if (!wrong.empty()) return wrong;
      engine_.run();
    }
    engine_.run();
    return "";
  }

  // Each query for itself: the given rows in their order, then what earlier queries have made.
  std::string by_queries() {
    struct Given {
      std::string topic;
      Record record;
      int partition = 0;
      std::size_t offset = 0;
      std::int64_t now = 0;
    };
    std::vector<Given> given;
    for (const Json& input : member(test_, "inputs").items) {
      Given g;
      const std::string wrong = put(input, g.topic, g.record, g.partition);
      if (!wrong.empty()) return wrong;
      // Where the partitioner has put it.
      const auto& logs = engine_.topics[g.topic].arrivals;
      for (std::size_t p = 0; p < logs.size(); ++p) {
        if (!logs[p].empty() && (g.partition < 0 || logs[p].back() > logs[static_cast<std::size_t>(g.partition)].back()))
          g.partition = static_cast<int>(p);
      }
      g.offset = logs[static_cast<std::size_t>(g.partition)].size() - 1;
      g.now = engine_.now;
      given.push_back(std::move(g));
    }
    for (std::size_t q = 0; q < engine_.queries().size(); ++q) {
      for (const Given& g : given) {
        engine_.now = g.now;
        engine_.feed(q, g.topic, g.partition, g.offset, g.record);
      }
      for (const SubTopology& part : engine_.queries()[q].plan->parts) {
        for (const std::string& topic : part.topics) {
          const bool was_given = std::any_of(given.begin(), given.end(), [&](const Given& g) { return g.topic == topic; });
          const auto log = engine_.topics.find(topic);
          if (was_given || log == engine_.topics.end()) continue;
          const TopicLog made = log->second;
          for (std::size_t p = 0; p < made.partitions.size(); ++p) {
            for (std::size_t i = 0; i < made.partitions[p].size(); ++i)
              engine_.feed(q, topic, static_cast<int>(p), i, made.partitions[p][i]);
          }
        }
      }
    }
    return "";
  }

  // All records of a topic in the order in which they came.
  std::vector<std::pair<int, Record>> records_of(const std::string& topic) const {
    std::map<std::uint64_t, std::pair<int, Record>> sorted;
    const auto log = engine_.topics.find(topic);
    if (log == engine_.topics.end()) return {};
    for (std::size_t p = 0; p < log->second.partitions.size(); ++p) {
      for (std::size_t i = 0; i < log->second.partitions[p].size(); ++i)
        sorted[log->second.arrivals[p][i]] = {static_cast<int>(p), log->second.partitions[p][i]};
    }
    std::vector<std::pair<int, Record>> records;
    for (auto& each : sorted) records.push_back(std::move(each.second));
    return records;
  }

  std::string compare_outputs() {
    std::map<std::string, std::vector<const Json*>> wanted;
    for (const Json& output : member(test_, "outputs").items) wanted[member(output, "topic").text].push_back(&output);
    if (wanted.empty() && test_.find("outputs")) {
      for (const Query& q : engine_.queries()) wanted[sink_topic(q)];
    }
    for (const auto& [topic, outputs] : wanted) {
      const std::vector<std::pair<int, Record>> got = records_of(topic);
      for (std::size_t i = 0; i < std::max(outputs.size(), got.size()); ++i) {
        const std::string nth = topic + ", row " + std::to_string(i + 1) + ": ";
        if (i >= outputs.size()) return nth + "nothing was to come, but there is " + row_text(topic, got[i].second);
        if (i >= got.size()) return nth + "missing is " + json_text(*outputs[i]);
        const std::string wrong = compare_row(topic, *outputs[i], got[i].first, got[i].second);
        if (!wrong.empty())
          return nth + wrong + "; wanted " + json_text(*outputs[i]) + ", got " + row_text(topic, got[i].second);
      }
    }
    return "";
  }

  // What SELECTs show when all rows are through. Rows of a look-up may come in any order, those of EMIT CHANGES may not.
  std::string compare_selects() {
    for (const Json& select : member(test_, "selects").items) {
      Complaint complaint;
      const std::vector<Statement> parsed = parse_script(member(select, "statement").text, engine_.variables, complaint);
      Engine::Table table;
      bool push = false;
      if (!complaint.any() && parsed.size() == 1 && parsed[0].select) {
        table = engine_.select(*parsed[0].select, complaint);
        push = parsed[0].select->emit != Emit::none;
      }
      const std::string begun = member(select, "statement").text + ": ";
      const bool refused = member(select, "error").kind != JsonKind::null;
      if (complaint.any() != refused) return begun + (refused ? "had to be refused" : say(complaint.first()));
      std::vector<Json> got;
      for (const Row& row : table.rows) got.push_back(row_json(row, table.columns));
      std::vector<Json> wanted = refused ? std::vector<Json>() : member(select, "rows").items;
      if (got.size() != wanted.size())
        return begun + "there are " + std::to_string(got.size()) + " rows, not " + std::to_string(wanted.size());
      for (const Json& row : got) {
        const auto found = push ? wanted.begin()
                                : std::find_if(wanted.begin(), wanted.end(), [&](const Json& w) { return same_json(w, row); });
        if (found == wanted.end() || !same_json(*found, row))
          return begun + "the row " + json_text(row) + " was not to come" + (push ? ", but " + json_text(*found) : "");
        wanted.erase(found);
      }
    }
    return "";
  }

  static Json row_json(const Row& row, const Columns& columns) {
    std::string text = "[";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += ',';
      write_json_value(text, row[i], columns[i].type);
    }
    return parse_json(text + "]").value_or(Json());
  }

  std::string sink_topic(const Query& q) const {
    const Source* sink = engine_.catalog.find(q.plan->writes);
    return sink ? sink->topic : "";
  }

  std::string row_text(const std::string& topic, const Record& record) const {
    const Source* source = source_of(topic);
    if (!source) return "";
    std::optional<std::string> key = record.key;
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::string window;
    if (key && source->window != WindowKind::none && split_window(source->window, source->window_size, *key, start, end)) {
      window = " [" + std::to_string(start) + ", " + std::to_string(end) + ")";
    }
    return json_text(from_bytes(key, *source, true)) + window + " = " + json_text(from_bytes(record.value, *source, false)) +
           " @ " + std::to_string(record.timestamp);
  }

  std::string compare_row(const std::string& topic, const Json& wanted, int partition, const Record& got) const {
    const Source* source = source_of(topic);
    if (!source) return "no source describes the topic";
    std::optional<std::string> key = got.key;
    std::int64_t start = 0;
    std::int64_t end = 0;
    const RowWindow window = window_in(wanted);
    const bool windowed =
        key && source->window != WindowKind::none && split_window(source->window, source->window_size, *key, start, end);
    if (window.there && (!windowed || start != window.start)) return "the window differs";
    if (window.there && window.end && end != *window.end) return "the window's end differs";
    if (wanted.find("key") && !same_json(member(wanted, "key"), from_bytes(key, *source, true))) return "the key differs";
    if (!same_json(member(wanted, "value"), from_bytes(got.value, *source, false))) return "the value differs";
    if ((wanted.find("timestamp") || wanted.find("ts")) && time_in(wanted, -1) != got.timestamp) return "the timestamp differs";
    if (wanted.find("partition") && number_in(wanted, "partition", -1) != partition) return "the partition differs";
    return "";
  }

  const Json& test_;
  Engine engine_;
  bool broken_ = false;
};

}  // namespace

CaseResult run_case(const Json& test) {
  CaseResult result;
  result.name = member(test, "name").text;
  result.why = test.kind == JsonKind::object ? Case(test).run() : "a case is a JSON object";
  result.passed = result.why.empty();
  return result;
}

std::vector<CaseResult> run_cases(std::string_view text, const std::string& file) {
  std::vector<CaseResult> results;
  std::string wrong;
  const std::optional<Json> json = parse_json(text, &wrong);
  if (!json) return {{file, false, "this is no JSON, " + wrong}};
  const Json* list = &*json;
  for (const char* name : {"tests", "cases"}) {
    if (const Json* found = json->find(name)) list = found;
  }
  if (list->kind == JsonKind::list) {
    for (const Json& test : list->items) results.push_back(run_case(test));
  } else {
    results.push_back(run_case(*list));
  }
  for (CaseResult& each : results) {
    if (each.name.empty()) each.name = file;
  }
  return results;
}

}  // namespace nutshell::streams

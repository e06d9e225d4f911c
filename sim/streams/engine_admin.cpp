#include <algorithm>

#include "sim/streams/calendar.h"
#include "sim/streams/engine.h"
#include "sim/streams/format.h"
#include "sim/streams/function.h"
#include "sim/streams/parser.h"
#include "sim/streams/unknown.h"

namespace nutshell::streams {

namespace {

std::string one_line(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
    const std::size_t next = text.find_first_not_of(" \n\t\r", at);
    text.replace(at, (next == std::string::npos ? text.size() : next) - at, " ");
  }
  return text;
}

// "Key format           : "
std::string label(std::string text) {
  text.resize(std::max<std::size_t>(text.size(), 20), ' ');
  return text + " : ";
}

// As ksqlDB's CLI lists things: a line of heads, a rule, a line for each, a rule.
std::string listing(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    widths.push_back(characters(heads[i]));
    for (const auto& row : rows) widths[i] = std::max(widths[i], characters(row[i]));
  }
  const auto line = [&widths](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i)
      text += (i > 0 ? " | " : " ") + cells[i] + std::string(i + 1 < cells.size() ? widths[i] - characters(cells[i]) : 0, ' ');
    return text + "\n";
  };
  std::size_t wide = 1;
  for (const std::size_t each : widths) wide += each + 3;
  // The last column may be a whole statement.
  const std::string rule = std::string(std::min<std::size_t>(wide - 1, 100), '-') + "\n";
  std::string text = line(heads) + rule;
  for (const auto& row : rows) text += line(row);
  return text + rule;
}

const Source* source_of(const Catalog& catalog, const std::string& topic) {
  for (const auto& each : catalog.sources) {
    if (each.second.topic == topic) return &each.second;
  }
  return nullptr;
}

// A key as PRINT shows it: read by the format of its source, with the bounds of its window behind @.
std::string key_text(const Record& record, const Source* source) {
  if (!record.key) return "<null>";
  if (!source) return *record.key;
  std::string bytes = *record.key;
  std::int64_t start = 0;
  std::int64_t end = 0;
  const bool windowed =
      source->window != WindowKind::none && split_window(source->window, source->window_size, bytes, start, end);
  const Columns columns(source->columns.begin(),
                        source->columns.begin() + static_cast<std::ptrdiff_t>(key_count(source->columns)));
  std::string why;
  const auto row = read_row(source->key_format, columns, true, bytes, why);
  std::vector<std::string> parts;
  for (std::size_t i = 0; row && i < row->size(); ++i) parts.push_back(value_text((*row)[i], columns[i].type));
  const std::string text = row ? joined(parts) : bytes;
  return windowed ? "[" + text + "@" + std::to_string(start) + "/" + std::to_string(end) + "]" : text;
}

}  // namespace

std::vector<std::string> Engine::readers(const std::string& name) const {
  std::vector<std::string> ids;
  for (const Query& q : queries_) {
    if (std::find(q.plan->reads.begin(), q.plan->reads.end(), name) != q.plan->reads.end()) ids.push_back(q.id);
  }
  return ids;
}

std::vector<std::string> Engine::writers(const std::string& name) const {
  std::vector<std::string> ids;
  for (const Query& q : queries_) {
    if (q.plan->writes == name) ids.push_back(q.id);
  }
  return ids;
}

void Engine::drop(const Statement& s, Complaint& complaint, std::string& out) {
  const Source* source = catalog.find(s.name);
  if (!source) {
    if (!s.lenient) complaint.say("E4", s.name_at, no_such_source(catalog, s.name));
    return;
  }
  const std::string kind = source->table ? "TABLE" : "STREAM";
  if (source->table != s.table)
    complaint.say("E20", s.name_at, s.name + " is a " + lower(kind) + "; write DROP " + kind + " " + quoted_name(s.name) + ".");
  if (s.delete_topic && source->source_only)
    complaint.say("E20", s.name_at,
                  s.name + " is a SOURCE, which is read only; its topic is not deleted. Leave DELETE TOPIC out.");
  std::vector<std::string> busy = readers(s.name);
  for (const std::string& id : writers(s.name)) {
    if (id != source->query) busy.push_back(id);
  }
  if (!busy.empty())
    complaint.say("E20", s.name_at,
                  s.name + " is in use by " + joined(busy) + "; first TERMINATE " + joined(busy, "; TERMINATE ") + ";");
  if (complaint.any()) return;
  const std::string own = source->query;
  queries_.erase(std::remove_if(queries_.begin(), queries_.end(), [&](const Query& q) { return !own.empty() && q.id == own; }),
                 queries_.end());
  if (s.delete_topic) {
    topics.erase(source->topic);
    catalog.topics.erase(source->topic);
  }
  catalog.sources.erase(s.name);
  ++commands_;
  out += "Source " + s.name + (s.delete_topic ? " and its topic were dropped\n" : " was dropped; its topic stays\n");
}

void Engine::end_query(const Statement& s, Complaint& complaint, std::string& out) {
  std::vector<std::string> ids;
  bool found = s.word == "ALL";
  for (Query& q : queries_) {
    ids.push_back(q.id);
    if (s.word != "ALL" && !same_word(q.id, s.name)) continue;
    found = true;
    if (s.verb != Verb::terminate) q.paused = s.verb == Verb::pause;
  }
  if (!found) {
    complaint.say("E4", s.name_at,
                  "There is no query " + s.name + "." + did_you_mean(s.name, ids) + " SHOW QUERIES lists them.");
    return;
  }
  const std::string done = s.verb == Verb::terminate ? "terminated" : s.verb == Verb::pause ? "paused" : "resumed";
  if (s.verb == Verb::terminate) {
    queries_.erase(std::remove_if(queries_.begin(), queries_.end(),
                                  [&](const Query& q) { return s.word == "ALL" || same_word(q.id, s.name); }),
                   queries_.end());
  }
  ++commands_;
  out += (s.word == "ALL" ? "All queries " : "Query " + s.name + " ") + done + "\n";
}

void Engine::show(const Statement& s, std::string& out) {
  using Rows = std::vector<std::vector<std::string>>;
  Rows rows;
  if (s.word == "STREAMS" || s.word == "TABLES") {
    const bool tables = s.word == "TABLES";
    for (const auto& [name, source] : catalog.sources)
      if (source.table == tables)
        rows.push_back({name, source.topic, std::string(format_name(source.key_format.kind)),
                        std::string(format_name(source.value_format.kind)), source.window == WindowKind::none ? "false" : "true"});
    out += listing({tables ? "Table Name" : "Stream Name", "Kafka Topic", "Key Format", "Value Format", "Windowed"}, rows);
  } else if (s.word == "TOPICS") {
    for (const auto& [name, partitions] : catalog.topics) rows.push_back({name, std::to_string(partitions)});
    out += listing({"Kafka Topic", "Partitions"}, rows);
  } else if (s.word == "QUERIES") {
    for (const Query& q : queries_) {
      const Source* sink = catalog.find(q.plan->writes);
      rows.push_back({q.id, "PERSISTENT", q.paused ? "PAUSED:1" : "RUNNING:1", q.plan->writes, sink ? sink->topic : "", one_line(q.text)});
    }
    for (const PushQuery& each : pushes) rows.push_back({each.id, "PUSH", "RUNNING:1", "", "", one_line(each.text)});
    out += listing({"Query ID", "Query Type", "Status", "Sink Name", "Sink Kafka Topic", "Query String"}, rows);
  } else if (s.word == "FUNCTIONS") {
    for (const std::string& name : function_names()) rows.push_back({name, "SCALAR"});
    for (const std::string& name : aggregate_names()) rows.push_back({name, "AGGREGATE"});
    for (const char* name : {"CUBE_EXPLODE", "EXPLODE"}) rows.push_back({name, "TABLE"});
    std::sort(rows.begin(), rows.end());
    out += listing({"Function Name", "Type"}, rows);
  } else if (s.word == "TYPES") {
    for (const auto& [name, type] : catalog.types) rows.push_back({name, type_text(type)});
    out += listing({"Type Name", "Schema"}, rows);
  } else if (s.word == "VARIABLES") {
    for (const auto& [name, value] : variables) rows.push_back({name, value});
    out += listing({"Variable Name", "Value"}, rows);
  } else if (s.word == "PROPERTIES") {
    for (const auto& [name, value] : catalog.settings) rows.push_back({name, value});
    out += listing({"Property", "Value"}, rows);
  }
}

namespace {

std::string variation(const std::string& call, const std::string& returns) {
  return "\n    Variation   : " + call + "\n    Returns     : " + returns + "\n";
}

std::string described_function(const std::string& name) {
  std::string text = "Name        : " + name + "\nType        : SCALAR\nVariations  :\n";
  for (const Function* each : functions_named(name)) text += variation(signature_text(*each), std::string(each->result));
  return text;
}

// What it takes is asked of it, type by type.
std::string described_aggregate(const std::string& name) {
  std::string variations;
  bool undone = false;
  const auto ask = [&](const std::vector<Type>& types, const List& constants, const std::string& call) {
    Aggregate aggregate;
    std::size_t variable = 0;
    if (!choose_aggregate(name, types, constants, aggregate, variable).empty()) return;
    undone = undone || aggregate.kind->undo;
    variations += variation(name + "(" + call + ")", type_text(aggregate.result));
  };
  ask({}, {}, "*");
  for (const Base base : {Base::integer, Base::bigint, Base::real, Base::text}) {
    const std::string word = type_text(simple(base));
    ask({simple(base)}, {Value()}, word);
    ask({simple(base), simple(Base::integer)}, {Value(), Value(std::int64_t{2})}, word + ", 2");
  }
  return "Name        : " + name + "\nType        : AGGREGATE\nOn tables   : " +
         (undone ? "yes, what a row was before it changed is taken back" : "no, it cannot take back what a row was before it changed") +
         "\nVariations  :\n" + variations;
}

}  // namespace

void Engine::describe(const Statement& s, Complaint& complaint, std::string& out) {
  if (s.word == "FUNCTION") {
    if (functions_named(s.name).empty() && !is_aggregate(s.name))
      complaint.say("E19", s.name_at, "There is no function " + s.name + "." + did_you_mean(s.name, function_names()));
    else out += is_aggregate(s.name) ? described_aggregate(s.name) : described_function(s.name);
    return;
  }
  const Source* source = catalog.find(s.name);
  if (!source) {
    complaint.say("E4", s.name_at, no_such_source(catalog, s.name));
    return;
  }
  static constexpr std::string_view kWindows[] = {"", "TUMBLING", "HOPPING", "SESSION"};
  const std::string kind(kWindows[static_cast<std::size_t>(source->window)]);
  const std::string window = kind.empty() ? "" : " (Window type: " + kind + ")";
  const std::string what = source->table ? "TABLE" : "STREAM";
  std::vector<std::vector<std::string>> fields;
  const std::string key = (source->table ? " (primary key)" : " (key)") + window;
  for (const Column& c : source->columns) fields.push_back({c.name, type_text(c.type) + (c.key ? key : lower(header_text(c)))});
  out += label("Name") + s.name + "\n";
  if (s.extended)
    out += label("Type") + what + "\n" + label("Timestamp field") +
           (source->timestamp_column.empty() ? "Not set - using <ROWTIME>" : source->timestamp_column) + "\n" + label("Key format") +
           std::string(format_name(source->key_format.kind)) + "\n" + label("Value format") +
           std::string(format_name(source->value_format.kind)) + "\n" + label("Kafka topic") + source->topic +
           " (partitions: " + std::to_string(source->partitions) + ")\n" + label("Statement") + source->text + "\n\n";
  out += listing({"Field", "Type"}, fields);
  if (!s.extended) {
    out += "For its queries and formats: DESCRIBE " + quoted_name(s.name) + " EXTENDED;\n";
    return;
  }
  out += "\nQueries that read from this " + what + ": " + joined(readers(s.name)) + "\nQueries that write to this " + what + ": " +
         joined(writers(s.name)) + "\n";
}

void Engine::explain(const Statement& s, Complaint& complaint, std::string& out) {
  if (!s.select) {
    std::vector<std::string> ids;
    for (const Query& q : queries_) {
      ids.push_back(q.id);
      if (!same_word(q.id, s.name)) continue;
      out += label("ID") + q.id + "\n" + label("Query Type") + "PERSISTENT\n" + label("SQL") + one_line(q.text) + "\n\n" +
             plan_text(*q.plan);
      return;
    }
    complaint.say("E4", s.name_at,
                  "There is no query " + s.name + "." + did_you_mean(s.name, ids) + " SHOW QUERIES lists them.");
    return;
  }
  Target target;
  target.query_id = "0";
  target.persistent = s.word == "AS";
  target.table_wanted = s.table;
  target.sink.name = s.name;
  target.sink.topic = s.name;
  const Plan plan = plan_query(*s.select, catalog, target, complaint);
  if (!complaint.any()) out += plan_text(plan);
}

void Engine::print(const Statement& s, Complaint& complaint, std::string& out) {
  const auto log = topics.find(s.name);
  if (log == topics.end()) {
    std::vector<std::string> names;
    for (const auto& each : topics) names.push_back(each.first);
    if (catalog.topics.count(s.name) == 0)
      complaint.say("E4", s.name_at, "There is no topic '" + s.name + "'." + did_you_mean(s.name, names));
    return;
  }
  std::int64_t left = s.limit.value_or(1'000'000);
  for (std::size_t p = 0; p < log->second.partitions.size(); ++p) {
    for (const Record& record : log->second.partitions[p]) {
      if (left-- <= 0) return;
      out += printed_record(record, source_of(catalog, s.name), static_cast<int>(p)) + "\n";
    }
  }
}

std::string printed_record(const Record& record, const Source* source, int partition) {
  return "rowtime: " + format_by("yyyy/MM/dd HH:mm:ss.SSS", record.timestamp).value_or("") + " Z, key: " + key_text(record, source) +
         ", value: " + record.value.value_or("<null>") + ", partition: " + std::to_string(partition);
}

std::vector<std::string> row_texts(const Row& row, const Columns& columns) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i) texts.push_back(value_text(row[i], columns[i].type));
  return texts;
}

std::string value_text(const Value& value, const Type& type) {
  if (value.null()) return "null";
  if (is_nested(type)) {
    std::string text;
    write_json_value(text, value, type);
    return text;
  }
  bool failed = false;
  return type.base == Base::bytes ? to_base64(value.text()) : cast_value(value, type, simple(Base::text), failed).text();
}

}  // namespace nutshell::streams

#include "sim/scenario/ksql_json.h"

#include "sim/core/text.h"
#include "sim/scenario/json_file.h"
#include "sim/scenario/schema_parts.h"
#include "sim/streams/picture.h"

namespace nutshell {

namespace {

using streams::FilmRow;
using streams::FilmSetup;

constexpr std::string_view kPath = "ksql/";
constexpr Bounds kRecordTime{0, 100 * 365 * 24 * kHour / 2};
constexpr std::size_t kMostStatements = 50;

FilmRow read_row(JsonSource& reading, const Json& value, const std::string& path, Time until) {
  ObjectReader object(reading, value, path);
  FilmRow row;
  for (const char* each : {"at", "topic", "time"}) object.need(each);
  if (object.duration("at", row.at, {0, kMaxUntil}) && until > 0 && row.at > until)
    reading.report(object.path("at"), "is later than \"until\", so it would never come");
  object.text("topic", row.topic);
  Duration time = 0;
  if (object.duration("time", time, kRecordTime)) {
    row.timestamp = time / kMillisecond;
    if (time % kMillisecond != 0)
      reading.report(object.path("time"), "is no whole number of milliseconds, as times of records are");
  }
  if (const Json* key = object.find("key"); key && !key->is_null()) row.key = key->dump();
  if (const Json* each = object.find("value"); each && !each->is_null()) row.value = each->dump();
  object.integer("partition", row.partition, {0, 99});
  object.finish();
  return row;
}

// Nobody sees it: time passes in it.
void without_cluster(Setup& setup) {
  setup.brokers = 0;
  setup.controllers = 1;
}

}  // namespace

void read_ksql(ObjectReader& file, Scenario& scenario) {
  const Json* value = file.find("ksql");
  if (!value) return;
  JsonSource& reading = file.reading();
  const std::size_t before = reading.problems.size();
  for (const char* each : {"cluster", "network", "topics", "producers", "consumers", "script", "goals", "solution"}) {
    if (file.find(each)) reading.report_key(file.path(each), "is for a cluster; a scenario with \"ksql\" has none");
  }
  ObjectReader object(reading, *value, file.path("ksql"));
  FilmSetup& setup = scenario.ksql.emplace();
  without_cluster(scenario.setup);
  object.need("statements");
  object.each("statements", kMostStatements, [&](const Json& each, const std::string& path) {
    std::string text;
    if (read_text(reading, each, path, text)) setup.statements.push_back(std::move(text));
  });
  object.each("rows", streams::kMostFilmRows, [&](const Json& each, const std::string& path) {
    setup.rows.push_back(read_row(reading, each, path, scenario.until));
  });
  object.duration("pace", setup.pace, {kMillisecond, kMinute});
  object.duration("hop", setup.hop, {kMillisecond, kMinute});
  object.each("beside", streams::kMostBeside, [&](const Json& each, const std::string& path) {
    std::string name;
    if (read_text(reading, each, path, name)) setup.beside.push_back(std::move(name));
  });
  object.finish();
  if (reading.problems.size() != before) return;
  auto film = std::make_shared<streams::Film>(streams::film_of(setup));
  if (!film->problem.empty()) return reading.report(file.path("ksql"), "cannot be carried out: " + film->problem);
  for (std::size_t i = 0; i < setup.beside.size(); ++i) {
    if (film->query_of(setup.beside[i]) < 0)
      reading.report(object.path("beside") + "/" + std::to_string(i),
                     "is the result of no query; name a stream or table that a statement here fills");
  }
  scenario.film = std::move(film);
}

LoadResult read_script(std::string_view script, const std::string& file) {
  LoadResult result;
  Scenario scenario;
  scenario.file = file;
  scenario.name = scenario.title = stem_of(file);
  scenario.about = "A query of ksqlDB, and the rows that its script inserts.";
  without_cluster(scenario.setup);
  scenario.ksql.emplace().statements = {std::string(script)};
  auto film = std::make_shared<streams::Film>(streams::film_of(*scenario.ksql));
  if (!film->problem.empty()) {
    result.problems.push_back({file, 0, 0, "", film->problem, ""});
    return result;
  }
  scenario.until = (film->events.empty() ? 0 : film->events.back().at) + scenario.ksql->pace;
  scenario.film = std::move(film);
  result.scenario = std::move(scenario);
  return result;
}

nlohmann::ordered_json to_json(const FilmSetup& setup) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  object["statements"] = setup.statements;
  if (setup.pace != FilmSetup{}.pace) object["pace"] = format_duration(setup.pace);
  if (setup.hop != FilmSetup{}.hop) object["hop"] = format_duration(setup.hop);
  if (!setup.beside.empty()) object["beside"] = setup.beside;
  for (const FilmRow& each : setup.rows) {
    nlohmann::ordered_json row = {{"at", format_duration(each.at)}, {"topic", each.topic}};
    if (each.key) row["key"] = nlohmann::ordered_json::parse(*each.key);
    if (each.value) row["value"] = nlohmann::ordered_json::parse(*each.value);
    row["time"] = format_duration(each.timestamp * kMillisecond);
    if (each.partition >= 0) row["partition"] = each.partition;
    object["rows"].push_back(std::move(row));
  }
  return object;
}

nlohmann::ordered_json ksql_schema() {
  using Ordered = nlohmann::ordered_json;
  Ordered row = object_schema({{"at", duration_schema("When it comes into its topic.")},
                               {"topic", text_schema("Of which a statement speaks.")},
                               {"key", Ordered{{"description", "As JSON has it; none, or null: no key."}}},
                               {"value", Ordered{{"description", "As JSON has it; none, or null: a tombstone."}}},
                               {"time", duration_schema("The record's own time, in whole milliseconds since 1970.")},
                               {"partition", integer_schema("Else its key decides.", 0, 99)}},
                              {"at", "topic", "time"});
  Ordered schema = object_schema(
      {{"statements", list_schema("Pieces of a script; the last statement that keeps a query is the one that is shown.",
                                  {{"type", "string"}}, kMostStatements)},
       {"rows", list_schema("What comes into the topics, and when.", row, streams::kMostFilmRows)},
       {"pace", duration_schema("Rows that the statements insert themselves come one each so often; 2s unless said.")},
       {"hop", duration_schema("From a topic to a task and from a task to a topic; 250ms unless said.")},
       {"beside", list_schema("Results whose queries are shown side by side, row for row; else the last query, with its tasks.",
                              {{"type", "string"}}, streams::kMostBeside)}},
      {"statements"});
  schema["description"] = "A query of ksqlDB at work, instead of a cluster: how rows pass through it.";
  return schema;
}

bool is_ksql_path(const std::string& path) { return path.rfind(kPath, 0) == 0; }

std::optional<std::string> ksql_value(const streams::Film& film, const std::string& path, Time at) {
  std::string_view rest = std::string_view(path).substr(kPath.size());
  const std::size_t slash = rest.find('/');
  const int query = slash == std::string_view::npos ? -1 : film.query_of(rest.substr(0, slash));
  if (query >= 0) rest.remove_prefix(slash + 1);
  return streams::picture_value(streams::picture_of(film, at, query), rest);
}

}  // namespace nutshell

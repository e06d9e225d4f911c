#include "sim/scenario/rivals_json.h"

#include <algorithm>

#include "sim/scenario/json_file.h"
#include "sim/scenario/rivals.h"
#include "sim/scenario/shipped.h"
#include "sim/scenario/workload_json.h"

namespace nutshell {
namespace {

constexpr std::size_t kMaxSettings = 20;

// The text of the workload, as a file of its own would read.
bool read_text_of(ObjectReader& object, RivalsSetup& rivals) {
  JsonSource& reading = object.reading();
  const Json* inlined = object.find("inline");
  const bool named = object.text("use", rivals.use);
  if ((inlined != nullptr) == named) {
    if (object.is_object()) reading.report(object.path(), "needs either \"use\", a workload's name, or \"inline\", a workload");
    return false;
  }
  if (inlined) {
    rivals.text = inlined->dump();
    rivals.file = reading.file;
    return true;
  }
  rivals.file = shipped_workload(rivals.use);
  if (rivals.file.empty()) {
    const std::vector<std::string> names = shipped_workload_names();
    reading.report_unknown(object.path("use"), "workload", rivals.use, {names.begin(), names.end()});
    return false;
  }
  std::vector<Problem> problems;
  const std::optional<std::string> text = read_whole_file(rivals.file, problems);
  if (text) rivals.text = *text;
  for (const Problem& each : problems) reading.report(object.path("use"), each.what);
  return text.has_value();
}

std::optional<queues::Workload> read_workload_of(ObjectReader& object, RivalsSetup& rivals) {
  if (!read_text_of(object, rivals)) return std::nullopt;
  WorkloadResult read = parse_workload(rivals.text, rivals.file);
  const std::string at = object.path(rivals.use.empty() ? "inline" : "use");
  for (const Problem& each : read.problems)
    object.reading().report(at, each.where.empty() ? each.what : each.where + ": " + each.what, each.hint);
  return std::move(read.workload);
}

template <class List>
std::vector<std::string_view> rival_names(const List& all) {
  std::vector<std::string_view> names;
  for (const auto& each : all) names.push_back(each.name);
  return names;
}

void check_rival_name(ObjectReader& object, std::string_view key, std::string_view kind, const std::string& name,
                 const std::vector<std::string_view>& known) {
  if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end())
    object.reading().report_unknown(object.path(key), kind, name, known);
}

void read_system(JsonSource& reading, const Json& value, const std::string& path, const queues::Workload& workload, RivalsSetup& rivals) {
  ObjectReader object(reading, value, path);
  RivalSystem it;
  object.need("name");
  object.text("name", it.name);
  if (it.name.find('/') != std::string::npos) reading.report(object.path("name"), "has a '/', with which paths of values are written");
  it.row = it.name;
  object.text("row", it.row);
  it.title = it.name;
  object.text("title", it.title);
  check_rival_name(object, object.find("row") ? "row" : "name", "row of the workload", it.row, rival_names(workload.rows));
  for (const RivalSystem& each : rivals.systems)
    if (each.name == it.name) reading.report(object.path("name"), "there are two systems named '" + it.name + "'");
  object.finish();
  rivals.systems.push_back(std::move(it));
}

void read_setting(JsonSource& reading, const Json& value, const std::string& path, RivalsSetup& rivals) {
  ObjectReader object(reading, value, path);
  RivalSetting it;
  for (const auto& [key, text] :
       {std::pair("system", &it.system), {"key", &it.key}, {"value", &it.value}, {"say", &it.say}}) {
    object.need(key);
    object.text(key, *text);
  }
  object.finish();
  if (!reading.problems.empty()) return;
  const std::string wrong = wrong_setting(rivals, it);
  if (!wrong.empty()) reading.report(path, wrong);
  rivals.settings.push_back(std::move(it));
}

// Nothing of a cluster stands beside it.
void refuse_cluster(ObjectReader& file) {
  for (const char* each : {"cluster", "network", "topics", "producers", "consumers"}) {
    if (file.find(each)) file.reading().report_key(file.path(each), "is of a cluster, and \"workload\" stands in the place of one");
  }
}

}  // namespace

void read_rivals(ObjectReader& file, Setup& setup) {
  JsonSource& reading = file.reading();
  const Json* member = file.find("workload");
  if (!member) return;
  refuse_cluster(file);
  setup.brokers = 0;
  setup.controllers = 1;
  ObjectReader object(reading, *member, file.path("workload"));
  RivalsSetup rivals;
  const std::optional<queues::Workload> workload = read_workload_of(object, rivals);
  object.need("systems");
  object.text("service", rivals.service);
  object.each("systems", kMostRivals, [&](const Json& value, const std::string& path) {
    if (workload) read_system(reading, value, path, *workload, rivals);
  });
  if (workload && rivals.systems.empty()) reading.report(object.path("systems"), "is empty: name one to six systems");
  if (workload) {
    check_rival_name(object, "service", "service", rivals.service, rival_names(workload->services));
    if (rivals.service.empty()) rivals.service = workload->services.front().name;
    for (const queues::Service& service : workload->services)
      for (const queues::Consumer& each : service.consumers) rivals.workers.push_back(service.name + "/" + each.name);
  }
  object.each("figures", rival_columns().size(), [&](const Json& value, const std::string& path) {
    std::string name;
    if (!read_text(reading, value, path, name)) return;
    const std::vector<std::string_view> known = rival_names(rival_columns());
    if (std::find(known.begin(), known.end(), name) == known.end()) reading.report_unknown(path, "figure", name, known);
    else rivals.figures.push_back(std::move(name));
  });
  object.each("settings", kMaxSettings, [&](const Json& value, const std::string& path) { read_setting(reading, value, path, rivals); });
  object.finish();
  if (reading.problems.empty()) setup.rivals = std::make_shared<const RivalsSetup>(std::move(rivals));
}

nlohmann::ordered_json rivals_json(const RivalsSetup& rivals) {
  nlohmann::ordered_json object;
  if (rivals.use.empty()) object["inline"] = nlohmann::ordered_json::parse(rivals.text);
  else object["use"] = rivals.use;
  object["service"] = rivals.service;
  for (const RivalSystem& each : rivals.systems) {
    object["systems"].push_back({{"name", each.name}, {"row", each.row}});
    if (each.title != each.name) object["systems"].back()["title"] = each.title;
  }
  if (!rivals.figures.empty()) object["figures"] = rivals.figures;
  for (const RivalSetting& each : rivals.settings)
    object["settings"].push_back({{"system", each.system}, {"key", each.key}, {"value", each.value}, {"say", each.say}});
  return object;
}

}  // namespace nutshell

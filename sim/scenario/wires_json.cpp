#include "sim/scenario/wires_json.h"

#include <algorithm>
#include <array>

#include "sim/cluster/limits.h"
#include "sim/core/text.h"
#include "sim/scenario/json_file.h"
#include "sim/scenario/schema_parts.h"

namespace nutshell {

namespace {

// In the order of Wires::Through, and then all of them.
constexpr std::array<std::string_view, 5> kThrough = {"nothing", "hubs", "log", "chain", "all"};
constexpr std::array<std::string_view, 3> kValues = {"links", "up", "waiting"};
constexpr std::size_t kMostSteps = 50;

}  // namespace

void read_wires(ObjectReader& object, Wires& wires) {
  std::string through = "nothing", down;
  if (object.text("through", through)) {
    const auto found = std::find(kThrough.begin(), kThrough.end(), through);
    const bool known = found != kThrough.end();
    if (!known) object.reading().report_unknown(object.path("through"), "way", through, {kThrough.begin(), kThrough.end()});
    wires.all_ways = through == "all";
    if (known && !wires.all_ways) wires.through = static_cast<Wires::Through>(found - kThrough.begin());
  }
  object.integer("senders", wires.senders, {1, kMostServices});
  object.integer("receivers", wires.receivers, {1, kMostServices});
  object.integer("hubs", wires.hubs, {1, kMostHubs});
  if (!object.text("down", down)) return;
  for (int i = 0; i < wires.receivers; ++i) wires.down = receiver_letter(i) == down ? i + 1 : wires.down;
  if (wires.down == 0) {
    const std::string last = receiver_letter(wires.receivers - 1);
    object.reading().report(object.path("down"), "is no receiver; they are called a to " + last);
  }
}

void read_wires(ObjectReader& file, Scenario& scenario) {
  if (!file.find("wires")) return;
  JsonSource& reading = file.reading();
  for (const char* each : {"cluster", "network", "topics", "producers", "consumers", "workload", "ksql", "script", "goals", "solution"}) {
    if (file.find(each)) reading.report_key(file.path(each), "is for a cluster; a scenario with \"wires\" has none");
  }
  scenario.setup.brokers = 0;  // nobody sees the one that is left: time passes in it
  scenario.setup.controllers = 1;
  Time last = -1;
  file.each("wires", kMostSteps, [&](const Json& value, const std::string& path) {
    ObjectReader object(reading, value, path);
    WiresStep step;
    if (object.duration("at", step.at, {0, kMaxUntil}) && step.at <= last)
      reading.report(object.path("at"), "is no later than the step before it");
    last = step.at;
    read_wires(object, step.wires);
    object.finish();
    scenario.wires.push_back(step);
  });
  if (scenario.wires.empty()) reading.report(file.path("wires"), "is empty: say how the programs are wired, from 0s on");
}

nlohmann::ordered_json to_json(const std::vector<WiresStep>& steps) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const WiresStep& each : steps) {
    const Wires& it = each.wires;
    const std::size_t through = it.all_ways ? kThrough.size() - 1 : static_cast<std::size_t>(it.through);
    nlohmann::ordered_json object = {{"at", format_duration(each.at)}, {"through", kThrough[through]}};
    object["senders"] = it.senders;
    object["receivers"] = it.receivers;
    if (it.hubs != Wires{}.hubs) object["hubs"] = it.hubs;
    if (it.down > 0) object["down"] = receiver_letter(it.down - 1);
    all.push_back(std::move(object));
  }
  return all;
}

nlohmann::ordered_json wires_schema() {
  using Ordered = nlohmann::ordered_json;
  const Ordered step = object_schema({{"at", duration_schema("From then on; the first usually from 0s.")},
                                      {"through",
                                       Ordered{{"description", "Each to each, one calling the next, or what stands between them; "
                                                               "\"all\": each way beside the others."},
                                               {"enum", kThrough}}},
                                      {"senders", integer_schema("5 unless said.", 1, kMostServices)},
                                      {"receivers", integer_schema("5 unless said.", 1, kMostServices)},
                                      {"hubs", integer_schema("1 unless said.", 1, kMostHubs)},
                                      {"down", text_schema("The receiver that is away: \"a\" is the first.")}},
                                     {});
  return list_schema("Programs that send to programs, in the place of a cluster: how they are wired, from which time on.", step,
                     kMostSteps);
}

std::optional<std::string> wires_value(const std::vector<WiresStep>& steps, std::string_view path, Time at) {
  if (steps.empty() || !wrong_wires_path(path).empty()) return std::nullopt;
  const Wires& wires = wires_at(steps, at);
  const std::string_view value = path.substr(path.find('/') + 1);
  if (value == "up") return up_text(wires);
  return std::to_string(value == "links" ? count_of(wires) : waiting_of(wires));
}

std::string wrong_wires_path(std::string_view path) {
  const std::string_view value = path.substr(path.find('/') + 1);
  if (std::find(kValues.begin(), kValues.end(), value) != kValues.end()) return "";
  return "leads to no value; write wires/links, wires/up or wires/waiting";
}

}  // namespace nutshell

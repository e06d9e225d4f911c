#include "sim/scenario/rivals.h"

#include <algorithm>
#include <array>

#include "sim/core/require.h"
#include "sim/core/text.h"
#include "sim/scenario/workload_json.h"

namespace nutshell {
namespace {

// Whole numbers of the system as such, beside those of its services.
struct SystemFigure {
  std::string_view name;
  std::int64_t queues::SystemTally::*value;
};
constexpr std::array<SystemFigure, 5> kSystemFigures = {{{"accepted", &queues::SystemTally::accepted},
                                                         {"refused", &queues::SystemTally::refused},
                                                         {"returned", &queues::SystemTally::returned},
                                                         {"copies", &queues::SystemTally::copies},
                                                         {"out_of_order", &queues::SystemTally::inversions}}};

template <class List>
std::size_t place_named(const List& all, std::string_view name) {
  return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; }) - all.begin());
}

// "noticed_ms" is the figure `noticed` in milliseconds; figures().size(): there is none of this name.
std::size_t figure_named(std::string_view name) {
  const bool in_ms = name == "last_ms" || name == "noticed_ms";
  const std::string_view plain = in_ms ? name.substr(0, name.size() - 3) : name;
  if (!in_ms && (name == "last" || name == "noticed")) return queues::figures().size();
  return place_named(queues::figures(), plain);
}
std::vector<std::string> figure_words() {
  std::vector<std::string> words;
  for (const queues::Figure& each : queues::figures()) {
    const bool is_time = each.name == "last" || each.name == "noticed";
    words.push_back(std::string(each.name) + (is_time ? "_ms" : ""));
  }
  return words;
}

queues::Workload workload_of(const RivalsSetup& setup) {
  WorkloadResult read = parse_workload(setup.text, setup.file);
  NUTSHELL_REQUIRE(read.workload.has_value());
  return std::move(*read.workload);
}

// The row, or the first of the product, if there is none of that name.
std::size_t rival_row(const queues::Workload& workload, const std::string& name) { return place_named(workload.rows, name); }

void kill_worker(queues::Workload& workload, const RivalDeed& deed) {
  for (queues::Service& service : workload.services) {
    for (queues::Consumer& each : service.consumers)
      if (service.name + "/" + each.name == deed.what) each.crash_at = std::min(each.crash_at, deed.at);
  }
}

void strike_node(queues::Workload& workload, const RivalDeed& deed) {
  queues::Fault fault;
  fault.kind = deed.kind == RivalDeed::Kind::cut_node ? queues::Fault::Kind::cut : queues::Fault::Kind::kill;
  fault.at = deed.at;
  workload.faults.push_back(fault);
}

// Everything but settings befalls all of them.
queues::Workload with_deeds(queues::Workload workload, const Rivals& rivals, const RivalSystem& system) {
  for (const RivalDeed& each : rivals.deeds) {
    if (each.kind == RivalDeed::Kind::crash) kill_worker(workload, each);
    const bool strikes = each.kind == RivalDeed::Kind::lose_node || each.kind == RivalDeed::Kind::cut_node;
    if (strikes && (each.what.empty() || each.what == system.name)) strike_node(workload, each);
    if (each.kind != RivalDeed::Kind::set || each.what != system.name) continue;
    const std::size_t row = rival_row(workload, system.row);
    queues::Workload alone;
    alone.rows = {workload.rows[row]};
    std::vector<Problem> problems;
    override_workload(alone, each.key, each.value, problems);
    if (problems.empty()) workload.rows[row] = alone.rows[0];
  }
  return workload;
}

// At a moment; at the end of a run, what is only known then counts as well.
std::int64_t value_in(const std::vector<FigureChange>& changes, Time at, std::int64_t before) {
  const auto next = std::partition_point(changes.begin(), changes.end(), [&](const FigureChange& each) { return each.at <= at; });
  return next == changes.begin() ? before : std::prev(next)->value;
}

// Whether something befalls nodes, so that it is worth having them: then RabbitMQ's rows are run by nodes of their own.
bool asks_for_nodes(const queues::Workload& workload) {
  return std::any_of(workload.faults.begin(), workload.faults.end(), [](const queues::Fault& each) {
    return each.kind == queues::Fault::Kind::kill || each.kind == queues::Fault::Kind::cut;
  });
}

RivalState state_of(const queues::Workload& workload, std::size_t row, bool nodes) {
  if (nodes && rabbit::cannot_run(workload, workload.rows[row]).empty()) return rabbit::Cluster(workload, row);
  return queues::Simulation(workload, row);
}

bool step_instant(RivalState& state) {
  if (auto* nodes = std::get_if<rabbit::Cluster>(&state)) return nodes->step_instant();
  return std::get<queues::Simulation>(state).step();
}

class Recorder {
 public:
  // `nodes`: as the workload's own file says, so that what is done later changes nothing that was before.
  Recorder(const queues::Workload& workload, std::size_t row, bool nodes, RivalRun& run)
      : run_(run), state_(state_of(workload, row, nodes)) {
    run.row = row;
    run.changes.assign(workload.services.size(), std::vector<std::vector<FigureChange>>(queues::figures().size()));
    run.system_changes.resize(kSystemFigures.size());
  }
  void record() {
    run_.kept.push_back(state_);
    while (step_instant(state_)) {
      run_.instants.push_back(now());
      note();
      if (run_.instants.size() % kInstantsApart == 0) run_.kept.push_back(state_);
    }
    note();
    if (const auto* nodes = std::get_if<rabbit::Cluster>(&state_)) {
      run_.facts = nodes->facts();
      run_.end = nodes->outcome();
    } else {
      run_.facts = model().facts();
      run_.end = model().outcome(false);
    }
  }

 private:
  const queues::Simulation& model() const { return std::get<queues::Simulation>(state_); }
  Time now() const {
    const auto* nodes = std::get_if<rabbit::Cluster>(&state_);
    return nodes ? nodes->now() / kMicrosecond * kMicrosecond : model().now();
  }
  void note() {
    std::visit([&](const auto& run) { note_figures(run); }, state_);
  }
  template <class Run>
  void note_figures(const Run& of) {
    for (std::size_t s = 0; s < run_.changes.size(); ++s) {
      for (std::size_t i = 0; i < queues::figures().size(); ++i) {
        const queues::Figure& figure = queues::figures()[i];
        note(run_.changes[s][i], of.tally(s).*figure.value, figure.name == "noticed" ? -1 : 0);
      }
    }
    for (std::size_t i = 0; i < kSystemFigures.size(); ++i) note(run_.system_changes[i], of.system().*kSystemFigures[i].value, 0);
  }
  void note(std::vector<FigureChange>& changes, std::int64_t value, std::int64_t usual) const {
    if (value != (changes.empty() ? usual : changes.back().value)) changes.push_back({now(), value});
  }

  RivalRun& run_;
  RivalState state_;
};

}  // namespace

const std::vector<RivalColumn>& rival_columns() {
  static const std::vector<RivalColumn> kColumns = [] {
    // In the order in which they stand.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 19> kWords = {
        {{"confirmed", "confirmed"}, {"attempts", "attempts"}, {"done", "done"}, {"repeated", "repeated"}, {"overtaken", "overtaken"},
         {"stepped_back", "stepped back"},
         {"dead", "dead"}, {"stuck", "stuck"}, {"lost", "lost"}, {"late", "late-comer"}, {"again", "again"}, {"delivered", "delivered"},
         {"wanted", "wanted"}, {"discarded", "thrown away"}, {"concurrent", "concurrent"}, {"idle", "idle"},
         {"throttled", "refused reads"}, {"last", "last at"},
         {"noticed", "noticed after"}}};
    std::vector<RivalColumn> columns;
    for (const auto& [name, word] : kWords)
      columns.push_back({name, word, false, place_named(queues::figures(), name), name == "last" || name == "noticed"});
    constexpr std::array<std::string_view, 5> kSystemWords = {"in the 1st second", "refused", "returned", "copies stored", "out of order"};
    for (std::size_t i = 0; i < kSystemFigures.size(); ++i) columns.push_back({kSystemFigures[i].name, kSystemWords[i], true, i, false});
    return columns;
  }();
  return kColumns;
}

const std::vector<FigureChange>& RivalRuns::changes(std::size_t which, const RivalColumn& column) const {
  const RivalRun& run = runs_[which];
  return column.of_system ? run.system_changes[column.figure] : run.changes[service_][column.figure];
}

std::int64_t RivalRuns::value(std::size_t which, const RivalColumn& column, Time at) const {
  return value_in(changes(which, column), at, column.is_time ? -1 : 0);
}

// What the lesson asks for; else what is always worth a look, and what differs from nought.
std::vector<RivalColumn> RivalRuns::columns_of(const RivalsSetup& setup) const {
  std::vector<RivalColumn> columns;
  for (const std::string& each : setup.figures) columns.push_back(rival_columns()[place_named(rival_columns(), each)]);
  for (const RivalColumn& each : rival_columns()) {
    if (!setup.figures.empty() || each.of_system) continue;
    constexpr std::array<std::string_view, 4> kUsual = {"attempts", "done", "repeated", "lost"};
    constexpr std::array<std::string_view, 8> kRarely = {"confirmed", "delivered", "wanted", "late", "again", "discarded", "idle", "last"};
    const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), each.name) != list.end(); };
    bool any = false;
    for (std::size_t i = 0; i < runs_.size(); ++i) any = any || value(i, each, kNever - 1) > 0;
    if (in(kUsual) || (any && !in(kRarely))) columns.push_back(each);
  }
  return columns;
}

RivalRuns::RivalRuns(const Rivals& rivals) : workload_(workload_of(*rivals.setup)) {
  const std::size_t service = place_named(workload_.services, rivals.setup->service);
  service_ = service < workload_.services.size() ? service : 0;
  for (const RivalSystem& each : rivals.setup->systems) {
    const queues::Workload changed = with_deeds(workload_, rivals, each);
    RivalRun& run = runs_.emplace_back();
    run.name = each.name;
    run.title = each.title;
    Recorder(changed, rival_row(changed, each.row), asks_for_nodes(workload_), run).record();
  }
  columns_ = columns_of(*rivals.setup);
}

RivalState RivalRuns::state(std::size_t which, Time at) const {
  const RivalRun& run = runs_[which];
  const auto steps = static_cast<std::size_t>(
      std::partition_point(run.instants.begin(), run.instants.end(), [&](Time each) { return each <= at; }) - run.instants.begin());
  RivalState state = run.kept[std::min(steps / kInstantsApart, run.kept.size() - 1)];
  for (std::size_t i = steps / kInstantsApart * kInstantsApart; i < steps; ++i) step_instant(state);
  return state;
}

queues::Picture RivalRuns::picture(std::size_t which, Time at) const {
  const RivalState moment = state(which, at);
  if (const auto* nodes = std::get_if<rabbit::Cluster>(&moment)) return nodes->picture();
  return queues::picture_of(std::get<queues::Simulation>(moment), at);
}

Time RivalRuns::next_instant(Time at) const {
  Time next = kNever;
  for (const RivalRun& each : runs_) {
    const auto found = std::partition_point(each.instants.begin(), each.instants.end(), [&](Time time) { return time <= at; });
    if (found != each.instants.end()) next = std::min(next, *found);
  }
  return next;
}

Time RivalRuns::previous_instant(Time at) const {
  Time before = -1;
  for (const RivalRun& each : runs_) {
    const auto found = std::partition_point(each.instants.begin(), each.instants.end(), [&](Time time) { return time < at; });
    if (found != each.instants.begin()) before = std::max(before, *std::prev(found));
  }
  return before;
}

bool is_story(const queues::Fact& fact) {
  switch (fact.kind) {
    case queues::FactKind::message_refused:
    case queues::FactKind::message_returned:
    case queues::FactKind::copy_suppressed:
    case queues::FactKind::answer_lost:
    case queues::FactKind::publisher_gave_up:
    case queues::FactKind::late_ack_ignored:
    case queues::FactKind::dead_lettered:
    case queues::FactKind::expired:
    case queues::FactKind::lost:
    case queues::FactKind::replay_started:
    case queues::FactKind::replay_impossible:
    case queues::FactKind::crashed:
    case queues::FactKind::noticed:
    case queues::FactKind::node_lost:
    case queues::FactKind::node_cut:
    case queues::FactKind::link_cut:
    case queues::FactKind::node_stopped:
    case queues::FactKind::still_apart:
    case queues::FactKind::leader_elected:
    case queues::FactKind::grown:
    case queues::FactKind::fault_impossible: return true;
    default: return false;
  }
}

const queues::Fact* RivalRuns::last_story(std::size_t which, Time at) const {
  const std::vector<queues::Fact>& facts = runs_[which].facts;
  const auto end = std::partition_point(facts.begin(), facts.end(), [&](const queues::Fact& each) { return each.at <= at; });
  for (auto each = end; each != facts.begin();)
    if (is_story(*--each)) return &*each;
  return nullptr;
}

std::shared_ptr<const RivalRuns> runs_of(const Rivals& rivals) {
  // Frames, and tests of one file, ask for the same few again and again.
  constexpr std::size_t kKept = 6;
  const auto same_deed = [](const RivalDeed& a, const RivalDeed& b) {
    return a.kind == b.kind && a.at == b.at && a.what == b.what && a.key == b.key && a.value == b.value;
  };
  auto& known = rivals.setup->worked_out;
  for (const auto& [deeds, runs] : known) {
    if (std::equal(deeds.begin(), deeds.end(), rivals.deeds.begin(), rivals.deeds.end(), same_deed))
      return std::static_pointer_cast<const RivalRuns>(runs);
  }
  if (known.size() == kKept) known.erase(known.begin());
  auto made = std::make_shared<const RivalRuns>(rivals);
  known.emplace_back(rivals.deeds, made);
  return made;
}

std::string wrong_rival_path(const RivalsSetup& setup, std::string_view path) {
  const std::vector<std::string_view> parts = split(path, '/');
  const std::string forms = "; write systems/NAME/SERVICE/FIGURE or systems/NAME/FIGURE";
  if (parts.size() < 3 || parts.size() > 4) return "leads to no value" + forms;
  const auto unknown = [](std::string_view kind, std::string_view name, const std::vector<std::string>& known) {
    const std::string near = nearest_name(name, {known.begin(), known.end()});
    return "there is no " + std::string(kind) + " '" + std::string(name) + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?");
  };
  std::vector<std::string> names;
  for (const RivalSystem& each : setup.systems) names.push_back(each.name);
  if (place_named(setup.systems, parts[1]) == setup.systems.size()) return unknown("system", parts[1], names);
  names.clear();
  if (parts.size() == 3) {
    names = figure_words();
    for (const SystemFigure& each : kSystemFigures) names.emplace_back(each.name);
    const bool known = place_named(kSystemFigures, parts[2]) < kSystemFigures.size() || figure_named(parts[2]) < queues::figures().size();
    return known ? "" : unknown("figure", parts[2], names);
  }
  const queues::Workload workload = workload_of(setup);
  for (const queues::Service& each : workload.services) names.push_back(each.name);
  if (place_named(workload.services, parts[2]) == workload.services.size()) return unknown("service", parts[2], names);
  return figure_named(parts[3]) < queues::figures().size() ? "" : unknown("figure of a service", parts[3], figure_words());
}

std::optional<std::string> rival_value(const Rivals& rivals, Time at, std::string_view path) {
  if (!rivals.setup || !wrong_rival_path(*rivals.setup, path).empty()) return std::nullopt;
  const std::shared_ptr<const RivalRuns> runs = runs_of(rivals);
  const std::vector<std::string_view> parts = split(path, '/');
  const RivalRun& run = runs->runs()[place_named(runs->runs(), parts[1])];
  const std::size_t of_system = parts.size() == 3 ? place_named(kSystemFigures, parts[2]) : kSystemFigures.size();
  if (of_system < kSystemFigures.size()) return std::to_string(value_in(run.system_changes[of_system], at, 0));
  const std::size_t figure = figure_named(parts.back());
  const std::size_t service = parts.size() == 3 ? runs->service() : place_named(runs->workload().services, parts[2]);
  const bool noticed = queues::figures()[figure].name == "noticed";
  const std::int64_t value = value_in(run.changes[service][figure], at, noticed ? -1 : 0);
  const bool time = queues::figures()[figure].name != parts.back();
  return std::to_string(time && value >= 0 ? value / kMillisecond : value);
}

std::string wrong_setting(const RivalsSetup& setup, const RivalSetting& setting) {
  const queues::Workload workload = workload_of(setup);
  const std::size_t system = place_named(setup.systems, setting.system);
  if (system == setup.systems.size()) return "there is no system '" + setting.system + "'";
  queues::Workload alone;
  alone.rows = {workload.rows[rival_row(workload, setup.systems[system].row)]};
  std::vector<Problem> problems;
  override_workload(alone, setting.key, setting.value, problems);
  return problems.empty() ? "" : problems.front().what + (problems.front().hint.empty() ? "" : " (" + problems.front().hint + ")");
}

}  // namespace nutshell

#include "sim/streams/plan.h"

#include <algorithm>

#include "sim/streams/parser.h"
#include "sim/streams/planner.h"

namespace nutshell::streams {

bool is_pseudo_column(std::string_view name) {
  for (std::string_view each : {"ROWTIME", "ROWPARTITION", "ROWOFFSET", "WINDOWSTART", "WINDOWEND"}) {
    if (each == name) return true;
  }
  return false;
}

bool is_table_function(std::string_view name) { return name == "EXPLODE" || name == "CUBE_EXPLODE"; }

bool same_expression(const Expression& a, const Expression& b) {
  if (a.node != b.node || a.text != b.text || a.qualifier != b.qualifier || a.negated != b.negated || a.names != b.names)
    return false;
  if (a.args.size() != b.args.size() || !(a.type == b.type)) return false;
  for (std::size_t i = 0; i < a.args.size(); ++i) {
    if (!same_expression(a.args[i], b.args[i])) return false;
  }
  return true;
}

bool contains_name(const Expression& e, std::string_view name) {
  if (e.node == Node::name && e.text == name) return true;
  return std::any_of(e.args.begin(), e.args.end(), [name](const Expression& arg) { return contains_name(arg, name); });
}

int Planner::add(Step step) {
  for (const Column& c : step.source.columns)
    if (!c.of_headers()) step.sides[c.key ? 0 : 1].push_back(c);
  plan_.steps.push_back(std::move(step));
  return static_cast<int>(plan_.steps.size()) - 1;
}

void Planner::link(int from, int to, int side) {
  Step& step = plan_.steps[static_cast<std::size_t>(from)];
  step.next = to;
  step.side = side;
}

void Planner::set_keys(Step& step, const Branch& branch) const {
  step.table = branch.table;
  step.width = branch.scope.columns.size();
  step.keys = branch.keys.size();
  step.key_columns.clear();
  for (const KeyPart& key : branch.keys) step.key_columns.push_back({key.name, key.type, true, KeyMark::none, ""});
  step.key_format = branch.key_format;
  // What the format cannot write, JSON can.
  if (!unsupported_key(step.key_format, step.key_columns).empty()) step.key_format = Format{};
}

Branch Planner::filtered(Branch branch, const Expression& condition, std::string_view clause, std::string name) {
  Step step;
  step.kind = StepKind::filter;
  step.name = std::move(name);
  step.condition = compile(condition, branch.scope, catalog_, clause, complaint_);
  if (!complaint_.any() && step.condition.type.base != Base::boolean) {
    complaint_.say("E19", condition.at,
                   std::string(clause) + " wants a condition, but " + expression_text(condition).substr(0, 80) + " is " +
                       type_text(step.condition.type) + ".");
  }
  set_keys(step, branch);
  const int made = add(std::move(step));
  link(branch.last, made);
  branch.last = made;
  return branch;
}

void Planner::check_clauses(const Branch& branch) {
  if (select_.window && !select_.group) {
    complaint_.say("E14", select_.window->at,
                   "WINDOW cuts the rows of a group by time, so it wants a GROUP BY; add one, or leave WINDOW out.");
  }
  if (select_.window && branch.table) {
    complaint_.say("E14", select_.window->at,
                   "WINDOW is for streams; " + branch.label + " is a table, which has one row a key and no time to cut.");
  }
  if (select_.having && !select_.group)
    complaint_.say("E12", select_.having->at, "HAVING judges groups, so it wants a GROUP BY; without one write WHERE.");
  if (select_.emit == Emit::final && (!select_.window || !select_.group)) {
    complaint_.say(
        "E14", select_.emit_at,
        "EMIT FINAL gives the last result of each window, so it wants WINDOW and GROUP BY; otherwise write EMIT CHANGES.");
  }
  if (select_.group && select_.partition)
    complaint_.say("E13", select_.partition_at, "GROUP BY and PARTITION BY both give the key; leave PARTITION BY out.");
  if (branch.table && select_.partition) {
    complaint_.say("E13", select_.partition_at,
                   "PARTITION BY is for streams: the key of table " + branch.label +
                       " says which row is meant; GROUP BY aggregates by something else.");
  }
  if (target_.persistent && select_.limit)
    complaint_.say("E1", select_.at, "LIMIT ends a query that is looked at; one that writes to a topic goes on.");
}

// Steps between two repartition topics run in one task.
void Planner::number_parts() {
  std::vector<int>& part = parts_;
  part.assign(plan_.steps.size(), -1);
  int parts = 0;
  for (std::size_t round = 0; round < plan_.steps.size(); ++round) {
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const Step& step = plan_.steps[i];
      if (step.next < 0) continue;
      int& mine = part[i];
      int& theirs = part[static_cast<std::size_t>(step.next)];
      // A repartition step is the end of one part; what follows is another.
      if (step.kind == StepKind::repartition) continue;
      const int both = std::max(mine, theirs);
      mine = theirs = both >= 0 ? both : mine;
    }
    const auto first = std::find_if(plan_.steps.begin(), plan_.steps.end(),
                                    [&](const Step& s) { return part[static_cast<std::size_t>(&s - plan_.steps.data())] < 0; });
    if (first == plan_.steps.end()) break;
    part[static_cast<std::size_t>(first - plan_.steps.begin())] = parts++;
  }
  plan_.parts.assign(static_cast<std::size_t>(parts), SubTopology{});
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    Step& step = plan_.steps[i];
    step.part = part[i];
    const bool again = step.kind == StepKind::repartition;
    const int reader = again ? part[static_cast<std::size_t>(step.next)] : part[i];
    if (step.kind != StepKind::source && !again) continue;
    SubTopology& p = plan_.parts[static_cast<std::size_t>(reader)];
    const std::string topic = again ? step.topic : step.source.topic;
    if (std::find(p.topics.begin(), p.topics.end(), topic) == p.topics.end()) p.topics.push_back(topic);
    p.tasks = std::max(p.tasks, again ? step.partitions : step.source.partitions);
  }
}

Plan Planner::run() {
  plan_.query_id = target_.query_id;
  const auto service = catalog_.settings.find("ksql.service.id");
  plan_.application = "_confluent-ksql-" + (service == catalog_.settings.end() ? "default_" : service->second) +
                      (target_.persistent ? "query_" : "transient_") + target_.query_id;
  plan_.limit = select_.limit.value_or(-1);
  Branch branch = source(
      select_.from, select_.joins.empty() ? "KsqlTopic" : "KafkaTopic_" + std::string(select_.joins.size() - 1, 'L') + "Left",
      !select_.joins.empty());
  for (std::size_t i = 0; i < select_.joins.size() && !complaint_.any(); ++i)
    branch = join(std::move(branch), select_.joins[i], i);
  if (!complaint_.any()) check_clauses(branch);
  if (!complaint_.any() && select_.where)
    branch = filtered(std::move(branch), qualified(*select_.where, branch.scope), "WHERE", "WhereFilter");
  if (complaint_.any()) return std::move(plan_);
  spread_items(branch);
  if (!complaint_.any()) name_items(branch);
  if (!complaint_.any() && select_.partition) branch = partitioned(std::move(branch));
  if (!complaint_.any()) branch = spread_lists(std::move(branch));
  if (!complaint_.any() && select_.group) {
    check_group(branch);
    if (!complaint_.any()) branch = aggregated(std::move(branch));
  } else if (!complaint_.any()) {
    for (const Selected& item : items_) {
      if (!contains_aggregate(item.expression)) continue;
      complaint_.say("E13", item.at,
                     "The aggregate " + expression_text(item.expression).substr(0, 80) +
                         " wants a GROUP BY that says which rows it is taken over.");
    }
  }
  if (!complaint_.any()) project(branch);
  if (!complaint_.any()) number_parts();
  return std::move(plan_);
}

Plan plan_query(const Select& select, const Catalog& catalog, Target& target, Complaint& complaint) {
  // One that is only looked at may aggregate all rows as one group.
  const auto aggregates = [](auto&& self, const Expression& e) -> bool {
    if (e.node == Node::call && is_aggregate(e.text)) return true;
    return std::any_of(e.args.begin(), e.args.end(), [&self](const Expression& arg) { return self(self, arg); });
  };
  const bool any = std::any_of(select.items.begin(), select.items.end(),
                               [&](const Item& item) { return aggregates(aggregates, item.expression); });
  if (target.persistent || select.group || !any) return Planner(select, catalog, target, complaint).run();
  Select grouped = select;
  Expression all;
  all.node = Node::whole_literal;
  all.text = "1";
  grouped.group = {all};
  return Planner(grouped, catalog, target, complaint).run();
}

std::string store_topic(const Plan& plan, const std::string& store) { return plan.application + "-" + store + "-changelog"; }

std::string plan_text(const Plan& plan) {
  static constexpr std::string_view kKinds[] = {"SOURCE",
                                                "FILTER",
                                                "PROJECT",
                                                "FLATMAP",
                                                "GROUPBY",
                                                "REKEY",
                                                "REPARTITION",
                                                "AGGREGATE",
                                                "STREAM-TABLE JOIN",
                                                "STREAM-STREAM JOIN",
                                                "TABLE-TABLE JOIN",
                                                "FOREIGN-KEY JOIN",
                                                "SINK"};
  std::string text;
  for (std::size_t p = 0; p < plan.parts.size(); ++p) {
    text += "Sub-topology " + std::to_string(p) + ": " + std::to_string(plan.parts[p].tasks) +
            (plan.parts[p].tasks == 1 ? " task" : " tasks") + ", reads " + joined(plan.parts[p].topics) + "\n";
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const Step& step = plan.steps[i];
      if (step.part != static_cast<int>(p)) continue;
      text += "  " + std::to_string(i) + " [ " + std::string(kKinds[static_cast<std::size_t>(step.kind)]) + " ] " + step.name;
      if (step.kind == StepKind::source || step.kind == StepKind::sink)
        if (!step.source.topic.empty()) text += (step.kind == StepKind::sink ? " into " : " from ") + step.source.topic;
      if (step.kind == StepKind::repartition) text += " through " + step.topic;
      if (step.next >= 0) text += " -> " + std::to_string(step.next);
      text += "\n";
      for (const std::string& store : step.stores) {
        if (!store.empty()) text += "      store " + store + ", changelog " + store_topic(plan, store) + "\n";
      }
    }
  }
  return text;
}

}  // namespace nutshell::streams

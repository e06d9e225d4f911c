#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/parser.h"
#include "sim/streams/planner.h"
#include "sim/streams/unknown.h"

namespace nutshell::streams {

std::string unsupported_key(const Format& format, const Columns& columns) { return unsupported(format, columns, true); }

const Source* Planner::known(const SourceRef& ref) {
  const Source* found = catalog_.find(ref.name);
  if (found) return found;
  complaint_.say("E4", ref.at, no_such_source(catalog_, ref.name));
  return nullptr;
}

Branch Planner::source(const SourceRef& ref, std::string step_name, bool joined) {
  Branch branch;
  const Source* found = known(ref);
  if (!found) return branch;
  branch.source = found;
  branch.table = found->table;
  branch.key_format = found->key_format;
  branch.partitions = found->partitions;
  branch.aliases = {ref.alias};
  branch.label = found->name;
  branch.window = found->window;
  branch.window_size = found->window_size;
  for (const Column& c : found->columns) {
    if (is_pseudo_column(c.name))
      complaint_.say("E18", ref.at, found->name + " has a column named " + c.name + ", which is reserved; name it otherwise.");
    branch.scope.columns.push_back({ref.alias, c.name, c.type, c.key, false});
  }
  branch.scope.columns.push_back({ref.alias, "ROWTIME", simple(Base::bigint), false, true});
  branch.scope.columns.push_back({ref.alias, "ROWPARTITION", simple(Base::integer), false, true});
  branch.scope.columns.push_back({ref.alias, "ROWOFFSET", simple(Base::bigint), false, true});
  if (found->window != WindowKind::none) {
    branch.scope.columns.push_back({ref.alias, "WINDOWSTART", simple(Base::bigint), false, true});
    branch.scope.columns.push_back({ref.alias, "WINDOWEND", simple(Base::bigint), false, true});
  }
  for (std::size_t i = 0; i < key_count(found->columns); ++i) {
    KeyPart key;
    Expression e;
    e.node = Node::name;
    e.text = found->columns[i].name;
    e.qualifier = ref.alias;
    key.is.push_back(std::move(e));
    key.name = found->columns[i].name;
    key.type = found->columns[i].type;
    key.column = i;
    branch.keys.push_back(std::move(key));
  }
  if (target_.persistent && found->table && found->window != WindowKind::none) {
    complaint_.say("E14", ref.at,
                   found->name +
                       " is a windowed table; a query that is kept reads no windowed tables. Look at it with SELECT ... EMIT "
                       "CHANGES, or declare its topic as a stream.");
  }
  Step step;
  step.kind = StepKind::source;
  step.name = step_name;
  step.source = *found;
  step.kept = found->table && found->window == WindowKind::none && !joined;
  if (step.kept) step.stores[0] = step_name + "-Reduce";
  set_keys(step, branch);
  branch.last = add(std::move(step));
  plan_.reads.push_back(found->name);
  return branch;
}

// Every name with its source, so that equal expressions look equal.
namespace {

// `bound`: names that => binds around it, which hide columns.
Expression qualified_within(const Expression& e, const Scope& scope, std::vector<std::string>& bound) {
  Expression result = e;
  const bool is_bound = e.qualifier.empty() && std::find(bound.begin(), bound.end(), e.text) != bound.end();
  if (e.node == Node::name && !is_bound) {
    const int found = scope.find(e.qualifier, e.text);
    if (found >= 0) result.qualifier = scope.columns[static_cast<std::size_t>(found)].qualifier;
  }
  const std::size_t outside = bound.size();
  if (e.node == Node::lambda) bound.insert(bound.end(), e.names.begin(), e.names.end());
  for (Expression& arg : result.args) arg = qualified_within(arg, scope, bound);
  bound.resize(outside);
  return result;
}

}  // namespace

Expression Planner::qualified(const Expression& e, const Scope& scope) const {
  std::vector<std::string> bound;
  return qualified_within(e, scope, bound);
}

int Planner::repartition(int last, const Branch& branch, std::string topic, int partitions) {
  Step step;
  step.kind = StepKind::repartition;
  step.name = topic;
  step.topic = plan_.application + "-" + topic + "-repartition";
  step.partitions = partitions;
  set_keys(step, branch);
  const int made = add(std::move(step));
  link(last, made);
  return made;
}

// The same rows by another key, which comes first (P4).
Branch Planner::rekeyed(Branch branch, const Expression& key, std::string topic) {
  if (branch.window != WindowKind::none) {
    complaint_.say("E8", key.at,
                   "The key of " + branch.label + " carries windows; such a source is joined by its key only, not by " +
                       expression_text(key).substr(0, 80) + ".");
    return branch;
  }
  Step step;
  step.kind = StepKind::rekey;
  step.name = topic;
  step.same_key = false;
  Branch result = branch;
  KeyPart part;
  Code code = compile(key, branch.scope, catalog_, "JOIN ON", complaint_);
  part.type = code.type;
  part.name = key.node == Node::name ? key.text : "KSQL_COL_0";
  part.is.push_back(key);
  part.column = 0;
  result.scope.columns.insert(result.scope.columns.begin(), {"", "", code.type, true, true});
  result.keys = {part};
  step.values.push_back(std::move(code));
  for (std::size_t i = 0; i < branch.scope.columns.size(); ++i) {
    Code column;
    column.op = Op::column;
    column.index = i;
    column.type = branch.scope.columns[i].type;
    step.values.push_back(std::move(column));
  }
  set_keys(step, result);
  const int made = add(std::move(step));
  link(branch.last, made);
  result.last = repartition(made, result, std::move(topic), branch.partitions);
  return result;
}

}  // namespace nutshell::streams

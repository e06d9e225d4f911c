#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/function.h"
#include "sim/streams/parser.h"
#include "sim/streams/planner.h"

namespace nutshell::streams {
namespace {

constexpr std::int64_t kDayLong = 86'400'000;

Expression plain_name(std::string name, Place at) {
  Expression e;
  e.node = Node::name;
  e.text = std::move(name);
  e.at = at;
  return e;
}

Code same_column(std::size_t index, const Type& type) {
  Code code;
  code.op = Op::column;
  code.index = index;
  code.type = type;
  return code;
}

const Expression* aggregate_in(const Expression& e) {
  if (e.node == Node::call && is_aggregate(e.text)) return &e;
  for (const Expression& arg : e.args) {
    if (const Expression* found = aggregate_in(arg)) return found;
  }
  return nullptr;
}

// A name that is no function at all is another mistake than what the clause makes of it.
void known_functions(const Expression& e, Complaint& complaint) {
  if (e.node == Node::call && !is_aggregate(e.text) && !is_table_function(e.text)) complain_of_unknown_function(e, complaint);
  for (const Expression& arg : e.args) known_functions(arg, complaint);
}

}  // namespace

bool Planner::contains_aggregate(const Expression& e) const { return aggregate_in(e) != nullptr; }

bool only_keys(const Code& code, const Scope& scope) {
  if (code.op == Op::column && !scope.columns[code.index].key && !scope.columns[code.index].pseudo) return false;
  return std::all_of(code.args.begin(), code.args.end(), [&scope](const Code& arg) { return only_keys(arg, scope); });
}

namespace {

bool is_pseudo(const Code& code, const Scope& scope) {
  if (code.op == Op::column) return scope.columns[code.index].pseudo;
  return std::any_of(code.args.begin(), code.args.end(), [&scope](const Code& arg) { return is_pseudo(arg, scope); });
}

}  // namespace

// PARTITION BY: the same rows by another key; the topic of the sink is what it is written to (P4).
Branch Planner::partitioned(Branch branch) {
  const std::vector<Expression>& by = *select_.partition;
  const bool nothing = by.size() == 1 && by[0].node == Node::null_literal;
  if (by.empty())
    complaint_.say("E13", select_.partition_at,
                   "PARTITION BY wants at least one expression; PARTITION BY NULL makes a stream without key.");
  if (branch.window != WindowKind::none) {
    complaint_.say("E8", select_.partition_at,
                   "The key of " + branch.label + " carries windows; such a source cannot have another key.");
  }
  Step step;
  step.kind = StepKind::rekey;
  step.name = "PartitionBy";
  step.same_key = false;
  Branch result = branch;
  result.keys.clear();
  for (std::size_t i = 0; i < by.size() && !nothing; ++i) {
    if (const Expression* aggregate = aggregate_in(by[i])) {
      complaint_.say("E13", aggregate->at,
                     "An aggregate cannot stand in PARTITION BY; aggregate with GROUP BY into a table first.");
    }
    KeyPart key;
    const Expression e = qualified(by[i], branch.scope);
    Code code = compile(e, branch.scope, catalog_, "PARTITION BY", complaint_);
    if (complaint_.any()) return branch;
    if (code.type.base == Base::none) complaint_.say("E13", by[i].at, "NULL stands alone in PARTITION BY.");
    key.is.push_back(e);
    key.text = expression_text(by[i]);
    key.type = code.type;
    key.column = i;
    for (const Selected& item : items_) {
      if (same_expression(item.expression, e)) key.name = item.alias;
    }
    if (key.name.empty()) key.name = generated_name(e);
    step.values.push_back(std::move(code));
    result.keys.push_back(std::move(key));
  }
  const std::size_t keys = result.keys.size();
  // Without a value only the old key is known; when and where its record came is, too, unless the new key has more in it.
  const auto known = [&branch](const Code& code) { return only_keys(code, branch.scope); };
  const bool all = std::all_of(step.values.begin(), step.values.end(), known);
  for (const Code& code : step.values) step.lists.push_back(known(code) && (all || !is_pseudo(code, branch.scope)) ? 1 : 0);
  for (std::size_t i = 0; i < keys; ++i)
    result.scope.columns.insert(result.scope.columns.begin(), {"", "", Type(), true, true});
  for (std::size_t i = 0; i < keys; ++i) result.scope.columns[i].type = result.keys[i].type;
  for (std::size_t i = 0; i < branch.scope.columns.size(); ++i)
    step.values.push_back(same_column(i, branch.scope.columns[i].type));
  if (target_.key_format_given) result.key_format = target_.sink.key_format;
  if (nothing) result.key_format = Format{FormatKind::none, ',', true};
  set_keys(step, result);
  const int made = add(std::move(step));
  link(branch.last, made);
  result.last = made;
  return result;
}

void Planner::check_group(const Branch& branch) {
  for (const Selected& item : items_) known_functions(item.expression, complaint_);
  for (const Expression& e : *select_.group) known_functions(e, complaint_);
  bool any = select_.having && contains_aggregate(*select_.having);
  for (const Selected& item : items_) any = any || contains_aggregate(item.expression);
  if (!any)
    complaint_.say(
        "E13", select_.group_at,
        "GROUP BY wants an aggregate, in SELECT or HAVING, as COUNT(*); without one write PARTITION BY for another key.");
  if (select_.group->empty())
    complaint_.say("E13", select_.group_at,
                   "GROUP BY wants at least one expression; by a constant, as GROUP BY 1, all rows are one group.");
  for (const Expression& e : *select_.group) {
    if (const Expression* aggregate = aggregate_in(e)) {
      complaint_.say("E13", aggregate->at,
                     "GROUP BY says what is aggregated, so the aggregate " + aggregate->text + " cannot stand in it.");
    }
    if (select_.window && (contains_name(e, "WINDOWSTART") || contains_name(e, "WINDOWEND"))) {
      complaint_.say("E14", e.at,
                     "WINDOWSTART and WINDOWEND are known once rows are in their windows: in SELECT only, and every group is "
                     "by window anyway.");
    }
  }
  if (branch.source && branch.source->value_format.kind == FormatKind::kafka) {
    complaint_.say("E17", select_.group_at,
                   branch.label +
                       " has the value format KAFKA, which GROUP BY does not take; re-write it with CREATE STREAM ... WITH "
                       "(VALUE_FORMAT='JSON') AS SELECT first.");
  }
}

std::size_t Planner::aggregate_number(const Expression& e, const Scope& scope, bool of_table) {
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (same_expression(calls_[i], e)) return i;
  }
  std::vector<Code> codes;
  std::vector<Type> types;
  List constants;
  for (const Expression& arg : e.args) {
    if (arg.node == Node::star && e.text == "COUNT") continue;
    if (select_.window && (contains_name(arg, "WINDOWSTART") || contains_name(arg, "WINDOWEND"))) {
      complaint_.say(
          "E14", arg.at,
          "WINDOWSTART and WINDOWEND are known once rows are in their windows: beside aggregates in SELECT, not in them.");
    }
    if (const Expression* inner = aggregate_in(arg)) {
      complaint_.say("E13", inner->at,
                     "Aggregates cannot be nested: " + e.text + "(" + inner->text +
                         "(...)); aggregate into a table first, then aggregate that.");
    }
    if (complaint_.any()) return 0;
    codes.push_back(compile(arg, scope, catalog_, "SELECT", complaint_));
    types.push_back(codes.back().type);
    constants.push_back(codes.back().op == Op::constant ? codes.back().constant : Value());
  }
  if (complaint_.any()) return 0;
  Aggregate aggregate;
  std::size_t variable = 0;
  const std::string wrong = choose_aggregate(e.text, types, constants, aggregate, variable);
  if (!wrong.empty()) complaint_.say("E19", e.at, wrong);
  if (e.text == "COLLECT_LIST" || e.text == "COLLECT_SET") {
    const auto limit = catalog_.settings.find("ksql.functions." + lower(e.text) + ".limit");
    if (limit != catalog_.settings.end()) aggregate.limit = std::max<std::int64_t>(parse_whole(limit->second).value_or(0), 0);
  }
  // The states of these are structures, which the topic behind them would have to hold.
  const bool structured = e.text == "AVG" || e.text == "CORRELATION" || e.text.substr(0, 6) == "STDDEV";
  const Source* first = catalog_.find(select_.from.name);
  if (structured && first->value_format.kind == FormatKind::delimited &&
      !(target_.value_format_given && target_.sink.value_format.kind != FormatKind::delimited)) {
    complaint_.say("E17", e.at,
                   "The state of " + e.text + " is a STRUCT, which DELIMITED does not hold; write VALUE_FORMAT='JSON'.");
  }
  if (of_table && wrong.empty() && !aggregate.kind->undo) {
    complaint_.say("E19", e.at,
                   e.text +
                       " cannot take back what a row of a table was before it changed; on tables COUNT, SUM, AVG, ATTR, "
                       "COLLECT_LIST and HISTOGRAM are possible.");
  }
  codes.resize(std::min(variable, codes.size()));
  calls_.push_back(e);
  aggregates_.push_back(aggregate);
  arguments_.push_back(std::move(codes));
  return calls_.size() - 1;
}

// The expression over the columns that come out of the aggregation.
Expression Planner::over_aggregates(const Expression& e, const Branch& before, std::string_view clause, bool& aggregate) {
  if (complaint_.any()) return e;
  for (std::size_t i = 0; i < select_.group->size(); ++i) {
    if (same_expression(e, qualified((*select_.group)[i], before.scope)))
      return plain_name("KSQL_GROUP_" + std::to_string(i), e.at);
  }
  if (e.node == Node::call && is_aggregate(e.text)) {
    aggregate = true;
    return plain_name("KSQL_AGG_VARIABLE_" + std::to_string(aggregate_number(e, before.scope, before.table)), e.at);
  }
  if (e.node == Node::name) {
    const bool bound = (e.text == "WINDOWSTART" || e.text == "WINDOWEND") && select_.window;
    if (bound && !select_.joins.empty()) {
      complaint_.say("E14", e.at,
                     e.text +
                         " cannot be resolved in a query with a JOIN; put the join into a stream with CREATE STREAM ... AS, "
                         "and its windows into a second query.");
      return e;
    }
    if (bound && clause != "SELECT") {
      complaint_.say("E14", e.at, e.text + " may stand in SELECT only, beside the aggregates; filter on it in a second query.");
      return e;
    }
    if (bound) return plain_name(e.text, e.at);
    if (e.qualifier.empty() && std::find(bound_.begin(), bound_.end(), e.text) != bound_.end()) return e;
    const std::string cure = clause == "HAVING"
                                 ? "; write the condition into WHERE, or add it to GROUP BY."
                                 : "; add it to GROUP BY, or aggregate it, as LATEST_BY_OFFSET(" + expression_text(e) + ").";
    // An unknown or ambiguous name is another mistake.
    compile(e, before.scope, catalog_, clause, complaint_);
    complaint_.say(
        "E12", e.at,
        std::string(clause) + ": " + expression_text(e) + " is not part of GROUP BY, so that a group has many of it" + cure);
    return e;
  }
  Expression result = e;
  // Names that => binds are no columns.
  if (e.node == Node::lambda) bound_.insert(bound_.end(), e.names.begin(), e.names.end());
  for (Expression& arg : result.args) arg = over_aggregates(arg, before, clause, aggregate);
  if (e.node == Node::lambda) bound_.resize(bound_.size() - e.names.size());
  return result;
}

// The expression as it was written: over_aggregates() has put columns of the aggregation in places of it.
Expression Planner::as_written(const Expression& e) const {
  const auto in_place = [&e](std::string_view stem, std::size_t count) -> std::optional<std::size_t> {
    if (e.node != Node::name || e.text.substr(0, stem.size()) != stem) return std::nullopt;
    const auto number = parse_whole(e.text.substr(stem.size()));
    if (!number || *number < 0 || static_cast<std::size_t>(*number) >= count) return std::nullopt;
    return static_cast<std::size_t>(*number);
  };
  if (const auto group = in_place("KSQL_GROUP_", select_.group ? select_.group->size() : 0)) return (*select_.group)[*group];
  if (const auto call = in_place("KSQL_AGG_VARIABLE_", calls_.size())) return calls_[*call];
  Expression written = e;
  for (Expression& arg : written.args) arg = as_written(arg);
  return written;
}

std::string Planner::said(const Expression& e) const { return expression_text(as_written(e)); }

void Planner::window_of(Step& step) {
  const WindowClause& w = *select_.window;
  step.window = w.kind;
  step.size = w.size;
  step.advance = w.advance;
  if (w.size <= 0 || (w.kind != WindowKind::session && w.advance <= 0))
    complaint_.say("E14", w.at, "A window is at least 1 millisecond long, and so is its advance.");
  if (w.kind == WindowKind::hopping && w.advance > w.size)
    complaint_.say("E14", w.at, "ADVANCE BY is longer than SIZE: rows between two windows would be in none.");
  if (w.kind == WindowKind::hopping && w.advance > 0 && w.size / w.advance > 10'000) {
    complaint_.say("E14", w.at, "Every row would be in more than 10,000 windows; make ADVANCE BY longer, or SIZE shorter.");
  }
  step.final = select_.emit == Emit::final;
  step.grace = w.grace.value_or(step.final ? 0 : std::max<std::int64_t>(kDayLong - w.size, 0));
  step.retention = w.retention.value_or(w.size + step.grace);
  if (step.retention < step.size + step.grace) {
    complaint_.say("E14", w.at,
                   "RETENTION is shorter than the window and its grace period, " + std::to_string(step.size + step.grace) +
                       " ms in all, within which rows are still taken.");
  }
}

// The expressions of GROUP BY, as the first columns of what is grouped. Whether they are the key that there is already.
bool Planner::group_keys(const Branch& branch, Branch& grouped, Step& group) {
  std::vector<Expression> by;
  for (const Expression& e : *select_.group) by.push_back(qualified(e, branch.scope));
  bool same = by.size() == branch.keys.size();
  for (std::size_t i = 0; i < by.size() && !complaint_.any(); ++i) {
    KeyPart key;
    Code code = compile(by[i], branch.scope, catalog_, "GROUP BY", complaint_);
    if (code.type.base == Base::none)
      complaint_.say("E13", by[i].at, "GROUP BY NULL groups nothing: rows whose key is null are left out.");
    key.is.push_back(plain_name("KSQL_GROUP_" + std::to_string(i), by[i].at));
    key.text = expression_text((*select_.group)[i]);
    for (std::size_t before = 0; before < i; ++before)
      if (same_expression(by[before], by[i]))
        complaint_.say("E11", by[i].at, "GROUP BY has " + key.text + " twice; leave one out.");
    for (const Selected& item : items_) {
      if (key.name.empty() && same_expression(item.expression, by[i])) key.name = item.alias;
    }
    if (key.name.empty()) key.name = generated_name(by[i]);
    key.type = code.type;
    key.column = i;
    same = same && std::any_of(branch.keys[i].is.begin(), branch.keys[i].is.end(),
                               [&](const Expression& each) { return same_expression(each, by[i]); });
    grouped.keys.push_back(key);
    grouped.scope.columns.push_back({"", key.is[0].text, code.type, true, false});
    group.values.push_back(std::move(code));
  }
  if (!same && branch.window != WindowKind::none)
    complaint_.say("E8", select_.group_at,
                   "The key of " + branch.label + " carries windows; such a source cannot be grouped by anything else.");
  return same;
}

Branch Planner::aggregated(Branch branch) {
  Step group;
  group.kind = StepKind::group;
  group.name = "Aggregate-Prepare";
  Branch grouped;
  grouped.table = branch.table;
  grouped.partitions = branch.partitions;
  grouped.label = branch.label;
  grouped.source = branch.source;
  grouped.key_format = target_.key_format_given ? target_.sink.key_format : branch.key_format;
  if (grouped.key_format.kind == FormatKind::none) grouped.key_format.kind = FormatKind::kafka;
  const bool same = group_keys(branch, grouped, group);
  bool any = false;
  for (Selected& item : items_) item.expression = over_aggregates(item.expression, branch, "SELECT", any);
  Expression having;
  if (select_.having) having = over_aggregates(qualified(*select_.having, branch.scope), branch, "HAVING", any);
  if (complaint_.any()) return branch;

  Step step;
  step.kind = StepKind::aggregate;
  step.name = "Aggregate";
  step.aggregates = aggregates_;
  Branch prepared = grouped;
  for (const std::vector<Code>& codes : arguments_) {
    step.arguments.push_back(codes.size());
    for (const Code& code : codes) {
      group.values.push_back(code);
      prepared.scope.columns.push_back({"", "", code.type, false, false});
    }
  }
  group.same_key = same;
  set_keys(group, prepared);
  const int first = add(std::move(group));
  link(branch.last, first);
  int last = first;
  if (!same) last = repartition(first, prepared, "Aggregate-GroupBy", branch.partitions);

  for (std::size_t i = 0; i < aggregates_.size(); ++i)
    grouped.scope.columns.push_back({"", "KSQL_AGG_VARIABLE_" + std::to_string(i), aggregates_[i].result, false, false});
  grouped.scope.columns.push_back({"", "WINDOWSTART", simple(Base::bigint), false, true});
  grouped.scope.columns.push_back({"", "WINDOWEND", simple(Base::bigint), false, true});
  if (select_.window) window_of(step);
  step.stores[0] = "Aggregate-Aggregate-Materialize";
  set_keys(step, grouped);
  step.table = branch.table;
  if (select_.window) {
    grouped.window = select_.window->kind;
    grouped.window_size = select_.window->kind == WindowKind::session ? 0 : select_.window->size;
  }
  grouped.last = add(std::move(step));
  link(last, grouped.last);
  grouped.table = true;
  if (select_.having && !complaint_.any()) grouped = filtered(std::move(grouped), having, "HAVING", "HavingFilter");
  return grouped;
}

}  // namespace nutshell::streams

#include <algorithm>

#include "sim/streams/parser.h"
#include "sim/streams/planner.h"

namespace nutshell::streams {
namespace {

Expression name_of(const ScopeColumn& column, Place at) {
  Expression e;
  e.node = Node::name;
  e.text = column.name;
  e.qualifier = column.qualifier;
  e.at = at;
  return e;
}

// "NAME_12" as ("NAME", 12), "NAME" as ("NAME", 0).
std::pair<std::string, int> stem_of(const std::string& name) {
  const std::size_t bar = name.rfind('_');
  if (bar == std::string::npos || bar + 1 >= name.size() || name.size() - bar > 8) return {name, 0};
  int number = 0;
  for (std::size_t i = bar + 1; i < name.size(); ++i) {
    if (name[i] < '0' || name[i] > '9') return {name, 0};
    number = number * 10 + (name[i] - '0');
  }
  return {name.substr(0, bar), number};
}

}  // namespace

void Planner::collect_used(const Scope& scope) {
  std::map<std::string, int> owners;
  for (const ScopeColumn& c : scope.columns) {
    if (c.name.empty()) continue;
    if (!c.pseudo) {
      const auto [stem, number] = stem_of(c.name);
      used_[stem].insert(number);
    }
    if (++owners[c.name] > 1) clashing_.insert(c.name);
  }
}

// The next of KSQL_COL_0, KSQL_COL_1, ..., or of B, B_1, ..., that no column has (S11).
std::string Planner::next_alias(const std::string& stem, bool bare_first) {
  std::set<int>& used = used_[stem];
  int number = 0;
  while (used.count(number) > 0) ++number;
  used.insert(number);
  return number == 0 && bare_first ? stem : stem + "_" + std::to_string(number);
}

std::string Planner::generated_name(const Expression& e) {
  if (e.node == Node::name) return clashing_.count(e.text) > 0 && !e.qualifier.empty() ? e.qualifier + "_" + e.text : e.text;
  if (e.node == Node::field) {
    const auto [stem, number] = stem_of(e.text);
    return used_[stem].count(number) > 0 || number > 0 ? next_alias(stem, true) : next_alias(e.text, true);
  }
  return next_alias("KSQL_COL", false);
}

void Planner::star(const Branch& branch, const Item& item) {
  const bool several = branch.aliases.size() > 1;
  if (!item.qualifier.empty() &&
      std::find(branch.aliases.begin(), branch.aliases.end(), item.qualifier) == branch.aliases.end()) {
    complaint_.say("E5", item.at,
                   "'" + item.qualifier + "' is not a stream or table name or alias here." +
                       did_you_mean(item.qualifier, branch.aliases) + " Known are " + joined(branch.aliases) + ".");
    return;
  }
  // A synthetic key comes first.
  for (const KeyPart& key : branch.keys) {
    if (key.synthetic && item.qualifier.empty()) items_.push_back({key.is[0], key.name, true, item.at, true});
  }
  const auto take = [&](const ScopeColumn& c) {
    if (c.name.empty() || (!item.qualifier.empty() && c.qualifier != item.qualifier)) return;
    items_.push_back({name_of(c, item.at), several ? c.qualifier + "_" + c.name : c.name, several, item.at, true});
  };
  const bool bounds = (several || !target_.persistent) && branch.window != WindowKind::none;
  // PARTITION BY brings its own key; the old one then comes last (S15).
  const bool replaced = select_.partition.has_value();
  if (replaced && item.qualifier.empty()) {
    for (const Expression& e : *select_.partition) {
      const bool star = e.node == Node::name && !is_pseudo_column(e.text);
      if (!star && e.node != Node::null_literal) items_.push_back({qualified(e, branch.scope), "", false, item.at, true});
    }
  }
  for (const std::string& alias : branch.aliases) {
    for (const ScopeColumn& c : branch.scope.columns) {
      if (!replaced && c.qualifier == alias && c.key && !c.pseudo) take(c);
    }
    const auto take_bounds = [&] {
      for (const ScopeColumn& c : branch.scope.columns)
        if (bounds && c.qualifier == alias && c.pseudo && c.name.substr(0, 6) == "WINDOW") take(c);
    };
    // Of the right side of a join the key is a column like others; it stands first.
    const auto is_first = [&](const ScopeColumn& c) {
      return std::none_of(branch.scope.columns.begin(), branch.scope.columns.end(),
                          [&](const ScopeColumn& each) { return &each < &c && each.qualifier == alias && !each.pseudo; });
    };
    const bool own_key = std::any_of(branch.scope.columns.begin(), branch.scope.columns.end(),
                                     [&](const ScopeColumn& c) { return c.qualifier == alias && c.key && !c.pseudo; });
    if (own_key) take_bounds();
    for (const ScopeColumn& c : branch.scope.columns) {
      if (c.qualifier == alias && !c.key && !c.pseudo) take(c);
      if (c.qualifier == alias && !c.pseudo && !own_key && is_first(c)) take_bounds();
    }
    for (const ScopeColumn& c : branch.scope.columns) {
      if (replaced && c.qualifier == alias && c.key && !c.pseudo) take(c);
      // A join that is partitioned anew has copied the pseudo columns, and * shows them.
      if (replaced && several && c.qualifier == alias && c.pseudo) take(c);
    }
  }
}

void Planner::spread_items(const Branch& branch) {
  collect_used(branch.scope);
  for (const Item& item : select_.items) {
    if (complaint_.any()) return;
    if (item.star) {
      star(branch, item);
      continue;
    }
    const Expression e = qualified(item.expression, branch.scope);
    if (e.node != Node::all_fields) {
      items_.push_back({e, item.alias, !item.alias.empty(), item.at, false});
      continue;
    }
    const Code of = compile(e.args[0], branch.scope, catalog_, "SELECT", complaint_);
    if (complaint_.any()) return;
    if (of.type.base != Base::structure)
      complaint_.say("E19", item.at, "->* takes the fields of a STRUCT, but this is " + type_text(of.type) + ".");
    for (const std::string& name : of.type.names) {
      Expression field;
      field.node = Node::field;
      field.at = item.at;
      field.text = name;
      field.args.push_back(e.args[0]);
      items_.push_back({field, name, true, item.at, false});
    }
  }
}

void Planner::name_items(const Branch& branch) {
  for (Selected& item : items_) {
    if (item.alias.empty()) item.alias = generated_name(item.expression);
    const bool bounds = item.alias == "WINDOWSTART" || item.alias == "WINDOWEND";
    const bool pull_name = !target_.persistent && !item.aliased;
    if (!is_pseudo_column(item.alias) || pull_name || item.star) continue;
    const bool windowed = bounds && !item.aliased && select_.window && !target_.persistent;
    if (windowed) continue;
    if (item.aliased && item.expression.node == Node::name && item.expression.text == item.alias && !target_.persistent)
      continue;
    complaint_.say("E18", item.at,
                   item.alias + " is reserved, it cannot be the name of a column; write " + expression_text(item.expression) +
                       " AS another name.");
  }
  (void)branch;
}

// A step that makes a row for each element of the lists of EXPLODE; of several the longest counts, the others are null.
Branch Planner::spread_lists(Branch branch) {
  std::vector<Expression*> calls;
  const auto visit = [&](auto&& self, Expression& e, bool inside) -> void {
    const bool here = e.node == Node::call && is_table_function(e.text);
    if (here && inside) complaint_.say("E19", e.at, "EXPLODE makes rows; it cannot stand within another EXPLODE or a CASE.");
    for (Expression& arg : e.args) self(self, arg, inside || here || e.node == Node::choice);
    if (here) calls.push_back(&e);
  };
  for (Selected& item : items_) visit(visit, item.expression, false);
  if (calls.empty() || complaint_.any()) return branch;
  if (branch.table)
    complaint_.say("E19", calls[0]->at,
                   "EXPLODE makes several rows of one, which a table cannot have under one key; it is for streams.");
  Step step;
  step.kind = StepKind::spread;
  step.name = "FlatMap";
  for (std::size_t i = 0; i < branch.scope.columns.size(); ++i) {
    Code column;
    column.op = Op::column;
    column.index = i;
    column.type = branch.scope.columns[i].type;
    step.values.push_back(std::move(column));
    step.lists.push_back(0);
  }
  for (std::size_t i = 0; i < calls.size() && !complaint_.any(); ++i) {
    Expression& call = *calls[i];
    Code list = call.args.size() == 1 ? compile(call.args[0], branch.scope, catalog_, "SELECT", complaint_) : Code();
    if (complaint_.any()) break;
    if (list.type.base != Base::array || (call.text != "EXPLODE" && list.type.of[0].base == Base::map)) {
      complaint_.say("E19", call.at, call.text + " takes one ARRAY, but this is " + type_text(list.type) + ".");
      break;
    }
    const bool cube = call.text == "CUBE_EXPLODE";
    const Type element = cube ? list.type : list.type.of[0];
    step.lists.push_back(cube ? 2 : 1);
    step.values.push_back(std::move(list));
    const std::string name = "KSQL_SYNTH_" + std::to_string(i);
    branch.scope.columns.push_back({"", name, element, false, true});
    Expression column;
    column.node = Node::name;
    column.at = call.at;
    column.text = name;
    call = std::move(column);
  }
  set_keys(step, branch);
  const int made = add(std::move(step));
  link(branch.last, made);
  branch.last = made;
  return branch;
}

}  // namespace nutshell::streams

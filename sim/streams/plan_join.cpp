#include <algorithm>

#include "sim/streams/parser.h"
#include "sim/streams/planner.h"

namespace nutshell::streams {
namespace {

constexpr std::int64_t kDefaultGrace = 86'400'000;

// Which branches the names of an expression belong to: 1 left, 2 right, 3 both, 0 none.
int sides_of(const Expression& e, const Scope& left, const Scope& right) {
  int sides = 0;
  if (e.node == Node::name) {
    if (left.find(e.qualifier, e.text) >= 0) sides |= 1;
    if (right.find(e.qualifier, e.text) >= 0) sides |= 2;
  }
  for (const Expression& arg : e.args) sides |= sides_of(arg, left, right);
  return sides;
}

const Expression* unknown_name(const Expression& e, const Scope& scope) {
  if (e.node == Node::name && scope.find(e.qualifier, e.text) < 0) return &e;
  for (const Expression& arg : e.args) {
    if (const Expression* found = unknown_name(arg, scope)) return found;
  }
  return nullptr;
}

std::string side_text(JoinSide side) {
  return side == JoinSide::inner   ? "INNER JOIN"
         : side == JoinSide::left  ? "LEFT JOIN"
         : side == JoinSide::right ? "RIGHT JOIN"
                                   : "FULL OUTER JOIN";
}

}  // namespace

bool Planner::is_key(const Branch& branch, const Expression& e) const {
  if (branch.keys.size() != 1) return false;
  return std::any_of(branch.keys[0].is.begin(), branch.keys[0].is.end(),
                     [&](const Expression& each) { return same_expression(each, e); });
}

// ON left = right, in either order; one comparison only (E7).
bool Planner::split_condition(const Branch& left, const Branch& right, const JoinClause& clause, Expression& l, Expression& r) {
  const Expression& on = clause.on;
  if (on.node == Node::logic) {
    complaint_.say("E7", on.at,
                   "A join has one condition, left key = right key; put the others into WHERE, or join on a key made of both.");
    return false;
  }
  if (on.node != Node::compare || on.text != "=") {
    complaint_.say("E7", on.at,
                   "A join wants an equality, left key = right key; " + expression_text(on).substr(0, 80) + " is none.");
    return false;
  }
  Scope all = left.scope;
  all.columns.insert(all.columns.end(), right.scope.columns.begin(), right.scope.columns.end());
  if (const Expression* unknown = unknown_name(on, all)) {
    compile(*unknown, all, catalog_, "JOIN ON", complaint_);
    return false;
  }
  const int first = sides_of(on.args[0], left.scope, right.scope);
  const int second = sides_of(on.args[1], left.scope, right.scope);
  if (first + second != 3 || first == 0 || second == 0) {
    complaint_.say("E7", on.at,
                   "Each side of = must be about one of the two that are joined: one about " + left.label +
                       ", the other about " + right.label + ".");
    return false;
  }
  l = qualified(on.args[first == 1 ? 0 : 1], left.scope);
  r = qualified(on.args[first == 1 ? 1 : 0], right.scope);
  return true;
}

bool Planner::check_join(const Branch& left, const Branch& right, const JoinClause& clause, const Expression& l,
                         const Expression& r, const Code& lc, const Code& rc, bool& foreign) {
  const std::string pair = left.label + " and " + right.label;
  if (left.table && !right.table) {
    complaint_.say("E7", clause.at,
                   left.label + " is a table and " + right.label + " a stream; only rows of a stream look up a table, so write FROM " +
                       right.label + " JOIN " + left.label + ".");
  } else if (!left.table && !right.table && !clause.within) {
    complaint_.say("E6", clause.within_at,
                   "Both " + pair + " are streams: say within which time rows belong together, as WITHIN 1 HOUR, before ON.");
  } else if ((left.table || right.table) && clause.within) {
    complaint_.say("E6", clause.within_at,
                   "WITHIN is for two streams; " + right.label + " is a table, whose row at that moment is joined. Leave WITHIN out.");
  } else if (!left.table && right.table && (clause.side == JoinSide::full || clause.side == JoinSide::right)) {
    complaint_.say("E9", clause.at,
                   "There is no " + side_text(clause.side) +
                       " of a stream and a table: nothing happens when the table changes. INNER JOIN and LEFT JOIN exist.");
  }
  if (complaint_.any()) return false;
  const bool whole_key = is_key(right, r);
  if (right.table && !whole_key) {
    const std::string key = right.keys.empty() ? "" : right.keys[0].name;
    const std::string many = right.keys.size() > 1 ? " It has several key columns, which a join does not take." : "";
    complaint_.say("E7", r.at,
                   "The table " + right.label + " is found by its primary key" + (key.empty() ? "" : " " + key) + ", not by " +
                       expression_text(r).substr(0, 80) + "." + many);
    return false;
  }
  foreign = left.table && right.table && !is_key(left, l);
  if (foreign && (clause.side == JoinSide::full || clause.side == JoinSide::right)) {
    complaint_.say("E9", clause.at,
                   "By a foreign key there are INNER JOIN and LEFT JOIN only, no " + side_text(clause.side) + ".");
    return false;
  }
  if (foreign && (left.window != WindowKind::none || right.window != WindowKind::none)) {
    complaint_.say("E7", clause.at, "By a foreign key no windowed tables can be joined; join by their keys, windows included.");
    return false;
  }
  if (foreign && select_.joins.size() > 1 && &clause != &select_.joins.front()) {
    complaint_.say("E7", l.at,
                   "By a foreign key two tables can be joined, not more at once; join two with CREATE TABLE AS first.");
    return false;
  }
  if (!(lc.type == rc.type)) {
    complaint_.say("E8", clause.on.at,
                   "The two sides of = have different types, " + type_text(lc.type) + " and " + type_text(rc.type) +
                       ", so that equal keys lie in different partitions; CAST one.");
    return false;
  }
  if (left.partitions != right.partitions && !foreign) {
    complaint_.say("E8", clause.at,
                   left.label + " has " + std::to_string(left.partitions) + " partitions and " + right.label + " has " +
                       std::to_string(right.partitions) + "; make them equal with CREATE STREAM ... WITH (PARTITIONS=" +
                       std::to_string(right.partitions) + ") AS SELECT ... PARTITION BY.");
    return false;
  }
  const bool windowed = left.window != WindowKind::none;
  const bool other = right.window != WindowKind::none;
  const bool session = left.window == WindowKind::session;
  const bool odd = windowed && !session && other && (left.window_size != right.window_size || left.window != right.window);
  if (odd && !has_schema(left.key_format.kind))  // of those only the start stands in the key
    complaint_.say("E8", clause.at, "The windows of " + pair + " differ in size or kind, so that equal keys never meet.");
  if (windowed != other || (windowed && session != (right.window == WindowKind::session))) {
    complaint_.say("E8", clause.at,
                   "The keys of one of " + pair +
                       " carry windows and those of the other do not, or of another kind, so that they never meet.");
    return false;
  }
  return true;
}

void Planner::within(Step& step, const JoinClause& clause, bool streams) {
  if (!streams) return;
  step.before = clause.before;
  step.after = clause.after;
  step.parked = clause.grace.has_value();
  step.grace = clause.grace.value_or(std::max<std::int64_t>(kDefaultGrace - clause.before - clause.after, 0));
  step.retention = step.before + step.after + step.grace;
}

// S16: a column used bare, the first that the projection contains; else a synthetic one.
KeyPart Planner::joined_key(const Branch& left, const Branch& right, const JoinClause& clause, const Expression& l,
                            const Expression& r) {
  KeyPart key;
  const auto take = [&key](const Branch& branch, const Expression& e) {
    std::vector<Expression> all = {e};
    // What was the key of a join before, all names of it still are.
    if (!branch.keys.empty()) {
      const auto& is = branch.keys[0].is;
      if (std::any_of(is.begin(), is.end(), [&e](const Expression& each) { return same_expression(each, e); }))
        all.insert(all.end(), is.begin(), is.end());
    }
    for (const Expression& each : all) {
      const bool known =
          std::any_of(key.is.begin(), key.is.end(), [&each](const Expression& k) { return same_expression(k, each); });
      if (!known) key.is.push_back(each);
    }
  };
  if (clause.side != JoinSide::full) {
    take(left, l);
    take(right, r);
  }
  const auto bare = std::find_if(key.is.begin(), key.is.end(), [](const Expression& e) { return e.node == Node::name; });
  key.joined = true;
  key.synthetic = bare == key.is.end();
  key.name = key.synthetic ? "ROWKEY" : bare->text;
  if (!key.synthetic) return key;
  const auto taken = [&](const std::string& name) {
    return std::any_of(left.scope.columns.begin(), left.scope.columns.end(),
                       [&](const ScopeColumn& c) { return c.name == name && !c.qualifier.empty(); }) ||
           std::any_of(right.scope.columns.begin(), right.scope.columns.end(),
                       [&](const ScopeColumn& c) { return c.name == name; });
  };
  for (int n = 1; taken(key.name); ++n) key.name = "ROWKEY_" + std::to_string(n);
  Expression e;
  e.node = Node::name;
  e.text = key.name;
  key.is.insert(key.is.begin(), std::move(e));
  return key;
}

void Planner::name_stores(Step& step, const JoinClause& clause, const std::string& prefix) {
  if (step.kind == StepKind::stream_stream_join) {
    const std::string number = std::to_string(plan_.steps.size());
    const bool left = clause.side == JoinSide::left || clause.side == JoinSide::full;
    const bool right = clause.side == JoinSide::right || clause.side == JoinSide::full;
    step.stores[0] = std::string(left ? "KSTREAM-OUTERTHIS-" : "KSTREAM-JOINTHIS-") + number + "-store";
    step.stores[1] = std::string(right ? "KSTREAM-OUTEROTHER-" : "KSTREAM-JOINOTHER-") + number + "-store";
    if (step.parked && (left || right)) step.stores[2] = "KSTREAM-OUTERSHARED-" + number + "-store";
    return;
  }
  if (step.kind != StepKind::stream_table_join) step.stores[0] = "KafkaTopic_" + prefix + "Left-Reduce";
  step.stores[1] = "KafkaTopic_" + prefix + "Right-Reduce";
}

Branch Planner::join(Branch left, const JoinClause& clause, std::size_t number) {
  const std::size_t depth = select_.joins.size() - 1 - number;
  std::string prefix;
  for (std::size_t i = 0; i < depth; ++i) prefix += "L_";
  Branch right = source(clause.source, "KafkaTopic_" + prefix + "Right", true);
  if (complaint_.any()) return left;
  if (std::count(plan_.reads.begin(), plan_.reads.end(), clause.source.name) > 1) {
    complaint_.say("E7", clause.source.at,
                   clause.source.name +
                       " is joined with itself, which is not possible; copy it first with CREATE STREAM ... AS SELECT * FROM " +
                       clause.source.name + ".");
    return left;
  }
  if (std::find(left.aliases.begin(), left.aliases.end(), clause.source.alias) != left.aliases.end()) {
    complaint_.say("E5", clause.source.at,
                   clause.source.alias + " is joined with itself under one name; give the second one another name with AS.");
    return left;
  }
  Expression l;
  Expression r;
  if (!split_condition(left, right, clause, l, r)) return left;
  const Code lc = compile(l, left.scope, catalog_, "JOIN ON", complaint_);
  const Code rc = compile(r, right.scope, catalog_, "JOIN ON", complaint_);
  bool foreign = false;
  if (complaint_.any() || !check_join(left, right, clause, l, r, lc, rc, foreign)) return left;
  for (const Branch* each : {&left, &right}) {
    const bool kafka = each->source && each->source->value_format.kind == FormatKind::kafka;
    if (kafka)
      complaint_.say("E17", clause.at,
                     each->label +
                         " has the value format KAFKA, which a JOIN does not take; re-write it with CREATE STREAM ... WITH "
                         "(VALUE_FORMAT='JSON') AS SELECT first.");
  }
  if (!left.table && !is_key(left, l)) left = rekeyed(std::move(left), l, prefix + (right.table ? "Join" : "Join-left"));
  if (!right.table && !is_key(right, r)) right = rekeyed(std::move(right), r, prefix + "Join-right");
  if (complaint_.any()) return left;
  return joined_branch(left, right, clause, prefix, l, r, lc, foreign);
}

Branch Planner::joined_branch(const Branch& left, const Branch& right, const JoinClause& clause, const std::string& prefix,
                              const Expression& l, const Expression& r, const Code& lc, bool foreign) {
  Step step;
  step.kind = left.table    ? (foreign ? StepKind::foreign_key_join : StepKind::table_table_join)
              : right.table ? StepKind::stream_table_join
                            : StepKind::stream_stream_join;
  step.name = prefix + "Join";
  step.join = clause.side;
  step.widths[0] = left.scope.columns.size();
  step.widths[1] = right.scope.columns.size();
  step.key_at[0] = left.keys.empty() ? 0 : left.keys[0].column;
  step.key_at[1] = right.keys.empty() ? 0 : right.keys[0].column;
  step.window = right.window;
  within(step, clause, !left.table && !right.table);
  name_stores(step, clause, prefix);
  if (foreign) step.foreign = lc;
  Branch result = left;
  result.source = nullptr;
  result.partitions = std::max(left.partitions, right.partitions);
  result.aliases.push_back(clause.source.alias);
  for (ScopeColumn& c : result.scope.columns) {
    c.key = false;
    // The made-up key of an earlier join has done its work.
    if (c.qualifier.empty() && !foreign) c.name.clear();
  }
  for (ScopeColumn c : right.scope.columns) {
    c.key = false;
    result.scope.columns.push_back(c);
  }
  if (foreign) {
    // The key of the left table stays what it is.
    step.same_key = true;
  } else {
    KeyPart key = joined_key(left, right, clause, l, r);
    key.type = lc.type;
    key.column = result.scope.columns.size();
    // Addressed by its name if it is synthetic; else the name is the column's that it stands for.
    result.scope.columns.push_back({"", key.synthetic ? key.name : "", key.type, true, true});
    result.keys = {key};
  }
  set_keys(step, result);
  const int made = add(std::move(step));
  link(left.last, made, 0);
  link(right.last, made, 1);
  result.last = made;
  return result;
}

}  // namespace nutshell::streams

// For plan*.cpp only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/streams/plan.h"

namespace nutshell::streams {

// A column of the key, as expressions that stand for it, and the place where its value is.
struct KeyPart {
  // The first that the projection contains names it. Empty: a synthetic ROWKEY.
  std::vector<Expression> is;
  std::string name;
  // As the statement writes it.
  std::string text;
  std::size_t column = 0;
  Type type;
  bool synthetic = false;
  // Of a join: only columns used bare name it, though other expressions are equal to it.
  bool joined = false;
};

// An item of SELECT with * spread out.
struct Selected {
  Expression expression;
  std::string alias;
  bool aliased = false;
  Place at;
  // Part of *, which may bring what nobody may name.
  bool star = false;
};

// A branch of the plan that ends in a step: what its rows are.
struct Branch {
  int last = -1;
  bool table = false;
  Scope scope;
  std::vector<KeyPart> keys;
  Format key_format;
  int partitions = 1;
  // The names of sources in it.
  std::vector<std::string> aliases;
  // For complaints: the one source, or the first.
  std::string label;
  const Source* source = nullptr;
  WindowKind window = WindowKind::none;
  std::int64_t window_size = 0;
};

class Planner {
 public:
  Planner(const Select& select, const Catalog& catalog, Target& target, Complaint& complaint)
      : select_(select), catalog_(catalog), target_(target), complaint_(complaint) {}

  Plan run();

 private:
  // plan.cpp
  int add(Step step);
  void link(int from, int to, int side = 0);
  void set_keys(Step& step, const Branch& branch) const;
  Branch filtered(Branch branch, const Expression& condition, std::string_view clause, std::string name);
  void number_parts();
  void check_clauses(const Branch& branch);

  // plan_source.cpp
  Branch source(const SourceRef& ref, std::string step_name, bool joined);
  const Source* known(const SourceRef& ref);
  Expression qualified(const Expression& e, const Scope& scope) const;
  Branch rekeyed(Branch branch, const Expression& key, std::string topic);
  int repartition(int last, const Branch& branch, std::string topic, int partitions);

  // plan_join.cpp
  Branch join(Branch left, const JoinClause& clause, std::size_t number);
  Branch joined_branch(const Branch& left, const Branch& right, const JoinClause& clause, const std::string& prefix,
                       const Expression& l, const Expression& r, const Code& lc, bool foreign);
  bool split_condition(const Branch& left, const Branch& right, const JoinClause& clause, Expression& l, Expression& r);
  bool check_join(const Branch& left, const Branch& right, const JoinClause& clause, const Expression& l, const Expression& r,
                  const Code& lc, const Code& rc, bool& foreign);
  void within(Step& step, const JoinClause& clause, bool streams);
  KeyPart joined_key(const Branch& left, const Branch& right, const JoinClause& clause, const Expression& l,
                     const Expression& r);
  bool is_key(const Branch& branch, const Expression& e) const;
  void name_stores(Step& step, const JoinClause& clause, const std::string& prefix);

  // plan_items.cpp
  void spread_items(const Branch& branch);
  void star(const Branch& branch, const Item& item);
  std::string generated_name(const Expression& e);
  void name_items(const Branch& branch);
  void collect_used(const Scope& scope);
  std::string next_alias(const std::string& stem, bool bare_first);
  Branch spread_lists(Branch branch);

  // plan_group.cpp
  Branch partitioned(Branch branch);
  Branch aggregated(Branch branch);
  bool group_keys(const Branch& branch, Branch& grouped, Step& group);
  Expression over_aggregates(const Expression& e, const Branch& grouped, std::string_view clause, bool& aggregate);
  std::size_t aggregate_number(const Expression& e, const Scope& scope, bool of_table);
  void window_of(Step& step);
  Expression as_written(const Expression& e) const;
  std::string said(const Expression& e) const;
  bool contains_aggregate(const Expression& e) const;
  void check_group(const Branch& branch);

  // plan_project.cpp
  void project(const Branch& branch);
  void keys_of_projection(const Branch& branch, std::vector<int>& item_of_key);
  void missing_key(const Branch& branch, const std::vector<std::string>& missing);
  void finish_sink(const Branch& branch, Columns columns, int last);
  void check_target(const Columns& columns, bool table);
  void add_sink(int last, const Branch& branch, const Columns& columns);

  const Select& select_;
  const Catalog& catalog_;
  Target& target_;
  Complaint& complaint_;
  Plan plan_;
  std::vector<int> parts_;
  std::vector<Selected> items_;
  std::vector<std::string> names_;
  std::map<std::string, std::set<int>> used_;
  std::set<std::string> clashing_;
  std::vector<std::string> bound_;  // by => around the expression at hand
  // Aggregates of the query: their calls, qualified, and what they are.
  std::vector<Expression> calls_;
  std::vector<Aggregate> aggregates_;
  std::vector<std::vector<Code>> arguments_;
};

// What the format cannot write as a key, "" if it can.
std::string unsupported_key(const Format& format, const Columns& columns);
bool same_expression(const Expression& a, const Expression& b);
bool is_table_function(std::string_view name);
// Whether all that it comes from is part of the key, or comes with the record.
bool only_keys(const Code& code, const Scope& scope);

}  // namespace nutshell::streams

#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/parser.h"
#include "sim/streams/planner.h"

namespace nutshell::streams {

void Planner::missing_key(const Branch& branch, const std::vector<std::string>& missing) {
  std::vector<std::string> example = missing;
  for (const Selected& item : items_) example.push_back(said(item.expression));
  std::string why = "The key has to be in the projection, so that the result has its name: " + joined(missing) +
                    (missing.size() == 1 ? " is" : " are") + " missing.";
  if (!branch.keys.empty() && branch.keys[0].synthetic) {
    why += " No column alone is the key of this join, so that it gets one of its own, " + branch.keys[0].name + ".";
  } else if (!branch.keys.empty() && branch.keys[0].is.size() > 1) {
    std::vector<std::string> any;
    for (const Expression& e : branch.keys[0].is) any.push_back(expression_text(e));
    why += " Any one of " + joined(any) + " will do.";
  }
  std::vector<std::string> short_example(
      example.begin(), example.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(example.size(), 6)));
  complaint_.say("E10", select_.at, why + " Write SELECT " + joined(short_example) + (example.size() > 6 ? ", ..." : "") + ".");
}

// Which item is which part of the key. A key may be there once (S17).
void Planner::keys_of_projection(const Branch& branch, std::vector<int>& item_of_key) {
  std::vector<std::string> missing;
  for (const KeyPart& key : branch.keys) {
    int found = -1;
    for (const Expression& is : key.is) {
      if (found >= 0) break;
      if (key.joined && is.node != Node::name) continue;
      for (std::size_t i = 0; i < items_.size(); ++i) {
        if (!same_expression(items_[i].expression, is)) continue;
        if (found >= 0) {
          complaint_.say("E11", items_[i].at,
                         "The key column " + said(is) + " is in the projection twice, as " +
                             items_[static_cast<std::size_t>(found)].alias + " and " + items_[i].alias +
                             "; a copy in the value is AS_VALUE(" + said(is) + ") AS " + items_[i].alias + ".");
          return;
        }
        found = static_cast<int>(i);
      }
    }
    if (found < 0) missing.push_back(key.text.empty() ? expression_text(key.is[0]) : key.text);
    item_of_key.push_back(found);
  }
  if (!missing.empty()) missing_key(branch, missing);
}

void Planner::project(const Branch& branch) {
  std::vector<int> item_of_key;
  if (target_.persistent) keys_of_projection(branch, item_of_key);
  Step step;
  step.kind = StepKind::project;
  step.name = "Project";
  step.same_key = true;
  Columns columns;
  const auto take = [&](const Selected& item, bool key) {
    Code code = compile(item.expression, branch.scope, catalog_, "SELECT", complaint_);
    if (complaint_.any()) return;
    if (code.type.base == Base::none)
      complaint_.say("E19", item.at,
                     item.alias + " is NULL and has no type; write CAST(NULL AS VARCHAR) AS " + quoted_name(item.alias) + ".");
    for (const Column& c : columns) {
      if (c.name == item.alias)
        complaint_.say("E11", item.at, "Two columns are named " + item.alias + "; name one otherwise with AS.");
    }
    columns.push_back({item.alias, code.type, key, KeyMark::none, ""});
    step.values.push_back(std::move(code));
  };
  for (std::size_t i = 0; i < item_of_key.size() && !complaint_.any(); ++i) {
    Selected item = items_[static_cast<std::size_t>(item_of_key[i])];
    take(item, true);
    // Where the key's value is: the column that a name stands for may be null beside it.
    if (complaint_.any()) return;
    Code& code = step.values.back();
    code = Code{};
    code.op = Op::column;
    code.index = branch.keys[i].column;
    code.type = branch.keys[i].type;
  }
  for (std::size_t i = 0; i < items_.size() && !complaint_.any(); ++i) {
    if (std::find(item_of_key.begin(), item_of_key.end(), static_cast<int>(i)) == item_of_key.end()) take(items_[i], false);
  }
  if (complaint_.any()) return;
  if (target_.persistent && columns.size() == item_of_key.size()) {
    complaint_.say("E11", select_.at,
                   "The projection has key columns only; add a column for the value, or a copy of the key with AS_VALUE(" +
                       (columns.empty() ? "x" : columns[0].name) + ") AS a name.");
    return;
  }
  step.table = branch.table;
  step.width = columns.size();
  step.keys = item_of_key.size();
  // Whoever looks on sees of a deletion what is known of it.
  if (!target_.persistent) {
    for (const Code& code : step.values) step.lists.push_back(only_keys(code, branch.scope) ? 1 : 0);
  }
  if (target_.existing) {
    check_target(columns, branch.table);
    for (std::size_t i = 0; i < step.values.size() && !complaint_.any(); ++i)
      step.values[i] = converted(std::move(step.values[i]), target_.sink.columns[i].type);
  }
  const int last = add(std::move(step));
  link(branch.last, last);
  finish_sink(branch, std::move(columns), last);
}

namespace {

// Any number becomes a DECIMAL here, if it fits: that is seen row by row.
bool may_become(const Type& from, const Type& to) {
  const bool whole = from.base == Base::integer || from.base == Base::bigint || from.base == Base::decimal;
  return widens(from, to) || (to.base == Base::decimal && whole);
}

}  // namespace

// INSERT INTO: the columns of the stream, one by one (S33).
void Planner::check_target(const Columns& columns, bool table) {
  if (table)
    complaint_.say("E15", target_.at,
                   "The query makes a table, but " + target_.sink.name + " is a stream; write CREATE TABLE ... AS.");
  const Columns& wanted = target_.sink.columns;
  for (const Column& c : wanted)
    if (c.of_headers())
      complaint_.say("E15", target_.at,
                     target_.sink.name + " has the column " + c.name + ", which is filled from headers; a query cannot write to it.");
  bool fine = columns.size() == wanted.size();
  for (std::size_t i = 0; i < columns.size() && fine; ++i) {
    fine = columns[i].name == wanted[i].name && columns[i].key == wanted[i].key && may_become(columns[i].type, wanted[i].type);
  }
  if (fine) return;
  complaint_.say("E15", target_.at,
                 "The query does not fit " + target_.sink.name + ", whose names, order and types it has to have. It makes (" +
                     columns_text(columns, false) + "), but " + target_.sink.name + " is (" + columns_text(wanted, false) +
                     ").");
}

void Planner::finish_sink(const Branch& branch, Columns columns, int last) {
  plan_.output = columns;
  plan_.table = branch.table;
  plan_.window = branch.window;
  plan_.window_size = branch.window_size;
  if (!target_.persistent) {
    add_sink(last, branch, columns);
    return;
  }
  if (!target_.existing && target_.table_wanted != branch.table) {
    const std::string made = branch.table ? "table" : "stream";
    complaint_.say("E15", target_.at,
                   "The query makes a " + made + ", so write CREATE " + upper(made) + " " + quoted_name(target_.sink.name) +
                       " AS SELECT ...");
    return;
  }
  if (!target_.existing) {
    Source& sink = target_.sink;
    const Source& first = *catalog_.find(select_.from.name);
    sink.table = branch.table;
    sink.columns = columns;
    sink.window = branch.window;
    sink.window_size = branch.window_size;
    const bool keyless = key_count(columns) == 0;
    if (!target_.key_format_given) {
      sink.key_format = first.key_format;
      if (sink.key_format.kind == FormatKind::none && !keyless) sink.key_format = Format{FormatKind::kafka, ',', true};
    } else if (keyless && sink.key_format.kind != FormatKind::none) {
      complaint_.say("E17", target_.at, "KEY_FORMAT is given, but the result has no key columns; leave KEY_FORMAT out.");
    }
    if (keyless) sink.key_format = Format{FormatKind::none, ',', true};
    if (!target_.value_format_given) {
      const Format asked = sink.value_format;
      sink.value_format = first.value_format;
      sink.value_format.wrapped = asked.wrapped;
      if (asked.delimiter != ',') sink.value_format.delimiter = asked.delimiter;
    }
    if (!target_.partitions_given) sink.partitions = branch.partitions;
  }
  const Source& sink = target_.sink;
  const std::size_t keys = key_count(columns);
  const Columns key_columns(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(keys));
  const Columns value_columns(columns.begin() + static_cast<std::ptrdiff_t>(keys), columns.end());
  std::string wrong = unsupported(sink.key_format, key_columns, true);
  if (wrong.empty()) wrong = unsupported(sink.value_format, value_columns, false);
  if (!wrong.empty()) complaint_.say("E17", target_.at, wrong);
  if (target_.wrap_given && value_columns.size() != 1) {
    complaint_.say(
        "E17", target_.at,
        "WRAP_SINGLE_VALUE is for one value column, but there are " + std::to_string(value_columns.size()) + "; leave it out.");
  }
  add_sink(last, branch, columns);
}

void Planner::add_sink(int last, const Branch& branch, const Columns& columns) {
  Step step;
  step.kind = StepKind::sink;
  step.name = target_.persistent ? target_.sink.name : "KSQL_STDOUT_NAME";
  step.source = target_.sink;
  if (!target_.existing) step.source.columns = columns;
  step.table = branch.table;
  step.window = branch.window;
  step.width = columns.size();
  step.keys = key_count(columns);
  if (!target_.sink.timestamp_column.empty() && !target_.existing) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name == target_.sink.timestamp_column) step.stamp = static_cast<int>(i);
    }
    const Base base = step.stamp < 0 ? Base::none : columns[static_cast<std::size_t>(step.stamp)].type.base;
    const bool text = base == Base::text && !target_.sink.timestamp_format.empty();
    std::vector<std::string> names;
    for (const Column& c : columns) names.push_back(c.name);
    if (step.stamp < 0) {
      complaint_.say("E5", target_.stamp_at,
                     "TIMESTAMP names no column of the result: " + target_.sink.timestamp_column + "." +
                         did_you_mean(target_.sink.timestamp_column, names));
    } else if (base != Base::bigint && base != Base::timestamp && !text) {
      complaint_.say("E19", target_.stamp_at,
                     "TIMESTAMP wants a BIGINT or TIMESTAMP column, or a VARCHAR with TIMESTAMP_FORMAT.");
    }
  }
  plan_.writes = target_.persistent ? target_.sink.name : "";
  const int made = add(std::move(step));
  link(last, made);
}

}  // namespace nutshell::streams

#include "sim/streams/pull.h"

#include <algorithm>

#include "sim/streams/parser.h"
#include "sim/streams/plan.h"

namespace nutshell::streams {
namespace {

bool is_set(const Catalog& catalog, std::string_view setting, bool otherwise) {
  const auto found = catalog.settings.find(std::string(setting));
  return found == catalog.settings.end() ? otherwise : same_word(found->second, "true");
}

bool names_a_column(const Expression& e) {
  return e.node == Node::name || std::any_of(e.args.begin(), e.args.end(), names_a_column);
}

bool is_name(const Expression& e, const std::string& name) { return e.node == Node::name && e.text == name; }

// The condition's parts that AND, or OR, puts together.
std::vector<const Expression*> parts_of(const Expression& e, std::string_view word) {
  if (e.node != Node::logic || e.text != word) return {&e};
  std::vector<const Expression*> all;
  for (const Expression& each : e.args) {
    const auto parts = parts_of(each, word);
    all.insert(all.end(), parts.begin(), parts.end());
  }
  return all;
}

enum class KeyTest : std::uint8_t { none, looks_up, range, other };

// What a part of the condition does with the key column.
KeyTest test_of(const Expression& e, const Column& key) {
  if (e.node == Node::in && is_name(e.args[0], key.name)) {
    const bool known = !e.negated && std::none_of(e.args.begin() + 1, e.args.end(), names_a_column);
    return known ? KeyTest::looks_up : KeyTest::other;
  }
  if (e.node != Node::compare) return names_a_column(e) && contains_name(e, key.name) ? KeyTest::other : KeyTest::none;
  const bool left = is_name(e.args[0], key.name), right = is_name(e.args[1], key.name);
  if (!left && !right) return contains_name(e, key.name) ? KeyTest::other : KeyTest::none;
  if (names_a_column(e.args[left ? 1 : 0])) return KeyTest::other;
  return e.text == "=" ? KeyTest::looks_up : e.text == "<>" ? KeyTest::other : KeyTest::range;
}

// Without scans of the whole table (ksql.query.pull.table.scan.enabled=false) each alternative gives every key column once.
bool needs_no_scan(const Select& select, const Source& source, const Catalog& catalog) {
  if (!select.where) return false;
  const std::size_t keys = key_count(source.columns);
  const bool ranges = keys == 1 && source.columns[0].type.base == Base::text && source.window == WindowKind::none &&
                      is_set(catalog, "ksql.query.pull.range.scan.enabled", true);
  const std::vector<const Expression*> alternatives = parts_of(*select.where, "OR");
  for (const Expression* each : alternatives) {
    for (std::size_t k = 0; k < keys; ++k) {
      int looks_up = 0, range = 0, other = 0;
      for (const Expression* part : parts_of(*each, "AND")) {
        const KeyTest test = test_of(*part, source.columns[k]);
        looks_up += test == KeyTest::looks_up;
        range += test == KeyTest::range;
        other += test == KeyTest::other;
      }
      const bool by_range = ranges && looks_up == 0 && range == 1 && alternatives.size() == 1;
      if (other > 0 || (looks_up != 1 && !by_range) || (looks_up == 1 && range > 0)) return false;
    }
  }
  return true;
}

// What is looked for among keys is a key: no NULL, and no text for a number (E19, E20).
void check_key_lists(const Expression& e, const Source& source, Complaint& complaint) {
  for (const Expression& each : e.args) check_key_lists(each, source, complaint);
  if (e.node != Node::in || e.args[0].node != Node::name) return;
  for (std::size_t k = 0; k < key_count(source.columns); ++k) {
    const Column& key = source.columns[k];
    if (e.args[0].text != key.name) continue;
    for (std::size_t i = 1; i < e.args.size(); ++i) {
      const Expression& each = e.args[i];
      if (each.node == Node::null_literal)
        complaint.say("E20", each.at, "No row has the key NULL; leave it out of IN.");
      if (each.node == Node::text_literal && is_number(key.type))
        complaint.say("E19", each.at,
                      "The key " + key.name + " is " + type_text(key.type) + ", and '" + each.text.substr(0, 60) +
                          "' is text; write the number without quotes.");
    }
  }
}

}  // namespace

bool refuses_pull(const Select& select, const Source& source, const Catalog& catalog, Complaint& complaint) {
  const bool clauses = !select.joins.empty() || select.group || select.window || select.partition || select.having;
  if (clauses)
    complaint.say("E20", select.at,
                  "Without EMIT this looks up what a table holds now, and takes no JOIN, GROUP BY, WINDOW, PARTITION BY or "
                  "HAVING; add EMIT CHANGES to follow it as it changes.");
  const auto position = [](const Expression& e) { return contains_name(e, "ROWPARTITION") || contains_name(e, "ROWOFFSET"); };
  bool asks_position = select.where && position(*select.where);
  for (const Item& item : select.items) asks_position = asks_position || position(item.expression);
  if (asks_position)
    complaint.say("E20", select.at,
                  "ROWPARTITION and ROWOFFSET say where a row came from, which a look-up does not know; add EMIT CHANGES.");
  if (source.table && source.query.empty() && !source.source_only)
    complaint.say("E20", select.from.at,
                  source.name + " is not materialized: no query keeps its rows to be looked up. CREATE TABLE ... AS SELECT * FROM " +
                      source.name + "; and look that up, or add EMIT CHANGES.");
  if (select.limit && !is_set(catalog, "ksql.query.pull.limit.clause.enabled", true))
    complaint.say("E20", select.at, "LIMIT is switched off for look-ups (ksql.query.pull.limit.clause.enabled); leave it out.");
  if (select.where && source.table) check_key_lists(*select.where, source, complaint);
  if (source.table && !complaint.any() && !is_set(catalog, "ksql.query.pull.table.scan.enabled", true) &&
      !needs_no_scan(select, source, catalog)) {
    std::vector<std::string> keys;
    for (std::size_t k = 0; k < key_count(source.columns); ++k) keys.push_back(quoted_name(source.columns[k].name) + " = ...");
    complaint.say("E20", select.at,
                  "This looks through the whole table, which ksql.query.pull.table.scan.enabled=false forbids; WHERE has to say " +
                      joined(keys, " AND ") + ".");
  }
  return complaint.any();
}

}  // namespace nutshell::streams

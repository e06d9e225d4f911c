#include "sim/streams/parser_internal.h"

namespace nutshell::streams {

Select Parser::select() {
  Select s;
  s.at = token().at;
  expect("SELECT", "to begin a query");
  if (is("DISTINCT")) {
    complaint_.say("E1", token().at, "There is no SELECT DISTINCT; GROUP BY makes rows unique.");
  }
  do s.items.push_back(item());
  while (take(","));
  expect("FROM", "after what is selected");
  s.from = source_ref();
  while (join(s)) {
  }
  if (is(",")) complaint_.say("E1", token().at, "Two sources are joined with JOIN ... ON ..., not with a comma.");
  clauses(s);
  return s;
}

void Parser::clauses(Select& s) {
  if (is("WINDOW")) s.window = window();
  if (take("WHERE")) s.where = expression();
  if (is("GROUP")) {
    s.group_at = token().at;
    advance();
    expect("BY", "after GROUP");
    s.group = keys();
  }
  if (is("PARTITION")) {
    s.partition_at = token().at;
    advance();
    expect("BY", "after PARTITION");
    s.partition = keys();
  }
  if (take("HAVING")) s.having = expression();
  if (is("EMIT")) {
    s.emit_at = token().at;
    advance();
    s.emit = is("FINAL") ? Emit::final : Emit::changes;
    if (!take("FINAL") && !take("CHANGES")) unexpected("CHANGES or FINAL after EMIT");
  }
  if (take("LIMIT")) s.limit = count("a number of rows after LIMIT");
}

// Why a clause that stands where none may stand is wrong (S6).
void Parser::misplaced() {
  for (std::string_view word : {"WINDOW", "WHERE", "GROUP", "PARTITION", "HAVING", "EMIT", "LIMIT"}) {
    if (!is(word)) continue;
    complaint_.say("E1", token().at,
                   std::string(word) +
                       " stands too late. The order of clauses is SELECT, FROM, WINDOW, WHERE, GROUP BY, PARTITION BY, HAVING, "
                       "EMIT, LIMIT.");
    return;
  }
  for (std::string_view word : {"ORDER", "UNION", "OFFSET"}) {
    if (is(word))
      complaint_.say("E1", token().at, "There is no " + std::string(word) + ": a stream has no end after which to do it.");
  }
}

Item Parser::item() {
  Item it;
  it.at = token().at;
  if (take("*")) {
    it.star = true;
    return it;
  }
  if (is_name() && is(".", 1) && is("*", 2)) {
    it.qualifier = name("a source");
    advance();
    advance();
    it.star = true;
    return it;
  }
  if (is("FROM")) {
    unexpected("a column, an expression or *");
    return it;
  }
  it.expression = expression();
  if (take("AS")) {
    it.alias = name("a name after AS");
  } else if (is_name() && !is("EMIT")) {
    it.alias = name("a name");
  }
  return it;
}

SourceRef Parser::source_ref() {
  SourceRef ref;
  ref.at = token().at;
  if (is("("))
    complaint_.say("E1", token().at, "A query in FROM is not possible; CREATE STREAM ... AS SELECT it first and read that.");
  ref.name = name("a stream or table");
  ref.alias = ref.name;
  if (take("AS")) {
    ref.alias = name("a name after AS");
  } else if (is_name() && !is("EMIT") && !(is("PARTITION") && is("BY", 1))) {
    ref.alias = name("a name");
  }
  return ref;
}

bool Parser::join(Select& s) {
  JoinClause j;
  j.at = token().at;
  if (take("LEFT")) {
    j.side = JoinSide::left;
  } else if (take("RIGHT")) {
    j.side = JoinSide::right;
  } else if (take("FULL")) {
    j.side = JoinSide::full;
  } else if (take("INNER")) {
    j.side = JoinSide::inner;
  } else if (!is("JOIN")) {
    return false;
  }
  if (j.side != JoinSide::inner) take("OUTER");
  expect("JOIN", "between two sources");
  j.source = source_ref();
  within(j);
  if (!is("ON")) unexpected("ON and a condition, left key = right key,");
  take("ON");
  j.on = expression();
  s.joins.push_back(std::move(j));
  return !complaint_.any();
}

void Parser::within(JoinClause& j) {
  j.within_at = token().at;
  if (!take("WITHIN")) return;
  j.within = true;
  if (take("(")) {
    j.before = span().ms;
    expect(",", "between the time before and the time after");
    j.after = span().ms;
    expect(")", "after the two times");
  } else {
    j.before = j.after = span().ms;
  }
  j.grace = grace();
}

std::optional<std::int64_t> Parser::grace() {
  if (!take("GRACE")) return std::nullopt;
  expect("PERIOD", "after GRACE");
  return span().ms;
}

Span Parser::span() {
  Span s;
  s.at = token().at;
  s.ms = count("a number of units of time");
  struct Unit {
    std::string_view word;
    std::int64_t ms;
  };
  static constexpr Unit kUnits[] = {
      {"MILLISECOND", 1}, {"SECOND", 1000}, {"MINUTE", 60'000}, {"HOUR", 3'600'000}, {"DAY", 86'400'000}};
  for (const Unit& unit : kUnits) {
    if (!take(unit.word) && !take(std::string(unit.word) + "S")) continue;
    s.text = std::to_string(s.ms) + " " + std::string(unit.word) + "S";
    if (s.ms > 4'000'000'000'000'000 / unit.ms) complaint_.say("E1", s.at, "This span of time is longer than 100,000 years.");
    else s.ms *= unit.ms;
    return s;
  }
  unexpected("a unit of time (MILLISECONDS, SECONDS, MINUTES, HOURS or DAYS)");
  return s;
}

WindowClause Parser::window() {
  WindowClause w;
  w.at = token().at;
  advance();
  if (is_name() && !is("(", 1)) name("a name of the window");
  if (take("TUMBLING")) {
    w.kind = WindowKind::tumbling;
    expect("(", "after TUMBLING");
    expect("SIZE", "in TUMBLING (SIZE 1 MINUTE)");
    w.size = w.advance = span().ms;
  } else if (take("HOPPING")) {
    w.kind = WindowKind::hopping;
    expect("(", "after HOPPING");
    expect("SIZE", "in HOPPING (SIZE 1 MINUTE, ADVANCE BY 10 SECONDS)");
    w.size = span().ms;
    expect(",", "between SIZE and ADVANCE BY");
    expect("ADVANCE", "in HOPPING (SIZE 1 MINUTE, ADVANCE BY 10 SECONDS)");
    expect("BY", "after ADVANCE");
    w.advance = span().ms;
  } else if (take("SESSION")) {
    w.kind = WindowKind::session;
    expect("(", "after SESSION");
    w.size = span().ms;
  } else {
    unexpected("TUMBLING, HOPPING or SESSION after WINDOW");
  }
  window_options(w);
  expect(")", "to close the window");
  return w;
}

void Parser::window_options(WindowClause& w) {
  if (is(",") && is("RETENTION", 1)) {
    advance();
    advance();
    w.retention = span().ms;
  }
  if (is(",") && is("GRACE", 1)) {
    advance();
    w.grace = grace();
  }
}

std::vector<Expression> Parser::keys() {
  std::vector<Expression> all;
  // "(a, b)" or "()" as a whole, but not "(a + b) * 2".
  if (is("(")) {
    int depth = 0;
    std::size_t i = 0;
    for (; token(i).kind != TokenKind::end; ++i) {
      if (is("(", i)) ++depth;
      if (is(")", i) && --depth == 0) break;
    }
    const Token& after = token(i + 1);
    bool whole = after.kind == TokenKind::end || is(";", i + 1) || is(")", i + 1);
    for (std::string_view word : {"PARTITION", "HAVING", "EMIT", "LIMIT", "WHERE", "GROUP", "WINDOW"})
      whole = whole || is(word, i + 1);
    if (whole) {
      advance();
      if (take(")")) return all;
      do all.push_back(expression());
      while (take(","));
      expect(")", "after the keys");
      return all;
    }
  }
  do all.push_back(expression());
  while (take(","));
  return all;
}

}  // namespace nutshell::streams

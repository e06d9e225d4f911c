#include "sim/workers/sql.h"

#include <optional>
#include <vector>

#include "sim/core/text.h"
#include "sim/streams/real.h"

namespace nutshell {

namespace {

using connect::Value;

struct SqlToken {
  enum class Kind : std::uint8_t { word, name, text, blob, number, mark, end } kind = Kind::end;
  std::string text;  // of a word as written, of a blob its bytes
};

bool is_sql_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string in_capitals(std::string_view text) {
  std::string all;
  for (const char c : text) all += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return all;
}

class SqlReader {
 public:
  explicit SqlReader(std::string_view text) : text_(text) { next(); }

  bool all(connect::Database* database) {
    while (fine() && !at_end()) {
      if (is_mark(";")) next();
      else statement(database);
    }
    return fine();
  }
  const std::string& problem() const { return problem_; }

 private:
  bool fine() const { return problem_.empty(); }
  bool at_end() const { return token_.kind == SqlToken::Kind::end; }
  bool is_mark(std::string_view mark) const { return token_.kind == SqlToken::Kind::mark && token_.text == mark; }
  bool is_word(std::string_view word) const { return token_.kind == SqlToken::Kind::word && in_capitals(token_.text) == word; }
  void wrong(std::string sentence) {
    if (fine()) problem_ = std::move(sentence);
  }
  void wanted(const std::string& what) {
    wrong("SQL: " + (at_end() ? "the statement ends" : "there is " + token_.text) + "; write " + what);
  }

  void next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    token_ = {};
    if (at_ == text_.size()) return;
    const char c = text_[at_];
    if (c == '\'' || c == '"') return quoted(c == '"' ? SqlToken::Kind::name : SqlToken::Kind::text);
    if ((c == 'x' || c == 'X') && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') return blob();
    const bool sign = c == '-' && at_ + 1 < text_.size() && text_[at_ + 1] >= '0' && text_[at_ + 1] <= '9';
    if (is_sql_word(c) || sign) {
      token_.kind = (c >= '0' && c <= '9') || sign ? SqlToken::Kind::number : SqlToken::Kind::word;
      token_.text += text_[at_++];
      const bool number = token_.kind == SqlToken::Kind::number;
      while (at_ < text_.size() && (is_sql_word(text_[at_]) || (number && in_number(text_[at_])))) token_.text += text_[at_++];
      return;
    }
    token_ = {SqlToken::Kind::mark, std::string(1, text_[at_++])};
  }
  // "1.5", "1.0E-7".
  bool in_number(char c) const {
    const char before = token_.text.back();
    return c == '.' || ((c == '-' || c == '+') && (before == 'e' || before == 'E'));
  }
  // A mark that is part of the text stands twice.
  void quoted(SqlToken::Kind kind) {
    const char mark = text_[at_];
    token_.kind = kind;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != mark) token_.text += text_[at_];
      else if (at_ + 1 < text_.size() && text_[at_ + 1] == mark) token_.text += text_[at_++];
      else return void(++at_);
    }
    wrong(std::string("SQL: a text in quotes does not end; write ") + mark + " behind it");
  }
  void blob() {
    ++at_;
    quoted(SqlToken::Kind::blob);
    const auto bytes = bytes_of_hex(token_.text);
    if (!bytes) wrong("SQL: X'" + token_.text + "' is no blob; write two digits of 0-9 and a-f for each byte");
    token_.text = bytes.value_or("");
  }
  std::string name(const std::string& what) {
    std::string given;
    if (token_.kind == SqlToken::Kind::word || token_.kind == SqlToken::Kind::name) given = token_.text;
    else wanted(what);
    next();
    return given;
  }
  void expect_mark(const std::string& mark) {
    if (!is_mark(mark)) return wanted(mark);
    next();
  }
  void expect_word(const std::string& word) {
    if (!is_word(word)) return wanted(word);
    next();
  }
  Value value() {
    Value read;
    const bool number = token_.kind == SqlToken::Kind::number;
    const auto whole = number ? parse_integer(token_.text) : std::nullopt;
    const auto real = number && !whole ? streams::parse_real(token_.text) : std::nullopt;
    if (token_.kind == SqlToken::Kind::text) read = Value(token_.text);
    else if (token_.kind == SqlToken::Kind::blob) read = Value(connect::Bytes{token_.text});
    else if (whole) read = Value(*whole);
    else if (real) read = Value(*real);
    else if (is_word("TRUE") || is_word("FALSE")) read = Value(is_word("TRUE"));
    else if (!is_word("NULL")) wanted("a number, a text in quotes, X'00ff', TRUE, FALSE or NULL");
    next();
    return read;
  }

  connect::Table* table(connect::Database* database, const std::string& called) {
    if (!database || !fine()) return nullptr;
    const auto found = database->tables.find(called);
    if (found == database->tables.end()) wrong("SQL: there is no table " + called + "; CREATE TABLE makes one");
    return found == database->tables.end() ? nullptr : &found->second;
  }

  void statement(connect::Database* database) {
    if (is_word("CREATE")) return create(database);
    if (is_word("INSERT")) return insert(database);
    if (is_word("UPDATE")) return update(database);
    if (is_word("DELETE")) return erase(database);
    wanted("CREATE TABLE, INSERT INTO, UPDATE or DELETE FROM");
  }
  void create(connect::Database* database) {
    next();
    expect_word("TABLE");
    connect::Table made;
    made.name = name("the table's name");
    expect_mark("(");
    while (fine()) {
      if (is_word("PRIMARY")) primary_key(made);
      else column(made);
      if (!is_mark(",")) break;
      next();
    }
    expect_mark(")");
    if (!fine() || !database) return;
    if (database->tables.count(made.name)) return wrong("SQL: there is a table " + made.name + " already");
    database->tables[made.name] = std::move(made);
  }
  void primary_key(connect::Table& made) {
    next();
    expect_word("KEY");
    expect_mark("(");
    while (fine()) {
      made.primary_key.push_back(name("a column"));
      if (!is_mark(",")) break;
      next();
    }
    expect_mark(")");
    for (const std::string& each : made.primary_key)
      if (fine() && !made.column(each)) wrong("SQL: the primary key names " + each + ", which is no column before it");
  }
  void column(connect::Table& made) {
    const std::string called = name("a column's name");
    std::string type;
    while (fine() && (token_.kind == SqlToken::Kind::word || is_mark("("))) {
      if (is_mark("(")) length();  // VARCHAR(20): every text fits, whatever is said
      else type += (type.empty() ? "" : " ") + token_.text;
      next();
    }
    if (in_capitals(type).find("PRIMARY KEY") != std::string::npos) made.primary_key.push_back(called);
    made.columns.push_back(connect::column_from_sql(called, type));
  }
  void length() {
    while (fine() && !is_mark(")")) {
      if (at_end()) wanted(")");
      next();
    }
  }
  void insert(connect::Database* database) {
    next();
    const bool replaces = is_word("OR");
    if (replaces) {
      next();
      expect_word("REPLACE");
    }
    expect_word("INTO");
    const std::string called = name("a table");
    expect_word("VALUES");
    connect::Table* into = table(database, called);
    while (fine()) {
      expect_mark("(");
      connect::Row row;
      while (fine()) {
        row.push_back(value());
        if (!is_mark(",")) break;
        next();
      }
      expect_mark(")");
      if (fine() && into) insert_row(*into, std::move(row), replaces);
      if (!is_mark(",")) return;
      next();
    }
  }
  void insert_row(connect::Table& into, connect::Row row, bool replaces) {
    std::string why;
    if (row.size() != into.columns.size())
      return wrong("SQL: a row has " + std::to_string(row.size()) + " values, and " + into.name + " has " +
                   std::to_string(into.columns.size()) + " columns");
    for (std::size_t i = 0; i < row.size(); ++i) connect::fit(into.columns[i], row[i]);
    if (!(replaces ? into.upsert(std::move(row), why) : into.insert(std::move(row), why))) wrong("SQL: " + why);
  }
  // WHERE column = value, or several with AND. The rows, as they are now.
  std::vector<connect::Row> where(connect::Table* of) {
    std::vector<connect::Row> found = of && fine() ? of->rows() : std::vector<connect::Row>();
    expect_word("WHERE");
    for (bool more = true; fine() && more;) {
      const std::string called = name("a column");
      expect_mark("=");
      Value sought = value();
      more = is_word("AND");
      if (more) next();
      if (!fine() || !of) continue;
      const auto place = of->column(called);
      if (!place) {
        wrong("SQL: " + of->name + " has no column " + called);
        break;
      }
      connect::fit(of->columns[*place], sought);
      std::erase_if(found, [&](const connect::Row& row) { return !(row[*place] == sought); });
    }
    if (fine() && of && of->primary_key.empty()) wrong("SQL: " + of->name + " has no primary key; its rows cannot be changed");
    return found;
  }
  void update(connect::Database* database) {
    next();
    const std::string called = name("a table");
    expect_word("SET");
    std::vector<std::pair<std::string, Value>> changes;
    while (fine()) {
      const std::string column_name = name("a column");
      expect_mark("=");
      changes.emplace_back(column_name, value());
      if (!is_mark(",")) break;
      next();
    }
    connect::Table* of = table(database, called);
    for (connect::Row row : where(of)) {
      std::string why;
      for (const auto& [column_name, changed] : changes) {
        const auto place = of->column(column_name);
        if (!place) return wrong("SQL: " + called + " has no column " + column_name);
        row[*place] = changed;
        connect::fit(of->columns[*place], row[*place]);
      }
      if (!of->update(row, why)) wrong("SQL: " + why);
    }
  }
  void erase(connect::Database* database) {
    next();
    expect_word("FROM");
    const std::string called = name("a table");
    connect::Table* of = table(database, called);
    for (const connect::Row& row : where(of)) of->erase(row);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  SqlToken token_;
  std::string problem_;
};

}  // namespace

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string sql_value(const connect::Value& value) {
  if (value.null()) return "NULL";
  if (value.truth()) return *value.truth() ? "TRUE" : "FALSE";
  if (value.whole()) return std::to_string(*value.whole());
  if (value.real()) return streams::real_text(*value.real());
  if (value.bytes()) return "X'" + hex_text(value.bytes()->bytes) + "'";
  std::string out = "'";
  for (const char c : *value.text()) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string sql_row(const connect::Row& row) {
  std::string out;
  for (const Value& each : row) out += (out.empty() ? "(" : ", ") + sql_value(each);
  return out + ")";
}

std::string sql_of(const connect::Table& table) {
  std::string out, keys, rows;
  for (const connect::Column& each : table.columns)
    out += (out.empty() ? "" : ", ") + sql_name(each.name) + " " + connect::column_sql(each);
  for (const std::string& each : table.primary_key) keys += (keys.empty() ? "" : ", ") + sql_name(each);
  if (!keys.empty()) out += ", PRIMARY KEY (" + keys + ")";
  for (const auto& [number, row] : table.stored()) rows += (rows.empty() ? "" : ", ") + sql_row(row);
  out = "CREATE TABLE " + sql_name(table.name) + " (" + out + ")";
  return rows.empty() ? out : out + "; INSERT INTO " + sql_name(table.name) + " VALUES " + rows;
}

bool run_sql(std::string_view text, connect::Database* database, std::string& problem) {
  std::optional<connect::Database> copy;
  if (database) copy = *database;
  SqlReader reader(text);
  if (!reader.all(copy ? &*copy : nullptr)) {
    problem = reader.problem();
    return false;
  }
  if (database) *database = std::move(*copy);
  return true;
}

}  // namespace nutshell

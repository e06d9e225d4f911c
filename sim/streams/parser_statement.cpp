#include "sim/streams/parser_internal.h"

namespace nutshell::streams {
namespace {

const std::vector<std::string>& first_words() {
  static const std::vector<std::string> kWords = {"CREATE",   "SELECT",  "INSERT", "DROP",      "SHOW",  "LIST",
                                                  "DESCRIBE", "EXPLAIN", "PRINT",  "TERMINATE", "PAUSE", "RESUME",
                                                  "SET",      "UNSET",   "DEFINE", "UNDEFINE",  "ALTER", "ASSERT"};
  return kWords;
}

}  // namespace

Statement Parser::statement() {
  Statement s;
  s.at = token().at;
  if (is("SELECT")) {
    s.select = select();
  } else if (take("CREATE")) {
    create(s);
  } else if (take("INSERT")) {
    insert(s);
  } else if (take("DROP")) {
    drop(s);
  } else if (take("SHOW") || take("LIST")) {
    show(s);
  } else if (take("DESCRIBE")) {
    describe(s);
  } else if (take("EXPLAIN")) {
    s.verb = Verb::explain;
    if (is("SELECT")) {
      s.select = select();
    } else if (take("CREATE")) {
      create(s);
      s.word = s.verb == Verb::create_as ? "AS" : "";
      s.verb = Verb::explain;
    } else {
      source_name(s);
    }
  } else if (take("PRINT")) {
    print(s);
  } else if (!one_word(s)) {
    const Token& t = token();
    const std::string hint = t.kind == TokenKind::word ? did_you_mean(t.text, first_words()) : "";
    complaint_.say(
        "E1", t.at,
        "A statement cannot begin so: " + found() + "." + hint + " It begins with one of " + joined(first_words()) + ".");
  }
  return s;
}

bool Parser::one_word(Statement& s) {
  struct Word {
    std::string_view word;
    Verb verb;
  };
  for (const Word& each : {Word{"TERMINATE", Verb::terminate}, Word{"PAUSE", Verb::pause}, Word{"RESUME", Verb::resume}}) {
    if (!take(each.word)) continue;
    s.verb = each.verb;
    s.name_at = token().at;
    if (take("ALL")) {
      s.word = "ALL";
    } else {
      source_name(s);
    }
    return true;
  }
  if (is("SET") || is("UNSET") || is("DEFINE") || is("UNDEFINE")) {
    setting(s);
    return true;
  }
  if (take("ALTER")) {
    alter(s);
    return true;
  }
  if (take("ASSERT")) {
    s.verb = Verb::assert_something;
    if (!is("TOPIC") && !is("SCHEMA") && !is("NOT")) unexpected("TOPIC, SCHEMA or NOT EXISTS after ASSERT");
    while (!at_end() && !is(";")) advance();
    return true;
  }
  return false;
}

void Parser::source_name(Statement& s) {
  s.name_at = token().at;
  s.name = name("a name");
}

void Parser::create(Statement& s) {
  if (take("OR")) {
    expect("REPLACE", "after OR");
    s.replace = true;
  }
  if ((is("SOURCE") || is("SINK")) && is("CONNECTOR", 1)) return connector(s);
  s.source_only = take("SOURCE");
  if (take("TYPE")) {
    s.verb = Verb::create_type;
    if (take("IF")) {
      expect("NOT", "after IF");
      expect("EXISTS", "after IF NOT");
      s.lenient = true;
    }
    source_name(s);
    expect("AS", "between the name and the type");
    s.type = type();
    return;
  }
  s.table = is("TABLE");
  if (!take("TABLE") && !take("STREAM")) {
    unexpected("STREAM, TABLE, TYPE or SOURCE/SINK CONNECTOR after CREATE");
    return;
  }
  create_source(s);
}

void Parser::create_source(Statement& s) {
  s.verb = Verb::create_source;
  if (take("IF")) {
    expect("NOT", "after IF");
    expect("EXISTS", "after IF NOT");
    s.lenient = true;
  }
  source_name(s);
  if (is("(")) columns(s);
  if (take("WITH")) properties(s.properties);
  if (take("AS")) {
    if (s.has_columns)
      complaint_.say("E1", s.name_at, "CREATE ... AS takes its columns from the query; leave out the list of columns.");
    if (s.source_only) complaint_.say("E1", s.at, "CREATE SOURCE only declares what exists; without AS, or without SOURCE.");
    s.verb = Verb::create_as;
    s.select = select();
  }
}

void Parser::columns(Statement& s) {
  s.has_columns = true;
  expect("(", "before the columns");
  if (take(")")) return;
  do {
    ColumnClause c;
    c.at = token().at;
    c.name = name("the name of a column");
    c.type = type();
    if (take("PRIMARY")) {
      expect("KEY", "after PRIMARY");
      c.mark = KeyMark::primary_key;
    } else if (take("KEY")) {
      c.mark = KeyMark::key;
    } else if (take("HEADERS")) {
      c.mark = KeyMark::headers;
    } else if (take("HEADER")) {
      c.mark = KeyMark::header;
      expect("(", "after HEADER");
      c.header = string("the name of a header");
      expect(")", "after the name of the header");
    }
    s.columns.push_back(std::move(c));
  } while (take(","));
  expect(")", "or a comma after a column");
}

void Parser::properties(std::vector<Property>& into) {
  expect("(", "after WITH");
  do {
    Property p;
    p.at = token().at;
    p.name = token().kind == TokenKind::string ? upper(string("a property")) : upper(name("the name of a property"));
    expect("=", "between a property and its value");
    if (token().kind == TokenKind::quoted) string("a value");
    p.value = unary();
    into.push_back(std::move(p));
  } while (take(","));
  expect(")", "or a comma after a property");
}

void Parser::connector(Statement& s) {
  s.verb = Verb::connector;
  s.word = upper(token().text);
  advance();
  advance();
  if (take("IF")) {
    expect("NOT", "after IF");
    expect("EXISTS", "after IF NOT");
    s.lenient = true;
  }
  source_name(s);
  expect("WITH", "after the name of the connector");
  properties(s.properties);
}

void Parser::insert(Statement& s) {
  expect("INTO", "after INSERT");
  source_name(s);
  if (take("WITH")) properties(s.properties);
  if (is("SELECT")) {
    s.verb = Verb::insert_select;
    s.select = select();
    return;
  }
  s.verb = Verb::insert_values;
  if (take("(")) {
    do s.names.push_back(name("the name of a column"));
    while (take(","));
    expect(")", "or a comma after the name of a column");
  }
  expect("VALUES", "or SELECT after INSERT INTO a stream");
  expect("(", "after VALUES");
  if (take(")")) return;
  do s.values.push_back(expression());
  while (take(","));
  expect(")", "or a comma after a value");
}

void Parser::drop(Statement& s) {
  s.verb = Verb::drop;
  s.table = is("TABLE");
  if (take("TYPE")) {
    s.verb = Verb::drop_type;
  } else if (take("CONNECTOR")) {
    s.verb = Verb::connector;
    s.word = "DROP";
  } else if (!take("TABLE") && !take("STREAM")) {
    unexpected("STREAM, TABLE, TYPE or CONNECTOR after DROP");
  }
  if (take("IF")) {
    expect("EXISTS", "after IF");
    s.lenient = true;
  }
  source_name(s);
  if (take("DELETE")) {
    expect("TOPIC", "after DELETE");
    s.delete_topic = true;
  }
}

void Parser::show(Statement& s) {
  s.verb = Verb::show;
  take("ALL");
  if (is("SOURCE") || is("SINK")) advance();
  for (std::string_view word :
       {"STREAMS", "TABLES", "TOPICS", "QUERIES", "FUNCTIONS", "PROPERTIES", "TYPES", "VARIABLES", "CONNECTORS", "CONNECTOR"}) {
    if (!take(word)) continue;
    s.word = word;
    if (word == "CONNECTOR") expect("PLUGINS", "after CONNECTOR");
    s.extended = take("EXTENDED");
    return;
  }
  unexpected("STREAMS, TABLES, TOPICS, QUERIES, FUNCTIONS, PROPERTIES, TYPES, VARIABLES or CONNECTORS after SHOW");
}

void Parser::describe(Statement& s) {
  s.verb = Verb::describe;
  if (take("STREAMS") || take("TABLES")) {
    s.verb = Verb::show;
    s.word = "STREAMS";
    s.extended = true;
    take("EXTENDED");
    return;
  }
  const bool special = (is("FUNCTION") || is("CONNECTOR")) && !is(";", 1) && !is("EXTENDED", 1);
  if (special) {
    s.word = upper(token().text);
    advance();
  }
  source_name(s);
  s.extended = take("EXTENDED");
}

void Parser::print(Statement& s) {
  s.verb = Verb::print;
  s.name_at = token().at;
  if (token().kind == TokenKind::string) {
    s.name = string("a topic");
  } else {
    // Topics know no folding: a name is taken as it is written.
    s.name = token().text;
    if (token().kind != TokenKind::word && token().kind != TokenKind::quoted) unexpected("a topic");
    advance();
  }
  if (take("FROM")) {
    expect("BEGINNING", "after FROM");
    s.from_beginning = true;
  }
  if (take("INTERVAL") || take("SAMPLE")) count("a number of rows");
  if (take("LIMIT")) s.limit = count("a number of rows");
}

void Parser::setting(Statement& s) {
  const bool set = is("SET");
  const bool unset = is("UNSET");
  const bool define = is("DEFINE");
  s.verb = set ? Verb::set : unset ? Verb::unset : define ? Verb::define : Verb::undefine;
  advance();
  s.name_at = token().at;
  s.name = set || unset ? string("a property") : name("a variable");
  if (set || define) {
    expect("=", "between name and value");
    s.word = string("a value");
  }
}

void Parser::alter(Statement& s) {
  s.verb = Verb::alter;
  s.table = is("TABLE");
  if (!take("TABLE") && !take("STREAM")) unexpected("STREAM or TABLE after ALTER");
  source_name(s);
  do {
    expect("ADD", "after the name");
    take("COLUMN");
    ColumnClause c;
    c.at = token().at;
    c.name = name("the name of a column");
    c.type = type();
    s.columns.push_back(std::move(c));
  } while (take(","));
}

}  // namespace nutshell::streams

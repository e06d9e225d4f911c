// What is asked without anything being changed: push queries are queries of their own that print what comes out, PRINT shows a topic
// (S30); pull queries are in pulls.cpp.
#include <algorithm>

#include "sim/ksql/bytes.h"
#include "sim/ksql/schemas.h"
#include "sim/ksql/server_steps.h"

namespace nutshell {

namespace {

using streams::Statement;
using streams::Verb;

// As ksqlDB's CLI lays a table out: 80 characters wide, columns of one width; what is wider is not cut.
std::size_t cell_width(std::size_t columns) { return std::max<std::size_t>(columns == 0 ? 0 : 79 / columns - 1, 5); }

std::string ruled(std::size_t columns) {
  std::string line = "+";
  for (std::size_t i = 0; i < columns; ++i) line += std::string(cell_width(columns), '-') + "+";
  return line + "\n";
}

std::vector<std::string> names_of(const streams::Columns& columns) {
  std::vector<std::string> names;
  for (const streams::Column& each : columns) names.push_back(each.name);
  return names;
}

void push(Env& env, KsqlServer& server, KsqlStatement& typed, const Statement& s, streams::Complaint& complaint) {
  const auto number = static_cast<std::int32_t>(&typed - server.statements.data());
  streams::Target target;
  target.query_id = "transient_" + s.select->from.name + "_" + std::to_string(number + 1);
  streams::Select select = *s.select;
  const bool asks = select.emit == streams::Emit::none;
  select.emit = asks ? streams::Emit::changes : select.emit;
  streams::Plan plan = streams::plan_query(select, server.engine.catalog, target, complaint);
  if (complaint.any()) return;
  KsqlQuery query;
  query.id = target.query_id;
  query.text = s.text;
  query.statement = number;
  query.left = plan.limit;
  query.to_the_ends = asks;
  query.plan = std::make_shared<const streams::Plan>(std::move(plan));
  const auto set = server.engine.catalog.settings.find("auto.offset.reset");
  query.from_earliest = asks || (set == server.engine.catalog.settings.end() ? server.config.reset.to == OffsetReset::earliest
                                                                             : set->second == "earliest");
  typed.state = KsqlStatement::State::runs;
  typed.query = query.id;
  typed.printed += table_head(names_of(query.plan->output));
  create_topics(env, server, *query.plan);
  server.queries.push_back(std::move(query));
}

void print(Env& env, KsqlServer& server, KsqlStatement& typed, const Statement& s, streams::Complaint& complaint) {
  const TopicId topic = env.fabric.names.intern(s.name);
  const std::int32_t partitions = server.admin.partitions_of(topic);
  if (partitions <= 0) {
    std::vector<std::string> names;
    for (const auto& each : server.engine.catalog.topics) names.push_back(each.first);
    const std::string near = streams::did_you_mean(s.name, names);
    return complaint.say("E4", s.name_at, "There is no topic '" + s.name + "'." + near + " SHOW TOPICS lists those of the statements.");
  }
  KsqlPrint printing;
  printing.statement = static_cast<std::int32_t>(&typed - server.statements.data());
  printing.topic = topic;
  printing.number = free_client(server);
  printing.left = s.limit.value_or(-1);
  if (printing.number == 0) return complaint.say("", s.at, "The server has as many clients as it can have.");
  ConsumerConfig config;
  config.auto_offset_reset = s.from_beginning ? OffsetReset::earliest : OffsetReset::latest;
  printing.reader = hosted_reader(server.node, config, server.bootstrap);
  std::vector<StartingPoint> all;
  for (std::int32_t partition = 0; partition < partitions; ++partition) all.push_back({{topic, partition}, -1});
  typed.state = KsqlStatement::State::runs;
  typed.query = "print_" + s.name + "_" + std::to_string(printing.statement + 1);
  server.prints.push_back(std::move(printing));
  AsClient as(env, server.prints.back().number);
  start(env, server.prints.back().reader);
  assign_partitions(env, server.prints.back().reader, all);
}

const streams::Source* source_of_topic(const KsqlServer& server, const std::string& topic) {
  for (const auto& [name, source] : server.engine.catalog.sources)
    if (source.topic == topic) return &source;
  return nullptr;
}

// What has come since. True if anything has.
bool go_on_printing(Env& env, KsqlServer& server, KsqlPrint& printing) {
  take_news(printing.reader);
  const std::vector<HostedRecord> records = take_records(printing.reader);
  KsqlStatement& typed = server.statements[static_cast<std::size_t>(printing.statement)];
  const std::string topic = env.fabric.names[printing.topic];
  const streams::Source* source = source_of_topic(server, topic);
  for (const HostedRecord& each : records) {
    if (typed.state != KsqlStatement::State::runs || printing.left == 0) break;
    HostedRecord read = each;
    Names& names = env.fabric.names;
    if (source && read.key >= 0)
      read.key = names.intern(readable_name(names, server.schemas, source->key_format.kind, source->window, names[read.key]));
    if (source && read.text >= 0)
      read.text = names.intern(
          readable_name(names, server.schemas, source->value_format.kind, streams::WindowKind::none, names[read.text]));
    const streams::Record record = record_of(env, read, source ? source->window : streams::WindowKind::none);
    typed.printed += to_name(streams::printed_record(record, source, each.tp.partition)) + "\n";
    if (printing.left > 0) printing.left -= 1;
  }
  if (printing.left == 0 && typed.state == KsqlStatement::State::runs) end_statement(env, typed, "Topic printing ceased\n");
  AsClient as(env, printing.number);
  if (typed.state != KsqlStatement::State::runs) close(env, printing.reader);
  else if (!records.empty()) poll_again(env, printing.reader);
  return !records.empty();
}

}  // namespace

std::string table_line(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& each : cells) {
    const std::size_t width = cell_width(cells.size());
    line += each + std::string(width - std::min(width, each.size()), ' ') + "|";
  }
  return line + "\n";
}

std::string table_head(const std::vector<std::string>& names) { return ruled(names.size()) + table_line(names) + ruled(names.size()); }

void end_statement(Env& env, KsqlStatement& typed, std::string_view last) {
  typed.printed += last;
  typed.state = KsqlStatement::State::done;
  typed.done_at = env.now();
}

bool is_asked(const Statement& s) { return s.verb == Verb::select || s.verb == Verb::print; }

void ask(Env& env, KsqlServer& server, KsqlStatement& typed, const Statement& s, streams::Complaint& complaint) {
  if (s.verb == Verb::print) return print(env, server, typed, s, complaint);
  const streams::Source* source = server.engine.catalog.find(s.select->from.name);
  if (s.select->emit == streams::Emit::none && (!source || source->table)) return pull(env, server, typed, s, complaint);
  if (s.select->emit != streams::Emit::none) return push(env, server, typed, s, complaint);
  // A stream from its beginning to its end: what the engine has against that, it says without a row.
  streams::Engine engine = server.engine;
  engine.topics.clear();
  engine.select(*s.select, complaint);
  if (!complaint.any()) push(env, server, typed, s, complaint);
}

void print_row(Env& env, KsqlServer& server, KsqlQuery& query, const streams::Output& output) {
  KsqlStatement& typed = server.statements[static_cast<std::size_t>(query.statement)];
  if (query.left == 0 || typed.state != KsqlStatement::State::runs) return;
  typed.printed += table_line(streams::row_texts(output.row, query.plan->output));
  server.shown.results += 1;
  if (query.left > 0 && --query.left == 0) end_push(env, server, query, "Limit Reached\nQuery terminated\n");
}

void end_push(Env& env, KsqlServer& server, KsqlQuery& query, std::string_view last) {
  KsqlStatement& typed = server.statements[static_cast<std::size_t>(query.statement)];
  if (typed.state == KsqlStatement::State::runs) end_statement(env, typed, last);
  end_query(env, server, query.id);
}

bool end_asked(Env& env, KsqlServer& server, const std::string& name) {
  for (KsqlStatement& each : server.statements) {
    if (each.state != KsqlStatement::State::runs || !streams::same_word(each.query, name)) continue;
    end_statement(env, each, each.query.rfind("print_", 0) == 0 ? "Topic printing ceased\n" : "Query terminated\n");
    end_query(env, server, each.query);
    return true;
  }
  return false;
}

bool go_on_printing(Env& env, KsqlServer& server) {
  bool any = false;
  for (KsqlPrint& each : server.prints)
    if (each.reader.running) any = go_on_printing(env, server, each) || any;
  std::erase_if(server.prints, [](const KsqlPrint& each) { return !each.reader.running; });
  return any;
}

}  // namespace nutshell

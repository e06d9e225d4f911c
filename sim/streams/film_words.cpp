#include "sim/streams/film_words.h"

#include <algorithm>

#include "sim/streams/engine.h"
#include "sim/streams/format.h"

namespace nutshell::streams {

namespace {

// A value whose column nobody knows any more.
std::string plain_text(const Value& value) {
  if (value.is_text()) return value.text();
  if (value.is_decimal()) return decimal_text(value.decimal());
  return value.null() ? "null" : encode(value);
}

std::vector<std::string> plain_texts(const Row& row, std::size_t from) {
  std::vector<std::string> texts;
  for (std::size_t i = from; i < row.size(); ++i) texts.push_back(plain_text(row[i]));
  return texts;
}

// Of internal topics, whose rows are texts of ours.
void say_internal(const std::vector<FilmQuery>& queries, const std::string& topic, const Record& record, FilmEvent& event) {
  const TopicOwner owner = owner_of(queries, topic);
  std::string bytes = record.key.value_or("");
  if (!owner.query) return;
  const Step& step = owner.query->plan->steps[static_cast<std::size_t>(owner.step)];
  if (step.kind == StepKind::aggregate && step.window != WindowKind::none)
    split_window(step.window, step.size, bytes, event.window_start, event.window_end);
  if (step.kind == StepKind::stream_stream_join && bytes.size() >= 16) bytes.resize(bytes.size() - 16);
  std::string why;
  const auto key = read_row(step.key_format, step.key_columns, true, bytes, why);
  for (std::size_t i = 0; key && i < key->size(); ++i)
    event.key += (i > 0 ? "," : "") + value_text((*key)[i], step.key_columns[i].type);
  if (!key) event.key = bytes;
  if (!record.value || step.kind == StepKind::repartition) return;
  event.cells = plain_texts(decode(*record.value).list(), step.kind == StepKind::aggregate ? step.keys : 0);
  // Of a table's row, which begins with its key.
  if (event.cells.size() > 1 && event.cells[0] == event.key) event.cells.erase(event.cells.begin());
}

FilmTopic named_topic(const std::string& name, TopicRole role, int partitions, bool table, const Columns& columns) {
  FilmTopic topic{name, role, partitions, {}, table};
  for (const Column& each : columns) topic.columns.push_back(each.name);
  return topic;
}

}  // namespace

const Source* film_source(const Catalog& catalog, const std::string& topic) {
  const Source* best = nullptr;
  for (const auto& each : catalog.sources) {
    if (each.second.topic == topic && (!best || each.second.query.empty() < best->query.empty())) best = &each.second;
  }
  return best;
}

std::vector<FilmTopic> film_topics(const Catalog& catalog, const std::vector<FilmQuery>& queries) {
  std::vector<FilmTopic> topics;
  const auto add = [&topics](FilmTopic topic) {
    const bool there = std::any_of(topics.begin(), topics.end(), [&](const FilmTopic& each) { return each.name == topic.name; });
    if (!there) topics.push_back(std::move(topic));
  };
  for (const auto& [name, source] : catalog.sources) {
    if (!source.query.empty()) continue;
    add(named_topic(source.topic, TopicRole::source, source.partitions, source.table, columns_of_side(source, false)));
  }
  for (const FilmQuery& query : queries) {
    for (const Step& step : query.plan->steps) {
      if (step.kind == StepKind::repartition) add(named_topic(step.topic, TopicRole::repartition, step.partitions, false, {}));
    }
    for (const Step& step : query.plan->steps) {
      const int tasks = query.plan->parts[static_cast<std::size_t>(step.part)].tasks;
      for (const std::string& store : step.stores) {
        if (!store.empty()) add(named_topic(store_topic(*query.plan, store), TopicRole::changelog, tasks, true, {}));
      }
    }
    for (const auto& [name, source] : catalog.sources) {
      if (source.query == query.id)
        add(named_topic(source.topic, TopicRole::sink, source.partitions, source.table, columns_of_side(source, false)));
    }
  }
  return topics;
}

TopicOwner owner_of(const std::vector<FilmQuery>& queries, const std::string& topic) {
  for (const FilmQuery& query : queries) {
    for (std::size_t i = 0; i < query.plan->steps.size(); ++i) {
      const Step& step = query.plan->steps[i];
      if (step.kind == StepKind::repartition && step.topic == topic) return {&query, static_cast<int>(i), -1};
      for (int store = 0; store < 3; ++store) {
        if (!step.stores[store].empty() && store_topic(*query.plan, step.stores[store]) == topic)
          return {&query, static_cast<int>(i), store};
      }
    }
  }
  return {};
}

void say_record(const Catalog& catalog, const std::vector<FilmQuery>& queries, const std::string& topic, const Record& record,
                FilmEvent& event) {
  const Source* source = film_source(catalog, topic);
  if (!source) return say_internal(queries, topic, record, event);
  std::string why, bytes = record.key.value_or("");
  if (record.key && source->window != WindowKind::none)
    split_window(source->window, source->window_size, bytes, event.window_start, event.window_end);
  for (const bool key : {true, false}) {
    const Columns columns = columns_of_side(*source, key);
    if (key ? !record.key || columns.empty() : !record.value) continue;
    const auto row = read_row(key ? source->key_format : source->value_format, columns, key, key ? bytes : *record.value, why);
    for (std::size_t i = 0; row && i < row->size(); ++i) {
      const std::string text = value_text((*row)[i], columns[i].type);
      if (key)
        event.key += (i > 0 ? "," : "") + text;
      else
        event.cells.push_back(text);
    }
    if (!row) event.cells.push_back("?");
  }
  if (!record.key || columns_of_side(*source, true).empty()) event.key = record.key.value_or("");
}

void say_note(const Plan& plan, Note note, FilmEvent& event) {
  event.kind = FilmKind::noted;
  const Step& step = plan.steps[static_cast<std::size_t>(note.step)];
  event.timestamp = note.timestamp;
  event.window_start = note.window_start;
  event.window_end = note.window_end;
  const bool stored = note.kind == NoteKind::kept;
  event.deleted = stored && note.row.size() < 2;
  const std::size_t keys = stored ? 1 : step.keys;
  if (step.kind == StepKind::aggregate || stored) {
    for (std::size_t i = 0; i < keys && i < note.row.size(); ++i) event.key += (i > 0 ? "," : "") + plain_text(note.row[i]);
    event.cells = plain_texts(note.row, keys);
    // Behind the results of an aggregate stand the bounds of its window.
    if (step.kind == StepKind::aggregate && note.kind != NoteKind::late && event.cells.size() >= 2)
      event.cells.resize(event.cells.size() - 2);
  } else if (const std::size_t at = step.key_at[note.side]; at < note.row.size()) {
    event.key = plain_text(note.row[at]);
    event.cells = plain_texts(note.row, 0);
  }
  note.row.clear();
  event.note = std::move(note);
}

}  // namespace nutshell::streams

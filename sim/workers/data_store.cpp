#include "sim/workers/data_store.h"

#include <algorithm>
#include <utility>

#include "sim/workers/sql.h"

namespace nutshell {

namespace {

// The contents, to be changed and kept: a copy, if anybody else still looks at them.
std::shared_ptr<StoreContents> to_change(DataStore& store) {
  if (store.contents.is.use_count() > 1) return std::make_shared<StoreContents>(*store.contents.is);
  return std::const_pointer_cast<StoreContents>(std::move(store.contents.is));
}

void keep(DataStore& store, std::shared_ptr<StoreContents> changed, std::string_view how) {
  fold(changed->digest, std::string(how));
  store.shown.rows = store.shown.lines = 0;
  for (const auto& [name, table] : changed->database.tables) store.shown.rows += static_cast<std::int64_t>(table.size());
  for (const auto& [name, text] : changed->files) store.shown.lines += std::count(text.begin(), text.end(), '\n');
  store.contents.is = std::move(changed);
}

std::string text_of_batch(const PutBatch& batch) {
  std::string all;
  for (const connect::Record& each : batch.records)
    all += connect::text_of(each.key) + "=" + connect::text_of(each.value) + "@" + std::to_string(each.offset) + "\n";
  return all;
}

// Who fills a table with thousands of rows is told of its beginning.
std::string in_short(std::string_view text) {
  constexpr std::size_t kMost = 240;
  if (text.size() <= kMost) return std::string(text);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + " ... (" + std::to_string(text.size()) + " bytes)";
}

PutResponse put_batch(Env& env, DataStore& store, const PutBatch& batch) {
  auto changed = to_change(store);
  PutResponse answer;
  if (const auto* file = std::get_if<connect::FileSinkConfig>(&batch.config)) {
    std::string& text = changed->files[file->file.substr(file->file.find('/') + 1)];
    for (const connect::Record& each : batch.records) text += connect::file_line(*file, each);
  } else {
    const connect::PutResult result = connect::put(std::get<connect::JdbcSinkConfig>(batch.config), changed->database, batch.records);
    if (result.failure) {
      answer.why = env.fabric.names.intern(result.failure->message);
      answer.retriable = result.failure->retriable;
    }
  }
  // Of a batch that was refused a table or column remains that was made for it, as in a real database.
  store.shown.writes += answer.why < 0;
  keep(store, std::move(changed), text_of_batch(batch));
  return answer;
}

}  // namespace

void start(Env&, DataStore&) {}
void stop(Env& env, DataStore& store) {
  store.stopping = true;
  kill_process(env, store.node);
}
void forget(Env&, DataStore& store, ProcessEnd) { store.stopping = false; }

void on_request(Env& env, DataStore& store, const RequestId& request, Body& body) {
  if (body.is<SelectRequest>()) {
    store.shown.reads += 1;
    return env.reply(request, SelectResponse{store.contents});
  }
  if (const auto* put = body.get_if<PutRequest>()) return env.reply(request, put_batch(env, store, *put->batch.is));
  env.hang_up(request);
}
void on_response(Env&, DataStore&, const Response&) {}
void on_timer(Env&, DataStore&, const Event&) {}

void carry_out_sql(Env& env, DataStore& store, std::string_view text) {
  auto changed = to_change(store);
  std::string problem;
  const bool fine = run_sql(text, &changed->database, problem);
  keep(store, std::move(changed), fine ? text : "");
  env.emit(StoreChanged{store.node, env.fabric.names.intern(fine ? in_short(text) : problem)});
}

void append_to_file(Env& env, DataStore& store, const std::string& file, std::string_view text) {
  auto changed = to_change(store);
  changed->files[file] += text;
  keep(store, std::move(changed), file + std::string(text));
  env.emit(StoreChanged{store.node, env.fabric.names.intern(file + " grows by " + std::to_string(text.size()) + " bytes")});
}

}  // namespace nutshell

#include "sim/workers/data_store.h"

#include <algorithm>
#include <utility>

#include "sim/workers/sql.h"

namespace nutshell {

namespace {

// A copy to be changed, which takes the place of the contents.
std::shared_ptr<StoreContents> copy_of(const DataStore& store) { return std::make_shared<StoreContents>(*store.contents.is); }

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

PutResponse put_batch(Env& env, DataStore& store, const PutBatch& batch) {
  auto changed = copy_of(store);
  PutResponse answer;
  if (const auto* file = std::get_if<connect::FileSinkConfig>(&batch.config)) {
    std::string& text = changed->files[file->file.substr(file->file.find('/') + 1)];
    for (const connect::Record& each : batch.records) text += connect::file_line(*file, each);
  } else {
    const connect::PutResult result = connect::put(std::get<connect::JdbcSinkConfig>(batch.config), changed->database, batch.records);
    if (result.failure) {
      answer.why = env.fabric.names.intern(result.failure->message);
      answer.retriable = result.failure->retriable;
      return answer;
    }
  }
  store.shown.writes += 1;
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
  auto changed = copy_of(store);
  std::string problem;
  const bool fine = run_sql(text, &changed->database, problem);
  if (fine) keep(store, std::move(changed), text);
  env.emit(StoreChanged{store.node, env.fabric.names.intern(fine ? std::string(text) : problem)});
}

void append_to_file(Env& env, DataStore& store, const std::string& file, std::string_view text) {
  auto changed = copy_of(store);
  changed->files[file] += text;
  keep(store, std::move(changed), file + std::string(text));
  env.emit(StoreChanged{store.node, env.fabric.names.intern(file + " grows by " + std::to_string(text.size()) + " bytes")});
}

}  // namespace nutshell

#include "sim/streams/picture.h"

#include <algorithm>
#include <map>

#include "sim/streams/problem.h"

namespace nutshell::streams {

namespace {

const Step& step_of(const Picture& picture, int step) { return picture.query->plan->steps[static_cast<std::size_t>(step)]; }

// What the steps of a part do, for its card.
std::vector<std::string> deeds_of(const Plan& plan, int part) {
  std::vector<std::string> deeds;
  const auto add = [&](const std::string& text) {
    if (deeds.empty() || deeds.back() != text) deeds.push_back(text);
  };
  for (const Step& step : plan.steps) {
    if (step.part != part) continue;
    switch (step.kind) {
      case StepKind::filter: add("filter"); break;
      case StepKind::repartition: add("new key: into a repartition topic"); break;
      case StepKind::aggregate:
        add(step.window == WindowKind::none ? "aggregate: per key" : "aggregate: per key and window");
        break;
      case StepKind::stream_table_join: add("look up: in the table"); break;
      case StepKind::stream_stream_join: add("join: within a time"); break;
      case StepKind::table_table_join: add("join: two tables"); break;
      case StepKind::foreign_key_join: add("join: by a foreign key"); break;
      case StepKind::spread: add("a row for each element"); break;
      default: break;
    }
  }
  if (deeds.empty()) deeds.push_back("project");
  return deeds;
}

class Fold {
 public:
  Fold(const Film& film, Time at, int query) {
    picture_.at = at;
    picture_.film = &film;
    if (film.queries.empty()) return;
    query_ = query < 0 ? static_cast<int>(film.queries.size()) - 1 : query;
    picture_.query = &film.queries[static_cast<std::size_t>(query_)];
    lay_out();
    for (const FilmEvent& each : film.events) {
      if (each.at > at) break;
      take(each);
    }
  }

  Picture done() {
    if (!picture_.query) return std::move(picture_);
    for (PictureTask& task : picture_.tasks) settle(task);
    add_up();
    read_table();
    return std::move(picture_);
  }

 private:
  const Plan& plan() const { return *picture_.query->plan; }

  // Which topics belong to the query, and in which columns they and its parts stand.
  void lay_out() {
    std::vector<int> depth(plan().parts.size(), 0);
    // Parts are few, and each is fed by repartition topics of parts before it.
    for (std::size_t round = 0; round < plan().parts.size(); ++round) {
      for (const Step& step : plan().steps) {
        if (step.kind != StepKind::repartition || step.next < 0) continue;
        const auto to = static_cast<std::size_t>(plan().steps[static_cast<std::size_t>(step.next)].part);
        depth[to] = std::max(depth[to], depth[static_cast<std::size_t>(step.part)] + 1);
      }
    }
    for (const int each : depth) picture_.columns = std::max(picture_.columns, each + 1);
    for (const FilmTopic& topic : picture_.film->topics) add_topic(topic, depth);
    std::stable_sort(picture_.topics.begin(), picture_.topics.end(),
                     [](const PictureTopic& a, const PictureTopic& b) { return a.column < b.column; });
    for (std::size_t part = 0; part < plan().parts.size(); ++part) {
      for (int p = 0; p < plan().parts[part].tasks; ++p) {
        PictureTask task;
        task.part = static_cast<int>(part);
        task.partition = p;
        task.does = deeds_of(plan(), task.part);
        if (picture_.film->servers) task.status = TaskStatus::nobodys;
        picture_.tasks.push_back(std::move(task));
      }
    }
    for (const Step& step : plan().steps) {
      if (step.kind == StepKind::aggregate) picture_.counting = &step;
      if (step.kind == StepKind::aggregate && step.window != WindowKind::none) picture_.windowed = &step;
      if (step.kind >= StepKind::stream_table_join && step.kind <= StepKind::foreign_key_join) picture_.join = &step;
    }
  }

  void add_topic(const FilmTopic& topic, const std::vector<int>& depth) {
    int column = -1;
    for (std::size_t part = 0; part < plan().parts.size(); ++part) {
      const auto& reads = plan().parts[part].topics;
      if (std::find(reads.begin(), reads.end(), topic.name) == reads.end()) continue;
      column = column < 0 ? depth[part] : std::min(column, depth[part]);
    }
    const bool own = topic.role == TopicRole::changelog && topic.name.rfind(plan().application + "-", 0) == 0;
    const bool written = !plan().steps.empty() && plan().steps.back().source.topic == topic.name;
    if (column < 0 && (own || written)) column = picture_.columns;
    if (column < 0) return;
    PictureTopic shown{topic.name, topic.role, topic.table, column, {}};
    // A sink that is read as well is a source here; INSERT INTO writes into what others read.
    if (topic.role == TopicRole::sink && !written) shown.role = TopicRole::source;
    if (topic.role == TopicRole::source && column == picture_.columns) shown.role = TopicRole::sink;
    shown.partitions.resize(static_cast<std::size_t>(std::max(topic.partitions, 1)));
    picture_.topics.push_back(std::move(shown));
  }

  void take(const FilmEvent& event) {
    if (event.kind == FilmKind::written) return take_written(event);
    if (event.query != query_) return;
    PictureTask* task = nullptr;
    for (PictureTask& each : picture_.tasks) {
      if (each.part == event.part && each.partition == event.partition) task = &each;
    }
    if (!task) return;
    if (event.kind == FilmKind::dropped) {
      ++task->dropped;
      return;
    }
    if (event.kind == FilmKind::noted) return take_note(event, *task);
    if (event.kind != FilmKind::read) return take_move(event, *task);
    ++task->rows;
    task->last_row = event.row;
    task->last_at = event.at;
    for (PictureTopic& topic : picture_.topics) {
      if (topic.name != event.topic) continue;
      for (PictureRow& row : topic.partitions[static_cast<std::size_t>(event.partition)]) {
        if (row.offset == event.offset) row.read = event.at;
      }
    }
  }

  // Tasks go from server to server; what they hold goes by way of the changelog.
  void take_move(const FilmEvent& event, PictureTask& task) {
    const bool own = task.server == event.server;
    const auto standby = std::find_if(task.standbys.begin(), task.standbys.end(),
                                      [&](const PictureStandby& each) { return each.server == event.server; });
    switch (event.kind) {
      case FilmKind::assigned:
        task.server = event.server;
        task.status = event.restores ? TaskStatus::restoring : TaskStatus::running;
        task.restored = 0;
        task.windows.clear();
        task.stored.clear();
        task.held.clear();
        task.stream_time = kNoTime;
        newest_.erase({task.part, task.partition});
        return;
      case FilmKind::ready: task.status = TaskStatus::running; return;
      case FilmKind::logged: return log(event, task);
      case FilmKind::restored:
        ++task.restored;
        return restore(event, task);
      case FilmKind::standing:
        if (standby != task.standbys.end()) standby->records = event.offset;
        else task.standbys.push_back({event.server, event.offset});
        return;
      case FilmKind::closed:
        if (standby != task.standbys.end()) task.standbys.erase(standby);
        else if (own) task.status = TaskStatus::nobodys;
        return;
      default: return;
    }
  }

  static bool is(const PictureStored& stored, const FilmEvent& event) {
    return stored.step == event.note.step && stored.side == event.note.side && stored.key == event.key;
  }

  // What the store holds now for the key is what this record of the changelog will give back.
  void log(const FilmEvent& event, const PictureTask& task) {
    Saved& saved = saved_[event.mark];
    for (const PictureWindow& each : task.windows)
      if (is(each, event)) saved.window = each;
    for (const std::vector<PictureStored>* all : {&task.stored, &task.held})
      for (const PictureStored& each : *all)
        if (is(each, event)) saved.stored = each;
  }

  void restore(const FilmEvent& event, PictureTask& task) {
    const Step& step = step_of(picture_, event.note.step);
    const auto found = saved_.find(event.mark);
    std::erase_if(task.windows, [&](const PictureWindow& each) { return step.kind == StepKind::aggregate && is(each, event); });
    if (step.kind != StepKind::stream_stream_join)
      std::erase_if(task.stored, [&](const PictureStored& each) { return is(each, event); });
    if (event.deleted) return;
    if (step.kind == StepKind::aggregate) {
      PictureWindow window;
      window.key = event.key;
      window.start = event.window_start;
      window.end = event.window_end;
      window.results = event.cells;
      if (found != saved_.end() && !found->second.window.rows.empty()) window = found->second.window;
      std::int64_t& newest = newest_.try_emplace({task.part, task.partition}, kNoTime).first->second;
      newest = std::max(newest, is_session() ? window.end : window.start);
      task.windows.push_back(std::move(window));
      return;
    }
    PictureStored stored{event.note.step, event.note.side, event.row, event.key, event.cells, event.timestamp, event.at};
    if (found != saved_.end() && found->second.stored.row > 0) stored = found->second.stored;
    (step.kind == StepKind::stream_stream_join ? task.held : task.stored).push_back(std::move(stored));
  }

  void take_written(const FilmEvent& event) {
    for (PictureTopic& topic : picture_.topics) {
      const auto p = static_cast<std::size_t>(event.partition);
      if (topic.name != event.topic || p >= topic.partitions.size()) continue;
      PictureRow row{event.row,       event.offset,       event.key,        event.cells, event.deleted,
                     event.timestamp, event.window_start, event.window_end, event.at,    kNever};
      if (topic.role == TopicRole::sink && event.query == query_) picture_.changes.push_back(row);
      topic.partitions[p].push_back(std::move(row));
    }
  }

  void take_note(const FilmEvent& event, PictureTask& task) {
    const Note& note = event.note;
    const Step& step = step_of(picture_, note.step);
    if (&step == picture_.counting || step.kind == StepKind::stream_stream_join)
      task.stream_time = std::max(task.stream_time, note.stream_time);
    switch (note.kind) {
      case NoteKind::counted: return count(event, task);
      case NoteKind::late:
        task.late.push_back(
            {event.row, event.key, event.timestamp, event.window_start, event.window_end, note.stream_time, event.at});
        return;
      case NoteKind::absorbed: return absorb(event, task);
      case NoteKind::told:
        for (PictureWindow& each : task.windows) each.told = each.told || is(each, event);
        return;
      case NoteKind::kept: return store(event, task);
      case NoteKind::held:
        task.held.push_back({note.step, note.side, event.row, event.key, event.cells, event.timestamp, event.at});
        return;
      case NoteKind::paired:
      case NoteKind::alone:
        task.pairs.push_back(
            {event.row, note.side, event.key, event.timestamp, note.partner, note.kind == NoteKind::alone, event.at});
        return;
    }
  }

  static bool is(const PictureWindow& window, const FilmEvent& event) {
    return window.key == event.key && window.start == event.window_start && window.end == event.window_end;
  }

  void count(const FilmEvent& event, PictureTask& task) {
    auto found = std::find_if(task.windows.begin(), task.windows.end(), [&](const PictureWindow& each) { return is(each, event); });
    if (found == task.windows.end()) {
      PictureWindow window;
      window.key = event.key;
      window.start = event.window_start;
      window.end = event.window_end;
      // What sessions that were absorbed for this row had counted.
      window.rows = std::move(taken_.rows);
      window.times = std::move(taken_.times);
      found = task.windows.insert(task.windows.end(), std::move(window));
    }
    taken_ = {};
    std::int64_t& newest = newest_.try_emplace({task.part, task.partition}, kNoTime).first->second;
    // A window that the store hides begins anew, with this row alone (P16): after a restart, before the clock is known again.
    const bool hidden = picture_.windowed && !is_session() && newest != kNoTime &&
                        event.window_start < newest - picture_.windowed->retention;
    if (hidden) {
      found->rows.clear();
      found->times.clear();
    }
    found->rows.push_back(event.row);
    found->times.push_back(event.timestamp);
    found->results = event.cells;
    found->changed = event.at;
    newest = std::max(newest, is_session() ? event.window_end : event.window_start);
  }

  void absorb(const FilmEvent& event, PictureTask& task) {
    const auto found =
        std::find_if(task.windows.begin(), task.windows.end(), [&](const PictureWindow& each) { return is(each, event); });
    if (found == task.windows.end()) return;
    taken_.rows.insert(taken_.rows.end(), found->rows.begin(), found->rows.end());
    taken_.times.insert(taken_.times.end(), found->times.begin(), found->times.end());
    task.windows.erase(found);
  }

  void store(const FilmEvent& event, PictureTask& task) {
    std::erase_if(task.stored, [&](const PictureStored& each) {
      return each.step == event.note.step && each.side == event.note.side && each.key == event.key;
    });
    if (event.deleted) return;
    task.stored.push_back({event.note.step, event.note.side, event.row, event.key, event.cells, event.timestamp, event.at});
  }

  bool is_session() const { return picture_.windowed && picture_.windowed->window == WindowKind::session; }

  // How each window stands by the clock of its task.
  void settle(PictureTask& task) {
    std::stable_sort(task.windows.begin(), task.windows.end(), [](const PictureWindow& a, const PictureWindow& b) {
      return std::tie(a.start, a.key) < std::tie(b.start, b.key);
    });
    if (!picture_.windowed || task.stream_time == kNoTime) return;
    const Step& step = *picture_.windowed;
    const std::int64_t close = task.stream_time - step.grace, oldest = newest_[{task.part, task.partition}] - step.retention;
    for (PictureWindow& each : task.windows) {
      const bool closed = is_session() ? each.end < close - step.size : each.end <= close;
      const bool expired = is_session() ? each.end <= oldest : each.start < oldest;
      each.status = expired ? WindowStatus::expired : closed ? WindowStatus::closed : WindowStatus::open;
    }
  }

  // Rows read = those counted + those late + those dropped + those under way.
  void add_up() {
    std::vector<bool> ended(picture_.film->row_keys.size(), false);
    std::vector<bool> read(ended.size(), false);
    const auto end = [&](int row) { ended[static_cast<std::size_t>(row)] = true; };
    for (const PictureTask& task : picture_.tasks) {
      for (const PictureWindow& each : task.windows) {
        picture_.counts.push_back(static_cast<int>(each.rows.size()));
        picture_.counted += static_cast<int>(each.rows.size());
        for (const int row : each.rows) end(row);
      }
      for (const PictureLate& each : task.late) end(each.row);
      picture_.late += static_cast<int>(task.late.size());
      picture_.dropped += task.dropped;
    }
    for (const PictureTopic& topic : picture_.topics) {
      if (topic.role != TopicRole::source) continue;
      for (const auto& partition : topic.partitions) {
        for (const PictureRow& each : partition) {
          if (each.read != kNever && !read[static_cast<std::size_t>(each.row)]) {
            read[static_cast<std::size_t>(each.row)] = true;
            ++picture_.read;
          }
        }
      }
    }
    if (!picture_.counting) return;
    int ended_rows = 0;
    for (const bool each : ended) ended_rows += each;
    picture_.under_way = std::max(picture_.read - ended_rows - picture_.dropped, 0);
  }

  void read_table() {
    std::map<std::tuple<std::int64_t, std::string, std::int64_t>, PictureRow> rows;
    for (const PictureRow& each : picture_.changes) {
      const auto place = std::make_tuple(each.window_start, each.key, each.window_end);
      if (each.deleted)
        rows.erase(place);
      else
        rows[place] = each;
    }
    for (auto& [place, row] : rows) {
      if (!gone(row)) picture_.table.push_back(std::move(row));
    }
  }

  bool gone(const PictureRow& row) const {
    for (const PictureTask& task : picture_.tasks) {
      for (const PictureWindow& each : task.windows) {
        if (each.key == row.key && each.start == row.window_start && each.end == row.window_end)
          return each.status == WindowStatus::expired;
      }
    }
    return false;
  }

  // What a record of a changelog stands for.
  struct Saved {
    PictureWindow window;
    PictureStored stored;
  };

  Picture picture_;
  int query_ = -1;
  std::map<std::uint64_t, Saved> saved_;  // by its mark
  PictureWindow taken_;
  std::map<std::pair<int, int>, std::int64_t> newest_;  // of each task, by part and partition: the newest window
};

}  // namespace

Picture picture_of(const Film& film, Time at, int query) { return Fold(film, at, query).done(); }

const PictureTask* Picture::task(int part, int partition) const {
  for (const PictureTask& each : tasks) {
    if (each.part == part && each.partition == partition) return &each;
  }
  return nullptr;
}

std::string_view status_text(TaskStatus status) {
  return status == TaskStatus::running ? "running" : status == TaskStatus::restoring ? "restoring" : "nobody's";
}

std::string Picture::sum_text() const {
  const int ended = counted + late + dropped + under_way;
  if (film->servers && ended > read)
    return std::to_string(read) + (read == 1 ? " row, " : " rows, ") + std::to_string(counted) + " counted: " +
           std::to_string(ended - read) + " again";
  const bool several = windowed && windowed->advance > 0 && windowed->advance < windowed->size;
  std::string text = std::to_string(read) + (read == 1 ? " row read" : " rows read") + (several ? ": " : " = ") +
                     std::to_string(counted) + " counted";
  const auto add = [&](int count, const char* what) {
    if (count > 0) text += " + " + std::to_string(count) + " " + what;
  };
  add(late, "late");
  add(dropped, "dropped");
  add(under_way, "under way");
  return text;
}

std::string Picture::counts_text() const {
  std::string text = std::to_string(counted) + " = ";
  for (std::size_t i = 0; i < counts.size(); ++i) text += (i > 0 ? " + " : "") + std::to_string(counts[i]);
  return counts.empty() ? "" : text;
}

std::string seconds_text(std::int64_t ms) {
  std::string text = std::to_string(ms / 1000);
  if (ms % 1000 != 0) {
    std::string rest = std::to_string(1000 + ms % 1000).substr(1);
    while (rest.back() == '0') rest.pop_back();
    text += "." + rest;
  }
  return text + " s";
}

}  // namespace nutshell::streams

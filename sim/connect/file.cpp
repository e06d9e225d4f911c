#include "sim/connect/file.h"

#include <algorithm>

#include "sim/connect/converter.h"

namespace nutshell::connect {
namespace {

FileFormat read_format(Settings& settings) {
  return static_cast<FileFormat>(settings.one_of("file.format", {"lines", "json", "csv"}));
}

// The next line and how many bytes it takes with its end; false: its end is not there. A "\r" at the very end may yet be followed by
// "\n", and so waits.
bool next_line(std::string_view text, std::string_view& line, std::size_t& taken) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  taken = end + 1;
  if (text[end] == '\r') {
    if (end + 1 == text.size()) return false;
    if (text[end + 1] == '\n') ++taken;
  }
  return true;
}

// False: `problem` says what is wrong with the quotes.
bool csv_cells(std::string_view line, std::vector<std::string>& cells, std::string& problem) {
  cells.assign(1, "");
  bool quoted = false, closed = false;  // within quotes, and behind them
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ',' && !quoted) {
      cells.emplace_back();
      closed = false;
    } else if (closed) {
      problem = "cell " + std::to_string(cells.size()) + " goes on behind its closing quote; write a comma there, or \"\" for a quote";
      return false;
    } else if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[++i];
    } else if (c == '"' && (quoted || cells.back().empty())) {
      closed = quoted;
      quoted = !quoted;
    } else {
      cells.back() += c;
    }
  }
  if (quoted) problem = "the quote of cell " + std::to_string(cells.size()) + " is not closed; close it on the same line";
  return !quoted;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

// The first line: each column has a name of its own.
bool csv_columns(std::string_view line, std::vector<std::string>& columns, std::string& problem) {
  if (!csv_cells(line, columns, problem)) return false;
  for (std::size_t i = 0; i < columns.size() && problem.empty(); ++i) {
    if (columns[i].empty()) problem = "cell " + std::to_string(i + 1) + " of the first line names no column; write a name";
    else if (std::count(columns.begin(), columns.end(), columns[i]) > 1)
      problem = "the first line names the column " + columns[i] + " twice; give one of them another name";
  }
  if (!problem.empty()) columns.clear();
  return problem.empty();
}

bool csv_data(const std::vector<std::string>& columns, std::string_view line, Data& data, std::string& problem) {
  std::vector<std::string> cells;
  if (!csv_cells(line, cells, problem)) return false;
  if (cells.size() != columns.size()) {
    problem = "a line of CSV has " + std::to_string(cells.size()) + " cells, and the first line names " + std::to_string(columns.size()) +
              "; write a cell for each, empty ones between commas";
    return false;
  }
  std::vector<Field> fields;
  Members members;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    fields.push_back({columns[i], plain_schema(Type::string, true)});
    members.push_back({columns[i], Value(cells[i])});
  }
  data = {struct_schema(std::move(fields)), Value(std::move(members))};
  return true;
}

}  // namespace

FileSourceConfig read_file_source(Settings& settings) {
  FileSourceConfig config;
  config.file = settings.required("file");
  config.topic = settings.required("topic");
  config.batch_size = settings.whole("batch.size", config.batch_size, 1, 1'000'000);
  config.format = read_format(settings);
  return config;
}

FileSinkConfig read_file_sink(Settings& settings) {
  FileSinkConfig config;
  config.file = settings.required("file");
  config.format = read_format(settings);
  return config;
}

FileSource::FileSource(FileSourceConfig config, const SourceOffsets& noted) : config_(std::move(config)) {
  const auto at = noted.find({{"filename", config_.file}});
  if (at == noted.end()) return;
  const auto position = at->second.find("position");
  if (position != at->second.end()) position_ = position->second;
}

std::vector<SourceRecord> FileSource::poll(std::string_view text, std::int64_t now_ms, std::string& problem) {
  std::vector<SourceRecord> batch;
  std::string_view line;
  std::size_t taken = 0;
  const auto wrong = [&](std::int64_t at, const std::string& why) {
    problem = "at byte " + std::to_string(at) + " of " + config_.file + ", " + why;
    return batch;
  };
  std::string why;
  if (config_.format == FileFormat::csv && columns_.empty()) {
    if (!next_line(text, line, taken)) return batch;
    if (!csv_columns(line, columns_, why)) return wrong(0, why);
    position_ = std::max(position_, static_cast<std::int64_t>(taken));
  }
  // A file that was cut is not noticed, as in the original: nothing comes until it is longer again.
  while (static_cast<std::int64_t>(batch.size()) < config_.batch_size && position_ < static_cast<std::int64_t>(text.size()) &&
         next_line(text.substr(static_cast<std::size_t>(position_)), line, taken)) {
    SourceRecord one;
    one.record.topic = config_.topic;
    one.record.timestamp = now_ms;
    if (config_.format == FileFormat::csv) {
      if (!csv_data(columns_, line, one.record.value, why)) return wrong(position_, why);
    } else if (config_.format == FileFormat::json) {
      Failure failure;
      if (!to_connect({Converter::Kind::json, false}, std::string(line), one.record.value, failure))
        return wrong(position_, failure.message + "; write one value of JSON a line");
    } else {
      one.record.value = {plain_schema(Type::string), Value(std::string(line))};
    }
    position_ += static_cast<std::int64_t>(taken);
    one.partition = {{"filename", config_.file}};
    one.offset = {{"position", position_}};
    batch.push_back(std::move(one));
  }
  return batch;
}

std::string file_line(const FileSinkConfig& config, const Record& record) {
  if (config.format == FileFormat::json) {
    std::optional<std::string> bytes;
    Failure failure;
    return from_connect({Converter::Kind::json, false}, record.value, bytes, failure) && bytes ? *bytes + "\n" : "null\n";
  }
  if (config.format == FileFormat::csv && record.value.value.members()) {
    std::string line;
    bool first = true;
    for (const Member& member : *record.value.value.members()) {
      if (!first) line += ',';
      first = false;
      if (!member.value.null()) line += csv_cell(text_of(Data{nullptr, member.value}));
    }
    return line + "\n";
  }
  return text_of(record.value) + "\n";
}

}  // namespace nutshell::connect

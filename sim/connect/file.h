// Files as sources and sinks (C18, C19). Within a run a file is text that grows: nothing here opens one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/settings.h"
#include "sim/connect/source.h"

namespace nutshell::connect {

// Lines are what Kafka's FileStream connectors know; JSON lines (a value without schema a line) and CSV (a struct of texts, named by
// the first line) are ours.
enum class FileFormat : std::uint8_t { lines, json, csv };

struct FileSourceConfig {
  std::string file, topic;
  std::int64_t batch_size = 2000;  // lines a poll
  FileFormat format = FileFormat::lines;
};
FileSourceConfig read_file_source(Settings& settings);
inline constexpr Duration kFileWait = kSecond;  // at the end of the file

class FileSource {
 public:
  FileSource(FileSourceConfig config, const SourceOffsets& noted);
  // The lines from here on, at most a batch. A line counts once its end is there: "\n", "\r\n" or "\r". Positions are bytes; the
  // original counts characters and skips bytes, and so goes on at a wrong place after other letters than ASCII. `problem`: the line behind
  // those returned is none of the format; a sentence that says which and why.
  std::vector<SourceRecord> poll(std::string_view text, std::int64_t now_ms, std::string& problem);
  std::int64_t position() const { return position_; }

 private:
  FileSourceConfig config_;
  std::int64_t position_ = 0;
  std::vector<std::string> columns_;  // of CSV, once its first line is read
};

struct FileSinkConfig {
  std::string file;
  FileFormat format = FileFormat::lines;
};
FileSinkConfig read_file_sink(Settings& settings);
// The line that the record adds, with its end: null is "null", keys are ignored.
std::string file_line(const FileSinkConfig& config, const Record& record);

}  // namespace nutshell::connect

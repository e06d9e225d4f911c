// A server to try statements on.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/streams/engine.h"
#include "sim/streams/parser.h"

namespace nutshell::streams {

struct Server {
  Server() : engine(quick()) {}

  static Switches quick() {
    Switches s;
    s.final_interval = 0;
    s.join_interval = 0;
    return s;
  }

  // What a script is told: "" if nothing is wrong.
  std::string wrong(const std::string& script) {
    Complaint complaint;
    const std::vector<Statement> statements = parse_script(script, engine.variables, complaint);
    for (const Statement& s : statements) {
      if (!complaint.any()) engine.execute(s, complaint, printed);
      if (!complaint.any()) engine.run();
    }
    return complaint.any() ? say(complaint.first()) : "";
  }

  void does(const std::string& script) {
    const std::string complaint = wrong(script);
    REQUIRE_MESSAGE(complaint.empty(), complaint);
  }

  // Rows of a SELECT as text, "a | 1".
  std::vector<std::string> rows(const std::string& select) {
    Complaint complaint;
    const std::vector<Statement> statements = parse_script(select, engine.variables, complaint);
    REQUIRE_MESSAGE(!complaint.any(), say(complaint.first()));
    const Engine::Table table = engine.select(*statements.at(0).select, complaint);
    REQUIRE_MESSAGE(!complaint.any(), say(complaint.first()));
    std::vector<std::string> lines;
    for (const Row& row : table.rows) {
      std::vector<std::string> cells;
      for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(value_text(row[i], table.columns[i].type));
      lines.push_back(joined(cells, " | "));
    }
    return lines;
  }

  // All values that a topic has got, in order of arrival within each partition.
  std::vector<std::string> values(const std::string& topic) const {
    std::vector<std::string> all;
    const auto log = engine.topics.find(topic);
    if (log == engine.topics.end()) return all;
    for (const auto& partition : log->second.partitions) {
      for (const Record& record : partition) all.push_back(record.value.value_or("null"));
    }
    return all;
  }

  Engine engine;
  std::string printed;
};

}  // namespace nutshell::streams

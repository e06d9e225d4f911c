// What went wrong with one record, as Connect reports it: where on its way, in which class, with which exception (C16).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace nutshell::connect {

enum class Stage : std::uint8_t {
  transformation, task_put, task_poll, key_converter, value_converter, kafka_produce, kafka_consume,
};
// "VALUE_CONVERTER".
std::string_view stage_name(Stage stage);

struct Failure {
  Stage stage = Stage::transformation;
  std::string executing_class = "";  // what was at work
  std::string exception = "";        // its class
  std::string message = "";          // a sentence
  bool retriable = false;            // it may go better later: only such are tried again (C15)

  // Fills in what is wrong with the data. Gives false, so that it can be returned.
  bool data(std::string what) { return is("org.apache.kafka.connect.errors.DataException", std::move(what)); }
  bool is(std::string_view exception_class, std::string what) {
    exception = exception_class;
    message = std::move(what);
    return false;
  }
};

}  // namespace nutshell::connect

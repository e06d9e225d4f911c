#include "sim/connect/failure.h"

namespace nutshell::connect {

std::string_view stage_name(Stage stage) {
  constexpr std::string_view kNames[] = {"TRANSFORMATION",  "TASK_PUT",      "TASK_POLL",    "KEY_CONVERTER",
                                         "VALUE_CONVERTER", "KAFKA_PRODUCE", "KAFKA_CONSUME"};
  return kNames[static_cast<std::size_t>(stage)];
}

}  // namespace nutshell::connect

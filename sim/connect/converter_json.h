// For converter*.cpp only. JsonConverter: Connect data as JSON texts, with or without their schema (C14).
#pragma once

#include "sim/connect/converter.h"

namespace nutshell::connect {

bool json_from_connect(bool schemas_enable, const Data& data, std::optional<std::string>& bytes, Failure& failure);
bool json_to_connect(bool schemas_enable, std::string_view text, Data& data, Failure& failure);

}  // namespace nutshell::connect

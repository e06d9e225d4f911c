// Bytes of keys and values as names, which have to be readable: what is no plain text is written with \x escapes, and a
// window stands behind its key as "EU@60000", a session as "EU@60000/75000".
#pragma once

#include <string>
#include <string_view>

#include "sim/streams/ast.h"

namespace nutshell {

std::string to_name(std::string_view bytes, streams::WindowKind window = streams::WindowKind::none);
std::string from_name(std::string_view name, streams::WindowKind window = streams::WindowKind::none);

}  // namespace nutshell

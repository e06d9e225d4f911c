// Keys by their names, as the commands that draw pictures take them.
#pragma once

#include <string>

#include "sim/core/keys.h"

namespace nutshell {

// "Right", "k", "Shift+K", "Ctrl+0". Throws Failure, naming --press.
KeyPress key_press(const std::string& word);

}  // namespace nutshell

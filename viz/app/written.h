// Files that commands write: whole, or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace nutshell {

// `write` writes to the path that it gets, and returns "" or why it could not. What stood at `file` stands until all of the new
// one does. Makes the folder. Throws Failure.
void write_whole(const std::filesystem::path& file, const std::function<std::string(const std::string& path)>& write);
void write_whole(const std::filesystem::path& file, const std::string& bytes);

}  // namespace nutshell

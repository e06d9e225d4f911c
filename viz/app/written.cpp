#include "viz/app/written.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/command/failure.h"

namespace nutshell {

namespace fs = std::filesystem;

void write_whole(const fs::path& file, const std::function<std::string(const std::string& path)>& write) {
  std::error_code failed;
  if (!file.parent_path().empty()) fs::create_directories(file.parent_path(), failed);
  if (failed) throw Failure("the folder '" + file.parent_path().string() + "' cannot be made: " + failed.message(), kExitNoOutput);
  // A device or a folder is not to be replaced.
  if (fs::exists(file, failed) && !fs::is_regular_file(file, failed))
    throw Failure("'" + file.string() + "' is no file; name one that can be written", kExitNoOutput);
  const fs::path part = file.string() + ".part";
  std::string error = write(part.string());
  if (error.empty()) {
    fs::rename(part, file, failed);
    if (failed) error = failed.message();
  }
  if (error.empty()) return;
  fs::remove(part, failed);
  throw Failure("'" + file.string() + "' cannot be written: " + error, kExitNoOutput);
}

void write_whole(const fs::path& file, const std::string& bytes) {
  write_whole(file, [&](const std::string& path) -> std::string {
    std::ofstream out(path, std::ios::binary);
    if (out) out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (out) out.close();
    return out ? "" : std::strerror(errno);
  });
}

}  // namespace nutshell

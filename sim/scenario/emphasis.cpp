#include "sim/scenario/emphasis.h"

namespace nutshell {

Emphasised without_marks(std::string_view marked) {
  constexpr std::string_view kMark = "**";
  Emphasised plain;
  for (std::size_t at = 0; at < marked.size();) {
    const std::size_t opens = marked.find(kMark, at);
    const std::size_t closes = opens == std::string_view::npos ? opens : marked.find(kMark, opens + kMark.size());
    if (closes == std::string_view::npos) {
      plain.text += marked.substr(at);
      break;
    }
    plain.text += marked.substr(at, opens - at);
    const std::size_t from = plain.text.size();
    plain.text += marked.substr(opens + kMark.size(), closes - opens - kMark.size());
    plain.strong.push_back({from, plain.text.size()});
    at = closes + kMark.size();
  }
  return plain;
}

}  // namespace nutshell

#include "sim/connect/settings.h"

#include "sim/core/text.h"

namespace nutshell::connect {

const std::string* Settings::find(const std::string& key) {
  read_.insert(key);
  const auto at = properties_.find(key);
  return at == properties_.end() ? nullptr : &at->second;
}

std::string Settings::text(const std::string& key, std::string_view fallback) {
  const std::string* found = find(key);
  return found ? *found : std::string(fallback);
}

std::string Settings::required(const std::string& key) {
  const std::string* found = find(key);
  if (!found || found->empty()) wrong("\"" + key + "\" is missing; write it, it has no default");
  return found ? *found : "";
}

bool Settings::truth(const std::string& key, bool fallback) {
  const std::string* found = find(key);
  if (found && *found != "true" && *found != "false") wrong("\"" + key + "\" is \"" + *found + "\"; write true or false");
  return found ? *found == "true" : fallback;
}

std::int64_t Settings::whole(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
  const std::string* found = find(key);
  if (!found) return fallback;
  const auto number = parse_integer(*found);
  if (!number || *number < least || *number > most) {
    wrong("\"" + key + "\" is \"" + *found + "\"; write a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }
  return *number;
}

Duration Settings::span(const std::string& key, Duration fallback) {
  constexpr std::int64_t kYears = 100ll * 365 * 24 * 3600 * 1000;
  return whole(key, fallback / kMillisecond, 0, kYears) * kMillisecond;
}

std::vector<std::string> Settings::list(const std::string& key) {
  std::vector<std::string> all;
  std::string each;
  for (const char c : text(key) + ",") {
    if (c == ' ' && each.empty()) continue;
    if (c != ',') {
      each += c;
      continue;
    }
    while (!each.empty() && each.back() == ' ') each.pop_back();
    if (!each.empty()) all.push_back(std::move(each));
    each.clear();
  }
  return all;
}

std::size_t Settings::one_of(const std::string& key, const std::vector<std::string_view>& words, std::size_t fallback) {
  const std::string* found = find(key);
  if (!found) return fallback;
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (*found == words[i]) return i;
    all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
  }
  wrong("\"" + key + "\" is \"" + *found + "\"; write " + all);
  return fallback;
}

void Settings::refuse_unread() {
  for (const auto& [key, value] : properties_) {
    if (read_.count(key)) continue;
    const std::string near = nearest_name(key, {read_.begin(), read_.end()});
    return wrong("\"" + key + "\" is no key of this connector" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
}

std::string_view short_class(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace nutshell::connect

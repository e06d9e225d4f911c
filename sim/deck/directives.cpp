#include "sim/deck/directives.h"

#include <algorithm>

namespace nutshell {

namespace {

// What both a deck and a slide may say.
constexpr std::string_view kBoth[] = {
    "autoscale",       "background-color", "background-image", "build-lists",    "code",          "code-highlight",
    "footer",          "footer-style",     "formula",          "header",         "header-emphasis", "header-strong",
    "link",            "list",             "quote",            "quote-author",   "slide-transition", "slidenumber-style",
    "slidenumbers",    "table",            "table-separator",  "text",           "text-emphasis", "text-strong"};
constexpr std::string_view kDeckOnly[] = {"theme", "slidecount", "presenter-notes", "title", "author", "section-minutes"};
constexpr std::string_view kSlideOnly[] = {"column", "hide-footer", "hide-slidenumbers", "minutes"};

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

bool is_deck_setting(std::string_view name) { return is_among(kBoth, name) || is_among(kDeckOnly, name); }
bool is_slide_directive(std::string_view name) { return is_among(kBoth, name) || is_among(kSlideOnly, name); }

const std::vector<std::string_view>& slide_directives() {
  static const std::vector<std::string_view> kAll = [] {
    std::vector<std::string_view> all(std::begin(kBoth), std::end(kBoth));
    all.insert(all.end(), std::begin(kSlideOnly), std::end(kSlideOnly));
    return all;
  }();
  return kAll;
}

}  // namespace nutshell

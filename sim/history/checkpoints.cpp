#include "sim/history/checkpoints.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell {

bool Checkpoints::wanted(Step position) const {
  return position % spacing_ == 0 && (kept_.empty() || kept_.back()->position < position);
}

void Checkpoints::keep(std::shared_ptr<const Checkpoint> checkpoint) {
  NUTSHELL_REQUIRE(wanted(checkpoint->position));
  bytes_ += checkpoint->bytes;
  kept_.push_back(std::move(checkpoint));
  while (bytes_ > budget_ && kept_.size() > 1) thin();
}

const Checkpoint* Checkpoints::nearest(Step position) const {
  const auto above = std::upper_bound(kept_.begin(), kept_.end(), position,
                                      [](Step wanted, const auto& each) { return wanted < each->position; });
  return above == kept_.begin() ? nullptr : std::prev(above)->get();
}

void Checkpoints::cut(Step position) {
  while (!kept_.empty() && kept_.back()->position > position) {
    bytes_ -= kept_.back()->bytes;
    kept_.pop_back();
  }
}

void Checkpoints::thin() {
  spacing_ *= 2;
  const auto superfluous = [&](const auto& each) { return each->position % spacing_ != 0; };
  for (const auto& each : kept_)
    if (superfluous(each)) bytes_ -= each->bytes;
  kept_.erase(std::remove_if(kept_.begin(), kept_.end(), superfluous), kept_.end());
}

}  // namespace nutshell

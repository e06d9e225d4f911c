#include "sim/history/checkpoints.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell {

namespace {

// A step takes about as long as copying so much for the first time ...
constexpr std::size_t kBytesAStep = 256;
// ... and so many are taken again within some 5 ms.
constexpr Step kWidest = 8'192;

}  // namespace

bool Checkpoints::wanted(Step position) const {
  return position % spacing_ == 0 && (kept_.empty() || kept_.back()->position < position);
}

void Checkpoints::keep(std::shared_ptr<const Checkpoint> checkpoint) {
  NUTSHELL_REQUIRE(wanted(checkpoint->position));
  const std::size_t bytes = checkpoint->bytes;
  bytes_ += bytes;
  kept_.push_back(std::move(checkpoint));
  while (bytes_ > budget_ && kept_.size() > 1) thin();
  // A copy of a large world takes longer than many steps: it must not become most of the work.
  while (bytes > spacing_ * kBytesAStep && spacing_ < kWidest) thin();
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

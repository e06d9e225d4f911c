// Sound: short samples to the loudspeaker, by SDL2. Nothing is opened until it is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nutshell {

class Sound {
 public:
  Sound() = default;
  ~Sound() { close(); }
  Sound(Sound&& other) noexcept
      : device_(std::exchange(other.device_, 0)), sample_rate_(std::exchange(other.sample_rate_, 0)) {}
  Sound& operator=(Sound&&) = delete;

  // For so many samples a second, one channel. "" or why there is no sound.
  std::string open(int sample_rate);
  bool is_open() const { return device_ != 0; }
  void close();
  // After what is still to be heard; left out if that is more than half a second.
  void play(const std::vector<std::int16_t>& samples);

 private:
  std::uint32_t device_ = 0;
  int sample_rate_ = 0;
};

}  // namespace nutshell

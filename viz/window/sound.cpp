#include "viz/window/sound.h"

#include <SDL2/SDL.h>

namespace nutshell {

std::string Sound::open(int sample_rate) {
  if (is_open()) return "";
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  const auto fail = [&] {
    const std::string reason = SDL_GetError();
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
    return "There is no sound here" + (reason.empty() ? "." : " (" + reason + ").");
  };
  if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return fail();
  SDL_AudioSpec wanted{};
  wanted.freq = sample_rate;
  wanted.format = AUDIO_S16SYS;
  wanted.channels = 1;
  wanted.samples = 512;
  device_ = SDL_OpenAudioDevice(nullptr, 0, &wanted, nullptr, 0);
  if (device_ == 0) return fail();
  sample_rate_ = sample_rate;
  SDL_PauseAudioDevice(device_, 0);
  return "";
}

void Sound::close() {
  if (!is_open()) return;
  SDL_CloseAudioDevice(device_);
  SDL_QuitSubSystem(SDL_INIT_AUDIO);
  device_ = 0;
}

void Sound::play(const std::vector<std::int16_t>& samples) {
  const auto half_a_second = static_cast<std::uint32_t>(sample_rate_);  // of two bytes a sample
  if (!is_open() || SDL_GetQueuedAudioSize(device_) > half_a_second) return;
  SDL_QueueAudio(device_, samples.data(), static_cast<std::uint32_t>(samples.size() * sizeof(std::int16_t)));
}

}  // namespace nutshell

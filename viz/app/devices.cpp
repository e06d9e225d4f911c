// Game controllers, and what is heard.
#include "viz/app/app.h"

namespace nutshell {

// True: somebody uses one.
bool App::take_controllers(Duration wall) {
  Controllers& controllers = window_.controllers();
  room_.controller = controllers.any();
  const std::vector<PadButton> buttons = controllers.take_buttons();
  for (PadButton button : buttons) obey(command_of(button, is_on<GalleryScreen>()));
  if (const float stick = controllers.stick(); stick != 0 && shows_lesson()) {
    const Duration way = scrubbed(stick, wall, session().scenario().until);
    if (way != 0) session().obey({CommandName::go_to_time, session().view_time() + way, {}});
  }
  return !buttons.empty() || controllers.stick() != 0;
}

// Where there is no sound, one sentence says so, and it is switched off again.
void App::sound(Duration wall) {
  const std::vector<Cue> cues = listener_.hear(session(), wall);
  if (!room_.sound) return sound_.close();
  if (std::string problem = sound_.open(kSampleRate); !problem.empty()) {
    room_.sound = false;
    return session().say(std::move(problem));
  }
  for (Cue each : cues) sound_.play(samples_of(each));
}

}  // namespace nutshell

// The caption bar: always one sentence or two about what just happened, or what the lesson says. All captions of a mode
// have one size; one that is too long for two lines is turned like a page.
#pragma once

#include <optional>
#include <string>

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

float caption_height(const Canvas& canvas);
void draw_caption(Ui& ui, const Session& session, Rect area);
// What lies between, as one sentence.
std::string landing_text(const Landing& landing);
// Turns to the next page of what stands in the bar, or to the one before. False: there is none.
bool turn_caption(View& view, int way);
// Wall time goes by while the lesson plays: pages are turned as fast as people read.
void read_on(View& view, Duration wall);
// More of the text is still to come; where it is a question, its choices stand on the last page.
bool has_more_pages(const View& view);
// The choice that was right, once its question has been answered, while the caption right after it stands.
std::optional<std::size_t> answer_before(const Session& session);

}  // namespace nutshell

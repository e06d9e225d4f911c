// The gallery, for whoever walks through it.
#pragma once

#include "viz/panels/panels.h"

namespace nutshell {

// The lesson below the chosen one, or at the top of the next column, as last drawn; `way` -1: the one before; at either
// end the same. Of a gallery that was not drawn yet, by number.
std::size_t lesson_along(const GalleryView& gallery, int way, std::size_t count);

}  // namespace nutshell

// How far apart colours are, for eyes of every kind.
#pragma once

#include <array>

#include "viz/ui/theme.h"

namespace nutshell::testing {

// CIE L*a*b*, white D65.
struct Lab {
  double l = 0, a = 0, b = 0;
};
Lab lab_of(Color color);
// The CIEDE2000 difference (Sharma, Wu and Dalal 2005).
double difference(Lab x, Lab y);

// WCAG 2: 1 to 21.
double contrast(Color x, Color y);

enum class Eye : std::uint8_t { normal, protan, deutan, tritan };
inline constexpr std::array kEyes = {Eye::normal, Eye::protan, Eye::deutan, Eye::tritan};
const char* name_of(Eye eye);
// What the eye makes of it, the deficiency at full strength (Machado, Oliveira and Fernandes 2009).
Color seen(Color color, Eye eye);

}  // namespace nutshell::testing

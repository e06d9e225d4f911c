// The story of a run as text: the picture for those who cannot or do not want to look at it, complete and the same
// in every build.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/run.h"

namespace nutshell {

// Title, cluster and settings; the story with its causes, captions and questions; how it ended. Lines are at most 100
// characters wide where words allow it. REQUIRES as tell().
std::string transcript(const Scenario& scenario, const Timeline& finished);

// The cluster and its clients in a few sentences.
std::string describe_setup(const Setup& setup);

// What differs from Kafka's defaults, one line each: "brokers: broker.session.timeout.ms scaled to 3s (Kafka: 9s)".
std::vector<std::string> different_settings(const Setup& setup);

// The text broken into lines of at most `width` characters, all but the first behind `indent` blanks.
std::string wrap(const std::string& text, std::size_t width, std::size_t indent);

// A digest as 16 hexadecimal digits.
std::string digest_text(std::uint64_t digest);

}  // namespace nutshell

// Numbers, durations and names as people write them. Text becomes integers directly, never by way of
// floating point, so that every build reads the same number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"

namespace nutshell {

// "-12"; nothing else may stand around it. Nothing if it is no integer, or one of more than 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text);

// A part of a whole in millionths: "0.5", "1", "0.000001", with at most six decimals. Nothing if it is none, or above 1.
std::optional<std::int64_t> parse_ppm(std::string_view text);

// "500ms", "1.5s", "2m", "1h", "7d", "250us", "10ns", "-3ms", "5m20s", "1h0.5s": amounts with their units, which are
// required and fall; only the last may have a fraction. Nothing if it is no duration, or not a whole number of
// nanoseconds, or too long to be one.
std::optional<Duration> parse_duration(std::string_view text);
// How to write one, for whoever has not: to follow what is wrong.
inline constexpr const char* kDurationHelp =
    "write \"500us\", \"500ms\", \"9s\", \"2m\" or \"1h\", or several units in falling order, as \"5m20s\"";

// ISO 8601, as Java's Duration: "PT1H30M", "PT0.5S", "P2DT3H". Nothing if it is none, negative or too long. And its text.
std::optional<Duration> parse_iso_duration(std::string_view text);
std::string format_iso_duration(Duration duration);

// A short exact text that parse_duration() reads: "90s", "2m", "1.5s", "250us", "0s", "5m20s".
std::string format_duration(Duration duration);

// A moment, rounded down to milliseconds: "12.345s", and from 100 s on "42m13s" or "42m13.108s".
std::string format_time(Time time);
// The widest text of a moment up to `until`, with 8 for every digit: so much room a column or a clock needs.
std::string widest_time(Time until);

// With a capital letter, to begin a sentence.
std::string capital(std::string text);

// A node's name at the beginning of a sentence: "Broker 1". A client keeps the name that it was given: "c1", not "C1".
std::string node_at_start(std::string name);

// Bytes as two digits each, and back; blanks between them are allowed. Nothing: it is no such text.
std::string hex_text(std::string_view bytes);
std::optional<std::string> bytes_of_hex(std::string_view text);

// The candidate with the fewest edits (a letter more, less, other, or two exchanged), the first among
// equals; empty if none is near enough to be meant.
std::string nearest_name(std::string_view wanted, const std::vector<std::string_view>& candidates);

// What stands between the separators: "a//b" at '/' is "a", "" and "b". Views of `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace nutshell

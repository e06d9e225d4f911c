// Amounts as people type them at the command line: "1000", "10k", "1.5M", "5k/min", "100MB/s", "3GiB/h", "50Mbit/s".
//
// k, M, G and T are powers of ten, Ki, Mi, Gi and Ti of two. What is counted is messages, or bytes (B), or bits (bit). No floating
// point: a number is read by its digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nutshell {

enum class Counted : std::uint8_t { plain, bytes, bits };

struct Amount {
  std::int64_t digits = 0;       // 15 of "1.5"
  std::int64_t tenths = 1;       // ... and 10: what they are to be divided by
  std::int64_t times = 1;        // 1000 of "k"
  Counted counted = Counted::plain;
  std::int64_t seconds = 0;      // 60 of "/min"; 0: nothing is said
};

// What is wrong is said with its remedy, to follow "will not do: ".
struct AmountResult {
  std::optional<Amount> amount;
  std::string problem;
};
AmountResult read_amount(std::string_view text);

// Nothing: it is not whole, or more than a million million.
std::optional<std::int64_t> whole_of(const Amount& amount);
// To the nearest, plain ones being messages of so many bytes; a second, if no time is said. The largest number there is, if it is more.
std::int64_t bytes_a_second(const Amount& amount, std::int64_t message_bytes);

}  // namespace nutshell

// MD5 (RFC 1321): Kinesis finds the shard of a key by it, and ksqlDB has a function of that name.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nutshell {

std::array<std::uint8_t, 16> md5(std::string_view bytes);

}  // namespace nutshell

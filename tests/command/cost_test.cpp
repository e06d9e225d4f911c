#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

using CostJson = nlohmann::json;

CostJson cost_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "cost");
  arguments.emplace_back("--json");
  const Result result = run(arguments);
  CAPTURE(result.err);
  REQUIRE(result.exit_code == 0);
  return CostJson::parse(result.out);
}

std::int64_t micro_of(const CostJson& json, const std::string& product) {
  for (const CostJson& each : json["products"]) {
    if (each["product"] == product) return each["microdollars"].get<std::int64_t>();
  }
  FAIL("there is no " << product);
  return 0;
}

TEST_CASE("cost: the talk's million messages a second, product by product") {
  const Result result = run({"cost", "--rate", "1M", "--size", "100", "--retention", "24h"});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK(result.out.find("example prices") != std::string::npos);
  CHECK(result.out.find("2026-05") != std::string::npos);
  CHECK(result.out.find("24,962 $") != std::string::npos);     // Kafka: 482 + 3,456 + 21,024
  CHECK(result.out.find("47,742 $") != std::string::npos);     // Kinesis: 10,950 + 36,792
  CHECK(result.out.find("1,734,480 $") != std::string::npos);  // SNS + SQS: 1,314,000 + 420,480
  CHECK(result.out.find("1,000 shards: 1,000 records/s bind, not the bytes") != std::string::npos);
  CHECK(result.out.find("292,471 years") != std::string::npos);
}

TEST_CASE("cost --json: the same sums in millionths of a dollar") {
  const CostJson json = cost_json({"--rate", "1000", "--retention", "7d"});
  CHECK(json["bytes_per_second"] == 1'000'000);
  CHECK(json["bytes_per_second_between_zones"] == 4'000'000);
  CHECK(micro_of(json, "kafka") == 714'960'000);  // 262.80 + 241.92 + 210.24
  CHECK(micro_of(json, "kinesis") == 62'342'000);
  for (const CostJson& product : json["products"]) {
    std::int64_t sum = 0;
    for (const CostJson& line : product["lines"]) sum += line["microdollars"].get<std::int64_t>();
    CHECK(sum == product["microdollars"].get<std::int64_t>());
  }
}

TEST_CASE("cost: a rate may be written with its unit, and as bytes") {
  const auto bytes = [](const char* rate) { return cost_json({"--rate", rate, "--size", "2KB"})["bytes_per_second"].get<std::int64_t>(); };
  CHECK(bytes("1M/s") == 2'000'000'000);
  CHECK(bytes("1.5k") == 3'000'000);
  CHECK(bytes("100MB/s") == 100'000'000);
  CHECK(bytes("0.25MB") == 250'000);
  const auto of_kilobytes = [](const char* rate) { return cost_json({"--rate", rate})["bytes_per_second"].get<std::int64_t>(); };
  CHECK(of_kilobytes("5k/min") == 83'333);        // 5,000,000 / 60
  CHECK(of_kilobytes("100/s") == 100'000);
  CHECK(of_kilobytes("1.5/s") == 1'500);
  CHECK(of_kilobytes("3GiB/h") == 894'785);       // 3 x 1,073,741,824 / 3600
  CHECK(of_kilobytes("0.1 GiB/h") == 29'826);     // 107,374,182.4 / 3600
  CHECK(of_kilobytes("50Mbit/s") == 6'250'000);
  CHECK(of_kilobytes("50Mbps") == 6'250'000);
  CHECK(of_kilobytes("1M messages/day") == 11'574);  // 1,000,000,000 / 86,400
  CHECK(of_kilobytes("2628MB/month") == 1'000);      // a month has 730 hours
  const CostJson packed = cost_json({"--rate", "1M", "--size", "100", "--retention", "24h", "--compression", "4"});
  CHECK(packed["bytes_per_second_between_zones"] == 100'000'000);
  CHECK(micro_of(packed, "pubsub") == micro_of(cost_json({"--rate", "1M", "--size", "100", "--retention", "24h"}), "pubsub"));
}

TEST_CASE("cost of a scenario in zones: what its run has counted, unless other numbers are asked for") {
  const CostJson json = cost_json({"the-nearest-copy"});
  const CostJson counted = json["counted"];
  const auto number = [&](const char* name) { return counted[name].get<std::int64_t>(); };
  CHECK(number("written") > 500'000);
  CHECK(number("to_leaders") == 0);                    // the shop stands beside the leader
  CHECK(number("to_copies") > 2 * number("written"));  // two followers, each in a zone of its own
  CHECK(number("to_copies") < 3 * number("written"));
  CHECK(number("to_readers") > number("written") / 4);
  CHECK(number("to_readers") < number("written"));     // for a part of the time it read beside itself
  const std::int64_t all = number("to_leaders") + number("to_copies") + number("to_readers") + number("other");
  const auto each_second = json["bytes_per_second_between_zones"].get<std::int64_t>();
  const std::int64_t wanted = json["bytes_per_second"].get<std::int64_t>() * all / number("written");
  CHECK(each_second >= wanted - 4);
  CHECK(each_second <= wanted + 4);
  CHECK_FALSE(cost_json({"the-nearest-copy", "--zones", "2"}).contains("counted"));
}

TEST_CASE("cost --curve: a cluster cannot go to zero, and where it meets pay-per-use") {
  const std::vector<std::string> asked = {"cost", "--rate",  "2000",    "--consumers", "5",        "--retention",
                                          "24h",  "--curve", "--up-to", "3",           "--points", "6"};
  const Result result = run(asked);
  CHECK(result.out.find("Kafka cannot go to zero: it costs 263 $ while nothing is sent.") != std::string::npos);
  CHECK(result.out.find("From 1.18 MB/s on it costs no more than Pub/Sub.") != std::string::npos);
  const CostJson json =
      cost_json({"--rate", "2000", "--consumers", "5", "--retention", "24h", "--curve", "--up-to", "3", "--points", "6"});
  CHECK(json["curve"]["points"].size() == 7);
  CHECK(json["curve"]["points"][0]["pubsub"] == 0);
  CHECK(json["curve"]["points"][6]["bytes_per_second"] == 3'000'000);
  const CostJson by_unit = cost_json({"--rate", "2000", "--curve", "--up-to", "180MB/min", "--points", "6"});
  CHECK(by_unit["curve"]["points"][6]["bytes_per_second"] == 3'000'000);
}

TEST_CASE("cost of a scenario: its run says how much, and what it does not say is told") {
  const CostJson json = cost_json({failover_file()});
  CHECK(json["copies"] == 2);
  CHECK(json["services"] == 0);
  CHECK(json["bytes_per_second"].get<std::int64_t>() > 0);
  CHECK(json["source"].get<std::string>().find("the run of") == 0);
  CHECK(json["missing"].dump().find("no zones") != std::string::npos);
  // A number that is given is the one that counts.
  CHECK(cost_json({failover_file(), "--consumers", "3"})["services"] == 3);
}

TEST_CASE("cost: prices of one's own, and numbers without sense") {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& said) {
    const Result result = run(arguments);
    CAPTURE(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find(said) != std::string::npos);
  };
  refused({"cost"}, "nothing to add up");
  refused({"cost", "--rate", "many"}, "--rate 'many' will not do");
  refused({"cost", "--rate", "-5"}, "--rate '-5' will not do");
  for (const char* each : {"1.0000001M", "M", ".5M", "1.M", "1/s/s", "1MM", "1e6", "5 ", "1Bps/s"})
    refused({"cost", "--rate", each}, std::string("--rate '") + each + "' will not do");
  refused({"cost", "--rate", "5/fortnight"}, "'/fortnight' is no time to count for; write /s, /min, /h, /day or /month");
  refused({"cost", "--rate", "50Mb/s"}, "'b' may be bits or bytes; write 50Mbit/s or 50MB/s");
  refused({"cost", "--rate", "5XB/s"}, "'XB' is no unit; write nothing for messages, B or bit");
  refused({"cost", "--rate", "1B/h"}, "--rate '1B/h' will not do: it is not one byte a second");
  refused({"cost", "--rate", "1000", "--curve", "--up-to", "2TB/s"}, "--up-to 2TB/s is more than a terabyte a second");
  refused({"cost", "--rate", "1000", "--curve", "--up-to", "2x"}, "--up-to '2x' will not do: 'x' is no unit");
  refused({"cost", "--rate", "1000", "--consumers", "1.5"}, "--consumers '1.5' will not do");
  refused({"cost", "--rate", "1000", "--consumers", "5/s"}, "--consumers '5/s' will not do");
  refused({"cost", "--rate", "1000", "--zones", "3B"}, "--zones '3B' will not do");
  refused({"cost", "--rate", "1000", "--size", "1KB/s"}, "--size '1KB/s' will not do");
  refused({"cost", "--rate", "1000", "--compression", "0"}, "0 times smaller will not do");
  refused({"cost", "--rate", "1000", "--size", "0"}, "0 bytes of a message will not do");
  refused({"cost", "--rate", "1000G", "--size", "1000G"}, "will not do");
  refused({"cost", "--rate", "1000", "--retention", "7"}, "--retention '7' is no time");
  refused({"cost", "--rate", "1000", "--seed", "7"}, "change a scenario");
  refused({"cost", "--rate", "1000", "--prices", write_file("p.json", R"({"about": "mine", "date": "today", "prices": {}})")},
          "'vm_hour' is missing");
  refused({"cost", "--rate", "1000", "--curve", "--points", "0"}, "--points 0 will not do");
}

}  // namespace
}  // namespace nutshell::testing

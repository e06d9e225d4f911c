// nutshell cost: what a workload costs a month with each product.
#include <algorithm>
#include <set>

#include "sim/cluster/zones.h"
#include "sim/command/amount.h"
#include "sim/command/columns.h"
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/command/run_load.h"
#include "sim/core/text.h"
#include "sim/cost/curve.h"

namespace nutshell {
namespace {

constexpr const char* kShippedPrices = "assets/prices/example.json";

// As written; empty: what the run shows, or else the default.
struct CostOptions {
  CommonOptions common;
  std::string file, rate, size, retention, consumers, zones, copies, batch, pack, partitions, backlog, compression, prices;
  std::string up_to, points = "12";
  bool curve = false, zookeeper = false, follower_fetching = false, fan_out = false;
};

// What is costed, and what was not to be had from a run.
struct Asked {
  Load load;
  std::string source;  // "the run of leader-failover (40s)"; empty: numbers that were given
  std::vector<std::string> missing;
};

Failure no_amount(const std::string& option, const std::string& text, const char* such_as) {
  return Failure(option + " '" + text + "' will not do; give a number from 0 to a million million, such as " + such_as);
}

// Where bytes make sense they may be named: "1KB".
void take(const std::string& option, const std::string& text, std::int64_t& into, bool bytes = false) {
  if (text.empty()) return;
  const std::optional<Amount> amount = read_amount(text).amount;
  const bool fits = amount && amount->seconds == 0 && (amount->counted == Counted::plain || (amount->counted == Counted::bytes && bytes));
  const std::optional<std::int64_t> whole = fits ? whole_of(*amount) : std::nullopt;
  if (!whole) throw no_amount(option, text, bytes ? "1000, 1KB or 1.5M" : "1000, 10k or 1M");
  into = *whole;
}

Amount rate_of(const std::string& option, const std::string& text) {
  const AmountResult read = read_amount(text);
  if (!read.amount) throw Failure(option + " '" + text + "' will not do: " + read.problem);
  return *read.amount;
}

// Messages in some time, or bytes if the text says so: what is written in all.
void take_rate(const std::string& text, Load& load) {
  if (text.empty()) return;
  const Amount rate = rate_of("--rate", text);
  load.bytes_per_second = bytes_a_second(rate, load.message_bytes);
  if (load.bytes_per_second == 0 && rate.digits > 0 && load.message_bytes > 0)
    throw Failure("--rate '" + text + "' will not do: it is not one byte a second; give more, or 0 for nothing at all");
}
void take_time(const std::string& option, const std::string& text, std::int64_t& seconds) {
  if (text.empty()) return;
  const std::optional<Duration> time = parse_duration(text);
  if (!time || *time < 0) throw Failure(option + " '" + text + "' is no time; " + kDurationHelp);
  seconds = *time / kSecond;
}

// What the run has counted between zones; what an option asks for is worked out instead.
void count_zones(const CostOptions& options, const World& world, std::int64_t written, Asked& asked) {
  const std::size_t zones = zone_names(world).size();
  if (zones > 1) asked.load.zones = static_cast<std::int64_t>(zones);
  const bool otherwise = !options.zones.empty() || !options.copies.empty() || !options.consumers.empty() || options.follower_fetching;
  if (zones > 1 && written > 0 && !otherwise) {
    const ZoneFlow flow = total_flow(world);
    asked.load.counted = CountedTraffic{written, flow.produce, flow.replicate, flow.consume, flow.other};
    asked.source += ", which has counted " + grouped(flow.total()) + " bytes between " + std::to_string(zones) + " zones";
    return;
  }
  const std::string zones_text = std::to_string(asked.load.zones) + " zones (--zones), not counted";
  if (zones <= 1) asked.missing.push_back("its brokers stand in no zones, so the bytes between zones are worked out for " + zones_text);
  else asked.missing.push_back("what crosses zones is worked out for what the options say, not counted");
}

Asked measured(const CostOptions& options) {
  const Scenario scenario = load(options.file, overrides_of(options.common));
  const Timeline timeline = run_to_end(scenario, FactLevel::story);
  const StoredLoad stored = stored_in(timeline.world());
  Asked asked;
  asked.source = "the run of " + scenario.name + " (" + format_duration(scenario.until) + ", " + grouped(stored.records) + " records)";
  if (stored.records == 0) asked.missing.push_back("no record is stored at its end, so the load is 0; --rate and --size give another");
  else asked.load.message_bytes = std::max<std::int64_t>(1, stored.bytes / stored.records);
  asked.load.bytes_per_second =
      static_cast<std::int64_t>(static_cast<__int128>(stored.bytes) * kSecond / std::max<Time>(scenario.until, 1));
  std::set<GroupId> groups;
  for (const Consumer& each : timeline.world().consumers) groups.insert(each.spec.group);
  asked.load.services = static_cast<std::int64_t>(groups.size());
  std::set<std::int32_t> copies;
  for (const TopicSpec& each : scenario.setup.topics) copies.insert(replicas_of(each, scenario.setup.config));
  if (!copies.empty()) asked.load.copies = *copies.rbegin();
  if (copies.size() > 1) asked.missing.push_back("its topics have different replication factors; the largest is taken for all");
  if (scenario.setup.topics.size() == 1) {
    const Duration kept = scenario.setup.topics.front().config.retention_time;
    if (kept >= 0) asked.load.keep_seconds = kept / kSecond;
  }
  count_zones(options, timeline.world(), stored.bytes, asked);
  return asked;
}

Asked asked_of(const CostOptions& options) {
  if (options.file.empty() && options.rate.empty()) throw Failure("nothing to add up: give --rate, such as --rate 1000, or a scenario");
  if (options.file.empty() && (!options.common.set.empty() || !options.common.seed.empty() || !options.common.until.empty()))
    throw Failure("--seed, --until and --set change a scenario, and none is given");
  Asked asked = options.file.empty() ? Asked() : measured(options);
  Load& load = asked.load;
  const std::int64_t size = load.message_bytes;
  take("--size", options.size, load.message_bytes, true);
  // Another size: as many messages as before.
  if (options.rate.empty() && size > 0)
    load.bytes_per_second = static_cast<std::int64_t>(static_cast<__int128>(load.bytes_per_second) * load.message_bytes / size);
  take_rate(options.rate, load);
  take("--consumers", options.consumers, load.services);
  take("--zones", options.zones, load.zones);
  take("--copies", options.copies, load.copies);
  take("--batch", options.batch, load.batch);
  take("--pack", options.pack, load.packed_bytes, true);
  take("--partitions", options.partitions, load.partitions);
  take("--compression", options.compression, load.compression);
  take_time("--retention", options.retention, load.keep_seconds);
  take_time("--backlog", options.backlog, load.backlog_seconds);
  load.zookeeper = options.zookeeper;
  load.follower_fetching = options.follower_fetching;
  load.fan_out = options.fan_out;
  if (const std::string problem = load_problem(load); !problem.empty()) throw Failure(problem);
  return asked;
}

PriceList prices_of(const CostOptions& options, std::string& path) {
  path = options.prices.empty() ? find_shipped_file(kShippedPrices) : options.prices;
  PriceListResult read = read_prices(text_of_file(path));
  if (!read.list) throw Failure(path + ": " + read.problem);
  return std::move(*read.list);
}

std::string load_text(const Load& load) {
  const std::int64_t messages = load.bytes_per_second / load.message_bytes;
  return grouped(messages) + " messages/s of " + grouped(load.message_bytes) + " bytes are " + rate_text(load.bytes_per_second) +
         "; read by " + std::to_string(load.services) + (load.services == 1 ? " service" : " services") + ", kept " +
         format_duration(load.keep_seconds * kSecond) + ", " + std::to_string(load.copies) +
         (load.copies == 1 ? " copy in " : " copies in ") + std::to_string(load.zones) + (load.zones == 1 ? " zone" : " zones") +
         ", batches of " + grouped(load.batch) +
         (load.compression > 1 ? ", which Kafka compresses " + grouped(load.compression) + " to 1" : "");
}

Load idle(Load load) {
  load.bytes_per_second = 0;
  return load;
}

std::string per_million(const Bill& bill, const Load& load) {
  const std::int64_t messages = messages_per_month(load);
  if (messages == 0) return "-";
  const auto money = static_cast<Money>(static_cast<__int128>(bill.total) * 1'000'000 / messages);
  return money_text((money + 5'000) / 10'000 * 10'000, true);
}

// To where the curve is drawn: as asked, or twice the load, or ten megabytes a second if there is none.
std::int64_t curve_end(const CostOptions& options, const Load& load) {
  constexpr std::int64_t kMost = 1'000'000 * kMegabyte;
  if (!options.up_to.empty()) {
    const Amount most = rate_of("--up-to", options.up_to);
    const bool megabytes = most.counted == Counted::plain && most.seconds == 0;
    const std::int64_t bytes = bytes_a_second(most, megabytes ? kMegabyte : load.message_bytes);
    if (bytes > kMost) throw Failure("--up-to " + options.up_to + " is more than a terabyte a second; give megabytes a second");
    if (bytes > 0) return bytes;
  }
  return load.bytes_per_second > 0 ? std::min<std::int64_t>(2 * load.bytes_per_second, kMost) : 10 * kMegabyte;
}

std::int64_t points_of(const CostOptions& options) {
  const std::int64_t points = integer_option("--points", options.points);
  if (points < 1 || points > 1000) throw Failure("--points " + options.points + " will not do; give a number from 1 to 1000");
  return points;
}

// Where Kafka costs as little as each product that is paid by use, and Kinesis.
std::vector<std::pair<CostProduct, std::optional<std::int64_t>>> crossings(const Load& load, const PriceList& prices,
                                                                           std::int64_t most) {
  std::vector<std::pair<CostProduct, std::optional<std::int64_t>>> found;
  for (const CostProduct each : kProducts) {
    if (is_pay_per_use(each) || each == CostProduct::kinesis)
      found.emplace_back(each, crossing(CostProduct::kafka, each, load, prices, most));
  }
  return found;
}

constexpr std::int64_t kFarthest = 1'000 * kMegabyte;  // to where crossings are looked for, if not farther

std::string bill_json(const Bill& bill, const Load& load, const PriceList& prices) {
  std::vector<std::string> lines;
  for (const BillLine& each : bill.lines)
    lines.push_back(JsonObject().text("what", each.what).text("formula", each.formula).number("microdollars", each.money).done());
  return JsonObject()
      .text("product", product_key(bill.product))
      .text("name", product_name(bill.product))
      .truth("pay_per_use", is_pay_per_use(bill.product))
      .number("microdollars", bill.total)
      .number("idle_microdollars", bill_of(bill.product, idle(load), prices).total)
      .text("takes", bill.needs)
      .json("lines", json_list(lines))
      .done();
}

std::string curve_json(const CostOptions& options, const Load& load, const PriceList& prices) {
  std::vector<std::string> points, meets;
  const std::int64_t most = curve_end(options, load);
  const std::vector<CostProduct> products(std::begin(kProducts), std::end(kProducts));
  for (const CurvePoint& each : cost_curve(products, load, prices, most, points_of(options))) {
    JsonObject point;
    point.number("bytes_per_second", each.bytes_per_second);
    for (std::size_t i = 0; i < products.size(); ++i) point.number(product_key(products[i]), each.totals[i]);
    points.push_back(point.done());
  }
  for (const auto& [product, at] : crossings(load, prices, std::max(most, kFarthest)))
    meets.push_back(
        JsonObject().text("product", product_key(product)).json("bytes_per_second", at ? std::to_string(*at) : "null").done());
  return JsonObject().json("points", json_list(points)).json("kafka_meets", json_list(meets)).done();
}

void print_json(const CostOptions& options, const Asked& asked, const PriceList& prices, Output& out) {
  const Load& load = asked.load;
  std::vector<std::string> bills;
  for (const CostProduct each : kProducts) bills.push_back(bill_json(bill_of(each, load, prices), load, prices));
  JsonObject made;
  if (load.counted)
    made.json("counted", JsonObject()
                             .number("written", load.counted->written)
                             .number("to_leaders", load.counted->to_leaders)
                             .number("to_copies", load.counted->to_copies)
                             .number("to_readers", load.counted->to_readers)
                             .number("other", load.counted->other)
                             .done());
  made.text("prices", prices.about)
      .text("prices_of", prices.date)
      .text("source", asked.source)
      .json("missing", json_strings(asked.missing))
      .number("bytes_per_second", load.bytes_per_second)
      .number("message_bytes", load.message_bytes)
      .number("messages_per_month", messages_per_month(load))
      .number("services", load.services)
      .number("retention_seconds", load.keep_seconds)
      .number("copies", load.copies)
      .number("zones", load.zones)
      .number("compression", load.compression)
      .number("bytes_per_second_between_zones", zone_traffic(load).all())
      .json("products", json_list(bills));
  if (options.curve) made.json("curve", curve_json(options, load, prices));
  out.text(made.done());
}

void print_table(const Load& load, const PriceList& prices, Output& out) {
  std::vector<std::vector<std::string>> rows = {{"PRODUCT", "A MONTH", "IDLE", "A MILLION MESSAGES", "WHAT IT TAKES"}};
  for (const CostProduct each : kProducts) {
    const Bill bill = bill_of(each, load, prices);
    rows.push_back({std::string(product_name(each)), money_text(bill.total), money_text(bill_of(each, idle(load), prices).total),
                    per_million(bill, load), bill.needs});
  }
  out.line("");
  for (const std::string& line : in_columns(rows)) out.line(line);
  for (const CostProduct each : kProducts) {
    const Bill bill = bill_of(each, load, prices);
    out.line("");
    out.line(product_name(each), Style::bold);
    std::vector<std::vector<std::string>> parts;
    for (const BillLine& part : bill.lines) parts.push_back({"  " + part.what, money_text(part.money), part.formula});
    for (const std::string& line : in_columns(parts)) out.line(line);
  }
}

void print_curve(const CostOptions& options, const Load& load, const PriceList& prices, Output& out) {
  const std::int64_t most = curve_end(options, load);
  const std::vector<CostProduct> products(std::begin(kProducts), std::end(kProducts));
  std::vector<std::vector<std::string>> rows = {{"MB/s"}};
  for (const CostProduct each : products) rows.front().emplace_back(product_name(each));
  for (const CurvePoint& each : cost_curve(products, load, prices, most, points_of(options))) {
    rows.push_back({megabytes_of(each.bytes_per_second)});
    for (const Money total : each.totals) rows.back().push_back(money_text(total));
  }
  out.line("");
  for (const std::string& line : in_columns(rows, LastColumn::numbers)) out.line(line);
  out.line("");
  out.line("Kafka cannot go to zero: it costs " + money_text(bill_of(CostProduct::kafka, idle(load), prices).total) +
           " while nothing is sent.");
  for (const auto& [product, at] : crossings(load, prices, std::max(most, kFarthest))) {
    const std::string name(product_name(product));
    out.line(!at ? "Up to " + rate_text(std::max(most, kFarthest)) + " it never costs as little as " + name + "."
                 : "From " + rate_text(*at) + " on it costs no more than " + name + ".");
  }
}

void print_limits(const Load& load, Output& out) {
  const std::int64_t a_day = static_cast<std::int64_t>(static_cast<__int128>(load.bytes_per_second) * 86'400 / load.message_bytes);
  out.line("");
  out.line("What a month of it is: " + grouped(messages_per_month(load)) + " messages, " +
           grouped(static_cast<std::int64_t>(static_cast<__int128>(load.bytes_per_second) * kMonthSeconds / 1'000'000'000)) + " GB; " +
           rate_text(load.bytes_per_second / load.compression * load.copies) + " to disks, " + rate_text(zone_traffic(load).all()) +
           " between zones.");
  if (a_day > 0)
    out.line("An offset has 63 bits: all of it in one partition would be numbered for " + grouped(days_of_offsets(a_day) / 365) +
             " years.");
}

int cost(const CostOptions& options, Output& out) {
  points_of(options);  // what is wrong there is said before anything is printed
  const Asked asked = asked_of(options);
  curve_end(options, asked.load);
  std::string path;
  const PriceList prices = prices_of(options, path);
  if (options.common.json) {
    print_json(options, asked, prices, out);
    return kExitFine;
  }
  out.line("Prices: " + prices.about + "; of " + prices.date + " (" + path + ").", Style::caption);
  if (!asked.source.empty()) out.line("Load: " + asked.source + ".");
  for (const std::string& each : asked.missing) out.line("Not from the run: " + each + ".");
  out.line(load_text(asked.load) + ".");
  print_table(asked.load, prices, out);
  if (options.curve) print_curve(options, asked.load, prices, out);
  print_limits(asked.load, out);
  out.line("People are in no formula.");
  return kExitFine;
}

}  // namespace

void add_cost(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("cost", "What a load costs a month with Kafka and with five others, by example prices");
  auto options = std::make_shared<CostOptions>();
  const auto option = [&](const char* name, std::string& into, const char* about, const char* type) {
    command.option(name, into, type, about);
  };
  option("FILE", options->file, "A scenario: its run says how much is written, in how many copies, and read by how many groups", "");
  option("--rate", options->rate, "Messages a second, or in another time, or bytes: 1000, 5k/min, 100MB/s, 3GiB/h, 50Mbit/s", "RATE");
  option("--size", options->size, "Bytes of a message (1000)", "NUMBER");
  option("--retention", options->retention, "How long all is kept, such as 24h (7 days)", "TIME");
  option("--consumers", options->consumers, "Services that read everything (2)", "NUMBER");
  option("--zones", options->zones, "Zones that machines stand in (3)", "NUMBER");
  option("--copies", options->copies, "Copies of each record (3)", "NUMBER");
  option("--batch", options->batch, "Messages in a publish, a receive, a delete (10)", "NUMBER");
  option("--pack", options->pack, "Bytes of messages packed into one record of Kinesis (0: each is a record)", "NUMBER");
  option("--partitions", options->partitions, "Partitions, if there are many (0)", "NUMBER");
  option("--backlog", options->backlog, "How long messages wait unread in queues (0s)", "TIME");
  option("--compression", options->compression, "How many times smaller Kafka's batches are than their messages (1)", "NUMBER");
  command.flag("--zookeeper", options->zookeeper, "Three more small machines");
  command.flag("--follower-fetching", options->follower_fetching, "Readers fetch from a replica in their own zone");
  command.flag("--fan-out", options->fan_out, "Kinesis: each reader has two megabytes a second of its own");
  option("--prices", options->prices, "A price list of your own, written as assets/prices/example.json is", "FILE");
  command.flag("--curve", options->curve, "The bill over the load, and where two of them cross");
  option("--up-to", options->up_to, "Where the curve ends, in megabytes a second, or with a unit as --rate (twice the load)", "RATE");
  option("--points", options->points, "Steps of the curve (12)", "NUMBER");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "A month has 730 hours. The prices are examples with a date, not today's.\n"
      "\n"
      "Examples:\n"
      "  nutshell cost --rate 1M --size 100 --retention 24h\n"
      "  nutshell cost --rate 2000 --consumers 5 --retention 24h --curve --up-to 3\n"
      "  nutshell cost leader-failover");
  command.on_chosen(job, options, cost);
}

}  // namespace nutshell

#include "viz/slides/picture_shelf.h"

#include <stb/stb_image.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "sim/deck/pictures.h"

namespace nutshell {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = std::uintmax_t{64} << 20;     // of a file
constexpr std::int64_t kMostPixels = std::int64_t{64} * 1024 * 1024;  // of a picture while it is decoded
constexpr std::int64_t kMostFramePixels = std::int64_t{48} * 1024 * 1024;  // of all frames of one that moves
constexpr int kMostWide = 2560, kMostHigh = 1600;                   // of what is kept
constexpr Duration kUsualFrame = 100 * kMillisecond;

struct Freed {
  void operator()(void* pixels) const { stbi_image_free(pixels); }
};
template <class T>
using Owned = std::unique_ptr<T, Freed>;

// The bytes of the file; none: `problem` says why.
std::vector<std::uint8_t> bytes_of(const std::string& path, std::size_t most, std::string& problem) {
  std::error_code failed;
  if (path.find("://") != std::string::npos) problem = "is on the network; keep it beside the deck";
  else if (fs::is_directory(path, failed)) problem = "is a folder";
  else if (std::ifstream in(path, std::ios::binary); !in) problem = "is not there";
  else if (const std::uintmax_t size = fs::file_size(path, failed); failed || size == 0) problem = "is empty";
  else if (size > kMostBytes) problem = "is larger than " + std::to_string(kMostBytes >> 20) + " MiB; make it smaller";
  else {
    std::vector<std::uint8_t> bytes(std::min<std::size_t>(static_cast<std::size_t>(size), most));
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    if (bytes.empty()) problem = "cannot be read";
    return bytes;
  }
  return {};
}

PictureKind kind_of(const std::vector<std::uint8_t>& bytes) {
  return picture_kind({reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 512)});
}

// How many pictures follow each other in a GIF; 0: it breaks off before one has ended.
std::int64_t frames_of_gif(const std::vector<std::uint8_t>& gif) {
  std::size_t at = 13;
  const auto skip_table = [&](std::uint8_t flags) { at += (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0; };
  const auto skip_blocks = [&] {
    while (at < gif.size() && gif[at] != 0) at += std::size_t{gif[at]} + 1;
    ++at;
    return at <= gif.size();
  };
  if (gif.size() < at) return 0;
  skip_table(gif[10]);
  std::int64_t frames = 0;
  while (at < gif.size() && gif[at] != 0x3B) {
    const std::uint8_t mark = gif[at++];
    if (mark == 0x21) {
      ++at;
      if (!skip_blocks()) break;
    } else if (mark == 0x2C) {
      if (at + 10 > gif.size()) break;
      const std::uint8_t flags = gif[at + 8];
      at += 9;
      skip_table(flags);
      ++at;  // the size of its codes
      if (at >= gif.size() || !skip_blocks()) break;
      ++frames;
    } else {
      break;
    }
  }
  return frames;
}

// The mean of squares of `by` pixels a side.
std::vector<std::uint8_t> shrunk(const std::uint8_t* pixels, int width, int height, int by) {
  const int wide = width / by, high = height / by;
  std::vector<std::uint8_t> small(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high) * 4);
  for (int y = 0; y < high; ++y) {
    for (int x = 0; x < wide; ++x) {
      for (int part = 0; part < 4; ++part) {
        unsigned sum = 0;
        for (int dy = 0; dy < by; ++dy) {
          const std::uint8_t* row =
              pixels + (static_cast<std::size_t>(y * by + dy) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x * by)) * 4;
          for (int dx = 0; dx < by; ++dx) sum += row[dx * 4 + part];
        }
        small[(static_cast<std::size_t>(y) * static_cast<std::size_t>(wide) + static_cast<std::size_t>(x)) * 4 +
              static_cast<std::size_t>(part)] = static_cast<std::uint8_t>(sum / static_cast<unsigned>(by * by));
      }
    }
  }
  return small;
}

void add_frame(DecodedPicture& picture, const std::uint8_t* pixels, int width, int height, Duration lasts) {
  int by = 1;
  while (width / by > kMostWide || height / by > kMostHigh) ++by;
  picture.width = width / by;
  picture.height = height / by;
  picture.lasts.push_back(lasts);
  if (by > 1) picture.frames.push_back(shrunk(pixels, width, height, by));
  else picture.frames.emplace_back(pixels, pixels + static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
}

void decode_gif(const std::vector<std::uint8_t>& bytes, DecodedPicture& picture) {
  int* delays = nullptr;
  int width = 0, height = 0, count = 0, parts = 0;
  const Owned<stbi_uc> pixels(
      stbi_load_gif_from_memory(bytes.data(), static_cast<int>(bytes.size()), &delays, &width, &height, &count, &parts, 4));
  const Owned<int> lasts(delays);
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  for (int i = 0; pixels && i < count; ++i) {
    const int delay = lasts ? lasts.get()[i] : 0;
    add_frame(picture, pixels.get() + size * static_cast<std::size_t>(i), width, height, delay > 10 ? delay * kMillisecond : kUsualFrame);
  }
}

std::shared_ptr<const SvgDrawing> drawing_of(const std::vector<std::uint8_t>& bytes, std::string& problem) {
  const std::string_view svg(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  problem = svg_problem(svg);
  return problem.empty() ? SvgDrawing::read(svg, problem) : nullptr;
}

// All of it, as large as fits into the room.
void draw_for(const SvgDrawing& drawing, PixelSize room, DecodedPicture& picture) {
  const double wide = room.width > 0 ? room.width : kMostWide, high = room.height > 0 ? room.height : kMostHigh;
  const double scale = std::min(wide / drawing.width(), high / drawing.height());
  const auto pixels = [scale](double length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  picture.width = pixels(drawing.width());
  picture.height = pixels(drawing.height());
  picture.frames.push_back(drawing.pixels(picture.width, picture.height, picture.problem));
  picture.lasts.push_back(kUsualFrame);
  if (!picture.problem.empty()) picture.frames.clear();
}

PictureFacts measure(const std::vector<std::uint8_t>& bytes, std::string& problem) {
  const PictureKind kind = kind_of(bytes);
  if (kind == PictureKind::none) problem = "is no PNG, JPEG, GIF or SVG";
  if (!problem.empty()) return {};
  int width = 0, height = 0, parts = 0;
  if (!stbi_info_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &parts) || width < 1 || height < 1)
    problem = "is broken";
  else if (std::int64_t{width} * height > kMostPixels)
    problem = "has " + std::to_string(width) + " x " + std::to_string(height) + " pixels; make it smaller";
  if (!problem.empty()) return {};
  return {false, static_cast<float>(width), static_cast<float>(height)};
}

}  // namespace

std::size_t DecodedPicture::bytes() const {
  std::size_t all = 0;
  for (const auto& each : frames) all += each.size();
  return all;
}

PictureFacts picture_size(const std::string& path, std::string& problem) {
  constexpr std::size_t kHead = 1 << 20;  // a JPEG may have a small picture of itself before its size
  const std::vector<std::uint8_t> bytes = bytes_of(path, kHead, problem);
  if (!problem.empty()) return {};
  if (kind_of(bytes) != PictureKind::svg) return measure(bytes, problem);
  const std::shared_ptr<const SvgDrawing> drawing = read_drawing(path, problem);
  return drawing ? PictureFacts{false, static_cast<float>(drawing->width()), static_cast<float>(drawing->height())} : PictureFacts{};
}

std::shared_ptr<const SvgDrawing> read_drawing(const std::string& path, std::string& problem) {
  const std::vector<std::uint8_t> bytes = bytes_of(path, kMostBytes, problem);
  return problem.empty() && kind_of(bytes) == PictureKind::svg ? drawing_of(bytes, problem) : nullptr;
}

DecodedPicture decode_picture(const std::string& path, PixelSize room) {
  DecodedPicture picture;
  const std::vector<std::uint8_t> bytes = bytes_of(path, kMostBytes, picture.problem);
  if (!picture.problem.empty()) return picture;
  if (kind_of(bytes) == PictureKind::svg) {
    if (const std::shared_ptr<const SvgDrawing> drawing = drawing_of(bytes, picture.problem)) draw_for(*drawing, room, picture);
    return picture;
  }
  const PictureFacts size = measure(bytes, picture.problem);
  if (!picture.problem.empty()) return picture;
  if (kind_of(bytes) == PictureKind::gif) {
    const std::int64_t frames = frames_of_gif(bytes);
    if (frames == 0) {
      picture.problem = "is broken";
      return picture;
    }
    const auto pixels = static_cast<std::int64_t>(size.width) * static_cast<std::int64_t>(size.height);
    // One that is too long stands still at its first picture.
    if (frames > 1 && frames * pixels <= kMostFramePixels) decode_gif(bytes, picture);
    if (!picture.frames.empty()) return picture;
  }
  int width = 0, height = 0, parts = 0;
  const Owned<stbi_uc> pixels(stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &parts, 4));
  if (pixels) add_frame(picture, pixels.get(), width, height, kUsualFrame);
  else picture.problem = "is broken";
  return picture;
}

PictureShelf::PictureShelf(Window& window, std::size_t budget) : window_(window), budget_(budget), worker_([this] { work(); }) {}

PictureShelf::~PictureShelf() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  worker_.join();
  for (auto& [path, each] : entries_) forget(each);
}

void PictureShelf::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ends_ || !queue_.empty(); });
    if (ends_) return;
    const auto [path, room] = std::move(queue_.front());
    queue_.pop_front();
    ++under_way_;
    lock.unlock();
    auto decoded = std::make_shared<DecodedPicture>(decode_picture(path, room));
    lock.lock();
    --under_way_;
    done_[path] = std::move(decoded);
    changed_.notify_all();
  }
}

PictureShelf::Entry& PictureShelf::entry(const std::string& path) {
  Entry& entry = entries_[path];
  if (entry.measured) return entry;
  entry.measured = true;
  entry.facts = picture_size(path, entry.problem);
  std::string problem;
  const std::vector<std::uint8_t> first = bytes_of(path, 512, problem);
  entry.drawing = problem.empty() && kind_of(first) == PictureKind::svg;
  return entry;
}

const PictureFacts& PictureShelf::facts(const std::string& path) { return entry(path).facts; }
std::string PictureShelf::problem(const std::string& path) { return entry(path).problem; }

void PictureShelf::want(const std::string& path, PixelSize room) {
  Entry& wanted = entry(path);
  wanted.used = turn_;
  const bool anew = wanted.drawing && room != PixelSize{} && room != wanted.room;
  if ((wanted.wanted && !anew) || !wanted.problem.empty()) return;
  wanted.wanted = true;
  if (anew) wanted.room = room;
  const std::lock_guard lock(mutex_);
  queue_.emplace_back(path, wanted.room);
  changed_.notify_all();
}

// What has been decoded meanwhile.
void PictureShelf::collect() {
  std::map<std::string, std::shared_ptr<DecodedPicture>> done;
  {
    const std::lock_guard lock(mutex_);
    done.swap(done_);
  }
  for (auto& [path, decoded] : done) {
    Entry& each = entries_[path];
    forget(each);  // a drawing of another size
    each.problem = decoded->problem;
    each.decoded = std::move(decoded);
    each.ready = each.wanted = true;
  }
  if (!done.empty()) make_room();
}

PictureShelf::Shown PictureShelf::show(const std::string& path, Duration since, PixelSize room) {
  want(path, room);
  Entry& shown = entries_[path];
  if (!shown.ready || shown.drawing) collect();
  if (!shown.problem.empty()) {
    shown.facts = {};
    return {};
  }
  if (!shown.ready) return {0, shown.facts.width, shown.facts.height, true, false};
  const DecodedPicture& picture = *shown.decoded;
  Duration whole = 0;
  for (const Duration each : picture.lasts) whole += each;
  std::size_t frame = 0;
  for (Duration at = whole > 0 ? since % whole : 0; frame + 1 < picture.frames.size() && at >= picture.lasts[frame]; ++frame)
    at -= picture.lasts[frame];
  const std::size_t turn = frame % 2;
  std::uintptr_t& texture = shown.textures[turn];
  if (shown.frame[turn] != static_cast<int>(frame)) {
    const std::uint8_t* pixels = picture.frames[frame].data();
    if (texture) window_.change_texture(texture, picture.width, picture.height, pixels);
    else texture = window_.make_texture(picture.width, picture.height, pixels);
    shown.frame[turn] = static_cast<int>(frame);
  }
  return {texture, static_cast<float>(picture.width), static_cast<float>(picture.height), false, picture.frames.size() > 1};
}

PictureShelf::Shown PictureShelf::peek(const std::string& path) {
  const Entry& seen = entry(path);
  const std::uintptr_t texture = seen.textures[0] ? seen.textures[0] : seen.textures[1];
  return texture ? Shown{texture, static_cast<float>(seen.decoded->width), static_cast<float>(seen.decoded->height), false, false}
                 : Shown{};
}

// What has not been shown for longest goes first; it comes again when it is asked for.
void PictureShelf::make_room() {
  for (;;) {
    std::size_t all = 0;
    Entry* oldest = nullptr;
    for (auto& [path, each] : entries_) {
      if (!each.decoded) continue;
      all += each.decoded->bytes();
      if (each.used + 1 < turn_ && (!oldest || each.used < oldest->used)) oldest = &each;
    }
    if (all <= budget_ || !oldest) return;
    forget(*oldest);
  }
}

void PictureShelf::forget(Entry& entry) {
  for (std::uintptr_t& each : entry.textures) {
    if (each) window_.drop_texture(std::exchange(each, 0));
  }
  entry.frame[0] = entry.frame[1] = -1;
  entry.decoded.reset();
  entry.ready = entry.wanted = false;
}

std::size_t PictureShelf::bytes() {
  std::size_t all = 0;
  for (const auto& [path, each] : entries_) all += each.decoded ? each.decoded->bytes() : 0;
  const std::lock_guard lock(mutex_);
  for (const auto& [path, each] : done_) all += each->bytes();
  return all;
}

void PictureShelf::settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queue_.empty() && under_way_ == 0; });
}

}  // namespace nutshell

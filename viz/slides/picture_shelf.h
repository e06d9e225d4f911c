// The pictures of a talk: PNG, JPEG, GIF and SVG, decoded ahead by a thread of their own and kept within a budget of memory.
//
// A picture that cannot be shown has one sentence that says why, and the talk goes on without it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sim/core/types.h"
#include "sim/deck/layout.h"
#include "viz/svg/svg.h"
#include "viz/window/window.h"

namespace nutshell {

// The frames of a picture; more than one: it moves.
struct DecodedPicture {
  int width = 0, height = 0;
  std::vector<std::vector<std::uint8_t>> frames;  // four bytes a pixel
  std::vector<Duration> lasts;                    // each of them
  std::string problem;                            // why there are none
  std::size_t bytes() const;
};

// So many pixels a picture fills where it is shown. 0: nobody knows.
struct PixelSize {
  int width = 0, height = 0;
  friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

// Reads and decodes; what is larger than a screen is made smaller, what would take too much memory is refused. A drawing (SVG) is
// drawn for `room`, or as large as a screen.
DecodedPicture decode_picture(const std::string& path, PixelSize room = {});
// Its size, from its first bytes; of width 0: `problem` says why it cannot be shown.
PictureFacts picture_size(const std::string& path, std::string& problem);
// The drawing of a file, as shapes; nullptr: it is none, or `problem` says why it cannot be drawn.
std::shared_ptr<const SvgDrawing> read_drawing(const std::string& path, std::string& problem);

class PictureShelf {
 public:
  // `window`: any of those that show them; it has to be there as long as the shelf.
  explicit PictureShelf(Window& window, std::size_t budget = std::size_t{256} << 20);
  ~PictureShelf();
  PictureShelf(const PictureShelf&) = delete;
  PictureShelf& operator=(const PictureShelf&) = delete;

  // At once; read from the file the first time.
  const PictureFacts& facts(const std::string& path);
  // "" or why it cannot be shown.
  std::string problem(const std::string& path);
  // It will be needed soon, so large: what is a drawing is drawn for that size.
  void want(const std::string& path, PixelSize room = {});
  // Another slide is shown: what none of those shown since needs may go.
  void turn() { ++turn_; }

  struct Shown {
    std::uintptr_t texture = 0;  // 0: it is not there yet, or never will be
    float width = 0, height = 0;
    bool under_way = false;
    bool moves = false;
  };
  // What is to be seen of it so long after it came up.
  Shown show(const std::string& path, Duration since, PixelSize room = {});
  // The same without asking for it: nothing unless it is there already.
  Shown peek(const std::string& path);
  // Waits for all that is wanted.
  void settle();
  std::size_t bytes();

 private:
  struct Entry {
    bool measured = false, wanted = false, ready = false, drawing = false;
    PixelSize room;  // of a drawing: for which it was asked for last
    PictureFacts facts;
    std::string problem;
    std::shared_ptr<DecodedPicture> decoded;
    std::uintptr_t textures[2] = {0, 0};  // frames take turns, so that each is seen to be another one
    int frame[2] = {-1, -1};
    std::uint64_t used = 0;
  };
  void work();
  void collect();
  void make_room();
  void forget(Entry& entry);
  Entry& entry(const std::string& path);

  Window& window_;
  const std::size_t budget_;
  std::map<std::string, Entry> entries_;
  std::uint64_t turn_ = 1;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::string, PixelSize>> queue_;
  std::map<std::string, std::shared_ptr<DecodedPicture>> done_;
  std::size_t under_way_ = 0;
  bool ends_ = false;
  std::thread worker_;
};

}  // namespace nutshell

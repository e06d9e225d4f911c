// SDL2 with its offscreen driver: OpenGL into memory, on a machine without any display.
#include <SDL2/SDL.h>
#include <backends/imgui_impl_opengl3.h>
#include <backends/imgui_impl_sdl.h>
#include <imgui.h>

#include <memory>
#include <utility>

#include "viz/window/gl.h"
#include "viz/window/window.h"

namespace nutshell {

namespace {

// SDL's drawing, of which a program has one: there for as long as any window draws by it.
struct Video {
  ~Video() { SDL_VideoQuit(); }
};

// nullptr: SDL cannot.
std::shared_ptr<Video> shared_video() {
  static std::weak_ptr<Video> shared;
  if (std::shared_ptr<Video> there = shared.lock()) return there;
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  if (SDL_VideoInit("offscreen") != 0) return nullptr;
  auto made = std::make_shared<Video>();
  shared = made;
  return made;
}

class OffscreenWindow final : public GlWindow {
 public:
  OffscreenWindow(std::shared_ptr<Video> video, SDL_Window* window, SDL_GLContext gl, int width, int height)
      : video_(std::move(video)), window_(window), gl_(gl), width_(width), height_(height), context_(ImGui::CreateContext()) {
    use();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplSDL2_InitForOpenGL(window_, gl_);
    ImGui_ImplOpenGL3_Init("#version 130");
  }
  ~OffscreenWindow() override {
    use();
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplSDL2_Shutdown();
    ImGui::DestroyContext(context_);
    controllers_.close();
    SDL_GL_DeleteContext(gl_);
    SDL_DestroyWindow(window_);
  }

  void use() override {
    ImGui::SetCurrentContext(context_);
    if (SDL_GL_GetCurrentContext() != gl_) SDL_GL_MakeCurrent(window_, gl_);
  }
  bool begin_frame() override {
    if (closed_) return false;
    use();
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
      ImGui_ImplSDL2_ProcessEvent(&event);
      controllers_.take(event);
    }
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplSDL2_NewFrame();
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    return true;
  }
  void end_frame() override {
    ImGui::Render();
    draw_gl(width_, height_);
    if (keeps_copy_) copy_to_gl_texture(copies_[copied_ ^= 1], width_, height_);
  }
  void fonts_changed() override {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }
  Picture picture() override {
    use();
    return read_gl(width_, height_);
  }

 private:
  std::shared_ptr<Video> video_;
  SDL_Window* window_;
  SDL_GLContext gl_;
  int width_, height_;
  ImGuiContext* context_;
};

}  // namespace

std::unique_ptr<Window> open_offscreen_window(int width, int height, std::string& error) {
  const auto fail = [&](const char* what) -> std::unique_ptr<Window> {
    error = std::string(what) + " (" + SDL_GetError() + "); the package libgl1-mesa-dri draws without a graphics card";
    return nullptr;
  };
  std::shared_ptr<Video> video = shared_video();
  if (!video) return fail("SDL cannot draw without a display here");
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  // Pictures of one may be shown by the others.
  SDL_GL_SetAttribute(SDL_GL_SHARE_WITH_CURRENT_CONTEXT, SDL_GL_GetCurrentContext() ? 1 : 0);
  SDL_Window* window = SDL_CreateWindow("Nutshell", 0, 0, width, height, SDL_WINDOW_OPENGL);
  if (!window) return fail("SDL cannot make a picture of this size");
  SDL_GLContext gl = SDL_GL_CreateContext(window);
  if (!gl) {
    SDL_DestroyWindow(window);
    return fail("there is no OpenGL 3 here");
  }
  SDL_GL_SetSwapInterval(0);
  return std::make_unique<OffscreenWindow>(std::move(video), window, gl, width, height);
}

}  // namespace nutshell

// GLFW and OpenGL 3: windows on the desktop.
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <utility>

#include "viz/window/desktop.h"
#include "viz/window/gl.h"

namespace nutshell {

namespace {

struct NamedKey {
  int code;
  KeyName key;
};
constexpr NamedKey kNamedKeys[] = {{GLFW_KEY_RIGHT, KeyName::right},
                                   {GLFW_KEY_LEFT, KeyName::left},
                                   {GLFW_KEY_UP, KeyName::up},
                                   {GLFW_KEY_DOWN, KeyName::down},
                                   {GLFW_KEY_HOME, KeyName::home},
                                   {GLFW_KEY_END, KeyName::end},
                                   {GLFW_KEY_PAGE_DOWN, KeyName::page_down},
                                   {GLFW_KEY_PAGE_UP, KeyName::page_up},
                                   {GLFW_KEY_ENTER, KeyName::enter},
                                   {GLFW_KEY_KP_ENTER, KeyName::enter},
                                   {GLFW_KEY_ESCAPE, KeyName::escape},
                                   {GLFW_KEY_TAB, KeyName::tab},
                                   {GLFW_KEY_BACKSPACE, KeyName::backspace},
                                   {GLFW_KEY_DELETE, KeyName::del},
                                   {GLFW_KEY_F2, KeyName::f2},
                                   {GLFW_KEY_F3, KeyName::f3},
                                   {GLFW_KEY_F4, KeyName::f4},
                                   {GLFW_KEY_F5, KeyName::f5},
                                   {GLFW_KEY_F7, KeyName::f7},
                                   {GLFW_KEY_F8, KeyName::f8},
                                   {GLFW_KEY_F9, KeyName::f9},
                                   {GLFW_KEY_F11, KeyName::f11},
                                   {GLFW_KEY_F12, KeyName::f12}};

constexpr Duration kLook = 20 * kMillisecond;  // between two looks at a controller

char32_t lower(char32_t c) { return c >= U'A' && c <= U'Z' ? c + (U'a' - U'A') : c; }

void wait_for_events(Duration most) {
  glfwWaitEventsTimeout(std::max(static_cast<double>(most) / static_cast<double>(kSecond), 0.0001));
}

class DesktopWindow final : public GlWindow {
 public:
  explicit DesktopWindow(GLFWwindow* window) : window_(window), context_(ImGui::CreateContext()) {
    use();
    ImGui::GetIO().IniFilename = nullptr;
    glfwSetWindowUserPointer(window_, this);
    ImGui_ImplGlfw_InitForOpenGL(window_, false);
    ImGui_ImplOpenGL3_Init("#version 130");
    // Events come for all windows at once, whichever asks for them: each goes to its own window's Dear ImGui.
    glfwSetKeyCallback(window_, on_key);
    glfwSetCharCallback(window_, on_character);
    glfwSetCursorPosCallback(window_, [](GLFWwindow* which, double, double) { of(which).input_ = true; });
    glfwSetCursorEnterCallback(window_, [](GLFWwindow* which, int entered) {
      of(which).touch();
      ImGui_ImplGlfw_CursorEnterCallback(which, entered);
    });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* which, int button, int action, int modifiers) {
      of(which).touch();
      ImGui_ImplGlfw_MouseButtonCallback(which, button, action, modifiers);
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* which, double x, double y) {
      of(which).touch();
      ImGui_ImplGlfw_ScrollCallback(which, x, y);
    });
    glfwSetWindowFocusCallback(window_, [](GLFWwindow* which, int focused) {
      of(which).touch();
      ImGui_ImplGlfw_WindowFocusCallback(which, focused);
    });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* which) { of(which).expose(); });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* which, int, int) { of(which).expose(); });
  }
  ~DesktopWindow() override {
    use();
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext(context_);
    glfwDestroyWindow(window_);
  }

  void use() override {
    ImGui::SetCurrentContext(context_);
    if (glfwGetCurrentContext() != window_) glfwMakeContextCurrent(window_);
  }
  bool begin_frame() override {
    glfwPollEvents();
    controllers_.poll();
    if (closed_ || glfwWindowShouldClose(window_)) return false;
    use();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    return true;
  }
  void stay() override {
    Window::stay();
    glfwSetWindowShouldClose(window_, GLFW_FALSE);
  }
  bool wait(Duration most) override {
    forget_input();
    // Nobody calls when somebody presses a button of a controller: it has to be looked at.
    const Duration slice = controllers_.any() ? std::min(most, kLook) : most;
    for (Duration waited = 0; waited < most && !has_input(); waited += slice) {
      wait_for_events(slice);
      controllers_.poll();
    }
    return has_input();
  }
  void forget_input() override { input_ = false; }
  bool has_input() const override {
    return input_ || controllers_.waiting() || !keys_.empty() || !releases_.empty() || glfwWindowShouldClose(window_) == GLFW_TRUE;
  }
  void end_frame() override {
    // What is shown already needs no drawing, unless something else has lain over it.
    if (!render() && !std::exchange(exposed_, false)) return;
    exposed_ = false;
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    draw_gl(width, height);
    if (keeps_copy_) copy_to_gl_texture(copies_[copied_ ^= 1], width, height);
    glfwSwapBuffers(window_);
  }
  void fonts_changed() override {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
    exposed_ = true;
  }
  float scale() const override {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return std::clamp(x, 0.75F, 3.0F);
  }
  void set_full_screen(bool on) override {
    GLFWmonitor* monitor = on ? monitor_under() : nullptr;
    if (monitor) {
      glfwGetWindowPos(window_, &x_, &y_);
      glfwGetWindowSize(window_, &width_, &height_);
      const GLFWvidmode* mode = glfwGetVideoMode(monitor);
      glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
    } else if (!on) {
      glfwSetWindowMonitor(window_, nullptr, x_, y_, width_, height_, 0);
    }
  }
  WindowPlace place() const override {
    if (glfwGetWindowMonitor(window_)) return {x_, y_, width_, height_};
    WindowPlace place;
    glfwGetWindowPos(window_, &place.x, &place.y);
    glfwGetWindowSize(window_, &place.width, &place.height);
    return place;
  }
  void set_place(const WindowPlace& place) override {
    glfwSetWindowSize(window_, place.width, place.height);
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
      int x = 0, y = 0, width = 0, height = 0;
      glfwGetMonitorWorkarea(monitors[i], &x, &y, &width, &height);
      // The title bar has to be within reach.
      if (place.x + place.width < x + 100 || place.x > x + width - 100 || place.y < y || place.y > y + height - 100) continue;
      return glfwSetWindowPos(window_, place.x, place.y);
    }
  }
  Picture picture() override {
    use();
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    return read_gl(width, height);
  }

 private:
  static DesktopWindow& of(GLFWwindow* window) { return *static_cast<DesktopWindow*>(glfwGetWindowUserPointer(window)); }

  static void on_key(GLFWwindow* window, int code, int scan, int action, int modifiers) {
    of(window).touch();
    ImGui_ImplGlfw_KeyCallback(window, code, scan, action, modifiers);
    if (action == GLFW_RELEASE) return let_go(of(window), code);
    // A key that is held down does its deed once; arrows and letters go on.
    if (action == GLFW_REPEAT && code >= GLFW_KEY_F1 && code <= GLFW_KEY_F25) return;
    const bool shift = (modifiers & GLFW_MOD_SHIFT) != 0, control = (modifiers & GLFW_MOD_CONTROL) != 0;
    for (const NamedKey& each : kNamedKeys) {
      if (each.code == code) return of(window).press({each.key, 0, shift, control});
    }
    // Without Control, characters come as typed, by the keyboard's layout.
    const char* name = control ? glfwGetKeyName(code, 0) : nullptr;
    if (name) of(window).press({KeyName::character, lower(static_cast<unsigned char>(name[0])), shift, control});
  }
  static void let_go(DesktopWindow& window, int code) {
    for (const NamedKey& each : kNamedKeys) {
      if (each.code == code && works_while_held(each.key)) window.release(each.key);
    }
  }
  static void on_character(GLFWwindow* window, unsigned int character) {
    of(window).touch();
    ImGui_ImplGlfw_CharCallback(window, character);
    of(window).press({KeyName::character, lower(character), lower(character) != character, false});
  }

  // The screen that the middle of the window lies on.
  GLFWmonitor* monitor_under() const {
    const WindowPlace here = place();
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
      int x = 0, y = 0;
      glfwGetMonitorPos(monitors[i], &x, &y);
      const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
      const int across = here.x + here.width / 2 - x, down = here.y + here.height / 2 - y;
      if (mode && across >= 0 && across < mode->width && down >= 0 && down < mode->height) return monitors[i];
    }
    return glfwGetPrimaryMonitor();
  }
  // There is input, and what is called next is about this window.
  void touch() {
    input_ = true;
    ImGui::SetCurrentContext(context_);
  }
  void expose() { input_ = exposed_ = true; }

  GLFWwindow* window_;
  ImGuiContext* context_;
  bool input_ = false;    // since wait() began
  bool exposed_ = true;   // what is shown may be spoilt
  int x_ = 60, y_ = 60, width_ = 1280, height_ = 720;  // before it filled the screen
};

}  // namespace

std::unique_ptr<Desktop> Desktop::open(std::string& error) {
  if (glfwInit()) return std::unique_ptr<Desktop>(new Desktop);
  const char* reason = nullptr;
  glfwGetError(&reason);
  error = std::string("there is no display") + (reason ? std::string(" (") + reason + ")" : "");
  glfwTerminate();
  return nullptr;
}

Desktop::~Desktop() {
  windows_.clear();
  glfwTerminate();
}

Window* Desktop::open_window(const std::string& title, int width, int height, std::string& error) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  // One that fills a screen stays there while somebody works in another window.
  glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);
  // Pictures of one window may be shown by the others.
  GLFWwindow* shared = windows_.empty() ? nullptr : glfwGetCurrentContext();
  GLFWwindow* window = glfwCreateWindow(width, height, title.c_str(), nullptr, shared);
  if (!window) {
    const char* reason = nullptr;
    glfwGetError(&reason);
    error = std::string("there is no OpenGL 3 on this display") + (reason ? std::string(" (") + reason + ")" : "");
    return nullptr;
  }
  glfwSetWindowSizeLimits(window, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window);
  // One window waits for the screen; if the others did so too, they would wait for each other.
  glfwSwapInterval(windows_.empty() ? 1 : 0);
  windows_.push_back(std::make_unique<DesktopWindow>(window));
  return windows_.back().get();
}

std::vector<WindowPlace> Desktop::screens() const {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  std::vector<WindowPlace> all;
  for (int i = 0; i < count; ++i) {
    WindowPlace place;
    glfwGetMonitorPos(monitors[i], &place.x, &place.y);
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    if (mode) all.push_back({place.x, place.y, mode->width, mode->height});
  }
  return all;
}

void Desktop::close(Window& window) {
  std::erase_if(windows_, [&](const auto& each) { return each.get() == &window; });
}

bool Desktop::wait(Duration most) {
  const auto any = [&] { return std::any_of(windows_.begin(), windows_.end(), [](const auto& each) { return each->has_input(); }); };
  for (const auto& each : windows_) each->forget_input();
  bool controllers = false;
  for (const auto& each : windows_) controllers = controllers || each->controllers().any();
  const Duration slice = controllers ? std::min(most, kLook) : most;
  for (Duration waited = 0; waited < most && !any(); waited += slice) {
    wait_for_events(slice);
    for (const auto& each : windows_) each->controllers().poll();
  }
  return any();
}

}  // namespace nutshell

#include <imgui.h>

#include "viz/window/window.h"

namespace nutshell {

namespace {

class NullWindow final : public Window {
 public:
  NullWindow(int width, int height) : context_(ImGui::CreateContext()) {
    use();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  }
  ~NullWindow() override {
    use();
    ImGui::DestroyContext(context_);
  }

  void use() override { ImGui::SetCurrentContext(context_); }
  bool begin_frame() override {
    use();
    if (closed_) return false;
    controllers_.poll();
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    return true;
  }
  void end_frame() override { render(); }
  void fonts_changed() override { ImGui::GetIO().Fonts->SetTexID(ImTextureID(1)); }

 private:
  ImGuiContext* context_;
};

}  // namespace

std::unique_ptr<Window> open_null_window(int width, int height) { return std::make_unique<NullWindow>(width, height); }

}  // namespace nutshell

# Shared by ./nutshell and ./test: installs missing Debian packages and builds a preset.
# Sourced with `root` set to the source tree. Everything said here goes to stderr.
# shellcheck shell=sh disable=SC2034,SC2154

say() { printf 'nutshell: %s\n' "$*" >&2; }
die() { say "$*"; exit 70; }

# Debian packages, each with the command it brings ("-": none, it is headers).
base_packages="g++:g++ cmake:cmake ninja-build:ninja nlohmann-json3-dev:- libcli11-dev:- zlib1g-dev:- libmd4c-dev:- libpcre2-dev:- libsqlite3-dev:- doctest-dev:- libmimalloc-dev:-"
# ... and those of the front end.
viz_packages="pkg-config:pkg-config libimgui-dev:- libglfw3-dev:- libsdl2-dev:- libgl-dev:- libstb-dev:- libfreetype-dev:- libcairo2-dev:- librsvg2-dev:- fonts-inter:- fonts-jetbrains-mono:- libgl1-mesa-dri:-"

# is_there PACKAGE COMMAND: asks this machine only, never the network.
is_there() {
  [ "$2" != - ] && command -v "$2" >/dev/null 2>&1 && return 0
  # Elsewhere than on Debian only commands can be asked for; CMake names a header that is missing.
  command -v dpkg-query >/dev/null 2>&1 || [ "$2" != - ] || return 0
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

# need_packages PACKAGE:COMMAND...: installs those that are missing.
need_packages() {
  missing=
  for each; do
    is_there "${each%%:*}" "${each##*:}" || missing="$missing ${each%%:*}"
  done
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null 2>&1 ||
    die "there is no apt-get here; please install what Debian calls:$missing"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || die "please let an administrator run: apt-get install$missing"
    as_root=sudo
  fi
  say "installing$missing"
  mkdir -p "$root/build"
  install_log=$root/build/install.log
  # A package list that cannot be refreshed is not fatal: the install decides.
  # shellcheck disable=SC2086
  $as_root apt-get update >"$install_log" 2>&1 || :
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $missing >>"$install_log" 2>&1 || {
    tail -n 20 "$install_log" >&2
    die "apt-get could not install$missing (the whole log: $install_log)"
  }
}

# Passes on nothing of a build but how far it is: a counter on a terminal, elsewhere a line every tenth.
show_progress() {
  tenth=
  while IFS= read -r line; do
    case $line in
      '[0/'*) continue ;;  # looking around; nothing is built yet
      '['*/*']'*) ;;
      *) continue ;;
    esac
    line=${line#[} line=${line%%]*}
    built=${line%/*} all=${line#*/}
    if [ -t 2 ]; then
      printf '\rnutshell: building %s of %s ' "$built" "$all" >&2
    elif [ -z "$tenth" ]; then
      say "building, $all steps (log: $build_log)"
      tenth=0
    fi
    if [ ! -t 2 ] && [ $((built * 10 / all)) -gt "$tenth" ]; then
      tenth=$((built * 10 / all))
      say "building, ${tenth}0 %"
    fi
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

configure() {
  configured_for=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt" 2>/dev/null) || :
  if [ "$configured_for" != "$root" ]; then
    rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"
  elif [ -f "$build/build.ninja" ] &&
    [ -z "$(find "$root/CMakePresets.json" -newer "$build/build.ninja")" ]; then
    return 0
  fi
  (cd "$root" && cmake --preset "$preset") >"$build_log" 2>&1 || {
    cat "$build_log" >&2
    die "the build could not be configured (see above)"
  }
  touch "$build/build.ninja"
}

# build PRESET TARGET: configures when needed and builds; costs little when nothing has changed.
build() {
  preset=$1
  build=$root/build/$preset
  build_log=$build/build.log
  mkdir -p "$build"
  # One build at a time in a folder; the lock ends with file descriptor 9.
  exec 9>"$build/build.lock"
  ! command -v flock >/dev/null 2>&1 || flock 9
  configure
  {
    NINJA_STATUS='[%f/%t] ' cmake --build "$build" --target "$2" 2>&1 && echo ok >"$build/build.status" ||
      echo failed >"$build/build.status"
  } | tee "$build_log" | show_progress
  [ "$(cat "$build/build.status")" = ok ] || {
    grep -v '^\[' "$build_log" | head -n 60 >&2
    die "the build failed (the whole log: $build_log)"
  }
  exec 9>&-
}

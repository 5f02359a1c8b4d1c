#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_install.sh BUILD_DIR CC
#
# Installs the build into a folder of its own; builds and runs tests/consumer against it through the
# CMake package and through pkg-config, with the shared and with the static libraries.
set -eu

build=$1
cc=$2
consumer=$PWD/tests/consumer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

# quietly COMMAND...: its output is of interest only when it fails.
quietly() {
  if ! "$@" >"$work/log" 2>&1; then
    echo "failed: $*"
    cat "$work/log"
    exit 1
  fi
}

run() {
  echo "running $*"
  LD_LIBRARY_PATH=$libdir "$@" || {
    echo "failed: $*"
    exit 1
  }
}

by_cmake() {
  quietly cmake -S "$consumer" -B "$work/cmake-$1" -G Ninja -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_PREFIX_PATH="$prefix" -DUSE_STATIC="$1"
  quietly cmake --build "$work/cmake-$1"
  run "$work/cmake-$1/core"
  run "$work/cmake-$1/net"
}

# requires FIELD PACKAGE: the packages that its .pc file names there.
requires() {
  pkg-config "--print-$1" "$2" | sed 's/ .*//' | grep -v '^libicws'
}

# Our archives, with the libraries of the system as they are: shared. (pkg-config --static would ask
# for the archives' own dependencies all the way down, which Debian does not install with them.)
static_libs() {
  echo "$libdir/libicws-net.a" "$libdir/libicws.a"
  pkg-config --libs $(requires requires-private libicws-net) $(requires requires-private libicws)
}

by_pkg_config() {
  for program in core net; do
    package=libicws
    [ $program = net ] && package=libicws-net
    if [ "$1" = ON ]; then
      libs=$(static_libs)
    else
      libs=$(pkg-config --libs $package)
    fi
    quietly "$cc" -std=c11 -Wall -Werror $(pkg-config --cflags $package) \
      "$consumer/$program.c" -o "$work/$program-$1" $libs
    run "$work/$program-$1"
  done
}

cmake --install "$build" --prefix "$prefix" >"$work/installed" 2>&1 || {
  cat "$work/installed"
  exit 1
}
# All of it went below the prefix, and the service starts the program that is there.
if sed -n 's/^-- \(Installing\|Up-to-date\): //p' "$work/installed" | grep -v "^$prefix/"; then
  echo "these files are not below $prefix"
  exit 1
fi
grep -q "^ExecStart=$prefix/bin/icws-gateway --config" "$prefix/lib/systemd/system/icws-gateway.service"
libdir=$(dirname "$(find "$prefix" -name 'libicws.a')")
PKG_CONFIG_PATH=$libdir/pkgconfig
export PKG_CONFIG_PATH

[ "$(pkg-config --modversion libicws)" = "$(pkg-config --modversion libicws-net)" ]
by_cmake OFF
by_cmake ON
by_pkg_config OFF
by_pkg_config ON
# A program finds its libraries by itself, wherever the tree was put.
"$prefix/bin/icws" --version

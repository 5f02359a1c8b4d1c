# SPDX-License-Identifier: Apache-2.0
#
# The warnings under which all C code of this project compiles silently, with gcc and with clang.

add_compile_options(
  -Wall
  -Wextra
  -Wpedantic
  -Wcast-align
  -Wcast-qual
  -Wconversion
  -Wdate-time
  -Wdouble-promotion
  -Wfloat-equal
  -Wformat=2
  -Wimplicit-fallthrough
  -Winit-self
  -Wmissing-declarations
  -Wmissing-format-attribute
  -Wmissing-include-dirs
  -Wmissing-prototypes
  -Wnested-externs
  -Wold-style-definition
  -Woverlength-strings
  -Wpointer-arith
  -Wredundant-decls
  -Wshadow
  -Wsign-compare
  -Wsign-conversion
  -Wstrict-prototypes
  -Wundef
  -Wuninitialized
  -Wunused
  -Wvla
  -Wwrite-strings)

if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  add_compile_options(
    -Walloca
    -Warith-conversion
    -Wduplicated-branches
    -Wduplicated-cond
    -Wformat-overflow=2
    -Wformat-signedness
    -Wformat-truncation=2
    -Wjump-misses-init
    -Wlogical-op
    -Wshift-overflow=2
    -Wstringop-overflow=3
    -Wtrampolines)
elseif(CMAKE_C_COMPILER_ID MATCHES "Clang")
  add_compile_options(
    -Wassign-enum
    -Wcomma
    -Wconditional-uninitialized
    -Wextra-semi-stmt
    -Wformat-non-iso
    -Wloop-analysis
    -Wmissing-variable-declarations
    -Wshift-sign-overflow
    -Wshorten-64-to-32
    -Wtautological-compare
    -Wunreachable-code-aggressive)
endif()

if(ICWS_WERROR)
  add_compile_options(-Werror)
endif()

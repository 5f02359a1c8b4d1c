# SPDX-License-Identifier: Apache-2.0
#
# How the folders declare what they build. A folder whose list of sources is empty builds nothing,
# and linking with what is not built is left out.

# icws_add_objects(NAME SOURCES...): an object library.
function(icws_add_objects name)
  if(ARGN)
    add_library(${name} OBJECT ${ARGN})
  endif()
endfunction()

# icws_add_archive(NAME SOURCES...): a static library for use inside this project.
function(icws_add_archive name)
  if(ARGN)
    add_library(${name} STATIC ${ARGN})
  endif()
endfunction()

# icws_add_program(NAME SOURCES...): a program in bin/. All but main.c goes into the object library
# <name>_main as well, so that a test can link the program under another main.
function(icws_add_program name)
  if(NOT ARGN)
    return()
  endif()
  string(REPLACE "-" "_" objects ${name}_main)
  add_library(${objects} OBJECT ${ARGN})
  add_executable(${name} main.c)
  target_link_libraries(${name} PRIVATE ${objects})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# icws_link(NAME PUBLIC|PRIVATE|INTERFACE LIBRARIES...): links with those of the libraries that are
# built.
function(icws_link name visibility)
  if(NOT TARGET ${name})
    return()
  endif()
  foreach(library IN LISTS ARGN)
    if(TARGET ${library})
      target_link_libraries(${name} ${visibility} ${library})
    endif()
  endforeach()
endfunction()

# icws_include(NAME PUBLIC|PRIVATE|INTERFACE FOLDERS...): folders relative to the source tree.
function(icws_include name visibility)
  if(NOT TARGET ${name})
    return()
  endif()
  foreach(folder IN LISTS ARGN)
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
      target_include_directories(${name} ${visibility}
                                 $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/${folder}>)
    endif()
  endforeach()
endfunction()

# icws_collect_objects(VARIABLE LIBRARIES...): the objects of those that are built.
function(icws_collect_objects variable)
  set(objects)
  foreach(library IN LISTS ARGN)
    if(TARGET ${library})
      list(APPEND objects $<TARGET_OBJECTS:${library}>)
    endif()
  endforeach()
  set(${variable} "${objects}" PARENT_SCOPE)
endfunction()

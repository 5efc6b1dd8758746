# How a folder becomes a library or a program. Include roots, one a part:
#   shared/ -> "base/str.h"   workers/ -> "skeleton/cycle.h"   the repository -> "producer/http.h"

# What is installed, without the tests.
add_custom_target(programs)

# fc_library(<target> <folder> [POSIX] [EXCEPT file...] [PUBLIC lib...] [PRIVATE lib...])
# Every .c of the folder but EXCEPT. A folder without any is an INTERFACE library until it has one.
function(fc_library target folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "POSIX" "" "EXCEPT;PUBLIC;PRIVATE")
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
  foreach(file IN LISTS arg_EXCEPT)
    list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/${folder}/${file})
  endforeach()

  if(NOT sources)
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/shared)
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC})
    return()
  endif()

  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/shared)
  if(folder MATCHES "^workers/")
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/workers)
  elseif(folder MATCHES "^producer")
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  endif()
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE fc_flags ${arg_PRIVATE})
  if(arg_POSIX)
    target_link_libraries(${target} PRIVATE fc_posix)
  endif()
endfunction()

# fc_program(<program> <library> <folder> [PUBLIC lib...] [PRIVATE lib...])
# The folder's main.c as a program, and its other .c files as a library so that tests reach them.
function(fc_program program library folder)
  fc_library(${library} ${folder} POSIX EXCEPT main.c ${ARGN})
  file(GLOB main CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/main.c)
  if(main)
    add_executable(${program} ${main})
    target_link_libraries(${program} PRIVATE fc_flags fc_posix ${library})
    add_dependencies(programs ${program})
    install(TARGETS ${program} RUNTIME)
  endif()
endfunction()

# fc_jobs([EXCEPT folder...] [PUBLIC lib...])
# workers/<job> becomes fc_job_<job> and the program firstcome-<job>. Sets fc_job_libraries.
function(fc_jobs)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "EXCEPT;PUBLIC")
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/workers
    ${PROJECT_SOURCE_DIR}/workers/*/*.c)
  set(jobs)
  foreach(source IN LISTS sources)
    get_filename_component(job ${source} DIRECTORY)
    list(APPEND jobs ${job})
  endforeach()
  list(REMOVE_DUPLICATES jobs)
  list(REMOVE_ITEM jobs "" ${arg_EXCEPT})

  set(libraries)
  foreach(job IN LISTS jobs)
    fc_program(firstcome-${job} fc_job_${job} workers/${job} PUBLIC ${arg_PUBLIC})
    list(APPEND libraries fc_job_${job})
  endforeach()
  set(fc_job_libraries ${libraries} PARENT_SCOPE)
endfunction()

# fc_standins(name...)
# deploy/standins/<name>/*.c and what stands beside them in deploy/standins/common/*.c become the
# program firstcome-standin-<name>: HTTP servers that play another party.
function(fc_standins)
  file(GLOB common CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/deploy/standins/common/*.c)
  foreach(name IN LISTS ARGN)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/deploy/standins/${name}/*.c)
    if(sources)
      add_executable(firstcome-standin-${name} ${sources} ${common})
      target_include_directories(firstcome-standin-${name} PRIVATE
        ${PROJECT_SOURCE_DIR}/deploy/standins)
      target_link_libraries(firstcome-standin-${name} PRIVATE
        fc_flags fc_posix fc_base fc_host fc_wire
        PkgConfig::MICROHTTPD PkgConfig::SODIUM)
      add_dependencies(programs firstcome-standin-${name})
    endif()
  endforeach()
endfunction()

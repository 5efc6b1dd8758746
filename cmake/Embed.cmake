# A text file as C: its bytes and their number in a library of their own.

# fc_embed_library(<target> <file> <header> <name>)
# The library defines `const char <name>_text[]` and `const size_t <name>_bytes`, as the header (of
# whoever uses it, written by hand) declares them: the file's text as it is at build time.
function(fc_embed_library target file header name)
  find_program(FC_AWK NAMES awk mawk gawk REQUIRED)
  set(folder ${PROJECT_BINARY_DIR}/generated/embedded)
  file(MAKE_DIRECTORY ${folder})

  add_custom_command(
    OUTPUT ${folder}/${name}.c
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${FC_AWK}
      -v header=${header} -v name=${name} -v source=${folder}/${name}.c
      -f ${PROJECT_SOURCE_DIR}/cmake/embed.awk ${file}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/embed.awk ${PROJECT_SOURCE_DIR}/${file}
    COMMENT "Embedding ${file}" VERBATIM)

  add_library(${target} STATIC ${folder}/${name}.c)
  set_target_properties(${target} PROPERTIES C_CLANG_TIDY "")
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE fc_flags)
endfunction()

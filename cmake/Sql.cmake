# sql/*.sql embedded as C: "sql/queries.h" and its source, written by sql/embed.awk at build time.

function(fc_sql_library target)
  find_program(FC_AWK NAMES awk mawk gawk REQUIRED)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
    ${PROJECT_SOURCE_DIR}/sql/migrations/*.sql
    ${PROJECT_SOURCE_DIR}/sql/queries/*/*.sql
    ${PROJECT_SOURCE_DIR}/sql/checks/*.sql)
  list(TRANSFORM files PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)

  set(folder ${PROJECT_BINARY_DIR}/generated/sql)
  file(MAKE_DIRECTORY ${folder})
  # The list travels in a file: it also makes a removed statement a reason to generate again.
  list(JOIN files "\n" lines)
  file(CONFIGURE OUTPUT ${folder}/files.txt CONTENT "${lines}\n" @ONLY)

  add_custom_command(
    OUTPUT ${folder}/queries.h ${folder}/queries.c
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${FC_AWK}
      -v header=${folder}/queries.h -v source=${folder}/queries.c
      -f ${PROJECT_SOURCE_DIR}/sql/embed.awk ${folder}/files.txt
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DEPENDS ${PROJECT_SOURCE_DIR}/sql/embed.awk ${folder}/files.txt ${paths}
    COMMENT "Embedding sql/" VERBATIM)

  # The custom target is what users of the header wait for.
  add_custom_target(${target}_files DEPENDS ${folder}/queries.h ${folder}/queries.c)
  add_library(${target} STATIC ${folder}/queries.c)
  add_dependencies(${target} ${target}_files)
  set_target_properties(${target} PROPERTIES C_CLANG_TIDY "")
  target_include_directories(${target} PUBLIC ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(${target} PUBLIC fc_base PRIVATE fc_flags)
endfunction()

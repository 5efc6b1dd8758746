# The libraries, found by pkg-config. A missing one names the Debian package that brings it.

find_package(PkgConfig REQUIRED)

function(fc_dependency prefix module package)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT ${prefix}_FOUND)
    message(FATAL_ERROR "${module} was not found: apt-get install ${package}")
  endif()
endfunction()

fc_dependency(RABBITMQ librabbitmq librabbitmq-dev)
fc_dependency(OPENSSL openssl libssl-dev)
fc_dependency(LIBPQ libpq libpq-dev)
fc_dependency(JSONC json-c libjson-c-dev)
fc_dependency(MICROHTTPD libmicrohttpd libmicrohttpd-dev)
fc_dependency(CURL libcurl libcurl4-openssl-dev)
fc_dependency(SODIUM libsodium libsodium-dev)
fc_dependency(ZLIB zlib zlib1g-dev)
if(FC_TESTS)
  fc_dependency(CMOCKA cmocka "libcmocka-dev, or leave the tests out with -DFC_TESTS=OFF")
endif()

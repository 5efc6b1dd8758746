# Language, warnings and the flags of each kind of build.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

# Assertions stay on in every build: NDEBUG is never defined.
foreach(kind RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_${kind} "${CMAKE_C_FLAGS_${kind}}")
endforeach()

# Everything a target of ours is compiled with.
add_library(fc_flags INTERFACE)

target_compile_options(fc_flags INTERFACE
  -pedantic -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wold-style-definition -Wvla -Wcast-qual -Wwrite-strings -Wundef
  -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wnull-dereference>
  $<$<BOOL:${FC_WERROR}>:-Werror>)

if(FC_SANITIZE)
  set(sanitize -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(fc_flags INTERFACE ${sanitize})
  target_link_options(fc_flags INTERFACE ${sanitize})
endif()

if(FC_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "FC_FUZZ needs clang: configure with --preset fuzz")
  endif()
  target_compile_options(fc_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Crash points and mutations (host/fault.h): never in what is installed.
if(FC_FAULTS)
  target_compile_definitions(fc_flags INTERFACE FC_FAULTS)
endif()

if(FC_COVERAGE)
  target_compile_options(fc_flags INTERFACE --coverage)
  target_link_options(fc_flags INTERFACE --coverage)
endif()

# What is installed is hardened, as the OpenSSF's guide for C compilers has it; of these flags a
# compiler gets those that it knows. docs/adr/0020-hardening.md has the reasons and what they cost,
# tests/security/test_hardening.sh looks at the programs.
if(FC_HARDENING)
  include(CheckCCompilerFlag)
  target_compile_options(fc_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -Werror=format-security)
  foreach(flag
      -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
      -fno-delete-null-pointer-checks -fno-strict-overflow -Wtrampolines -Wbidi-chars=any)
    string(MAKE_C_IDENTIFIER "FC_HAS${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    target_compile_options(fc_flags INTERFACE $<$<BOOL:${${known}}>:${flag}>)
  endforeach()
  target_link_options(fc_flags INTERFACE
    -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed)
endif()

# The operating system's interfaces, for the parts that may use them. _DEFAULT_SOURCE shows
# SO_REUSEPORT and friends, which POSIX does not have.
add_library(fc_posix INTERFACE)
target_compile_definitions(fc_posix INTERFACE
  _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE FC_VERSION="${PROJECT_VERSION}")

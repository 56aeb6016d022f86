# What the SIP tests need beyond tests/msg/test_*.c: a counting build of the codec, and sofia-sip as an oracle.

# test_sip_growth counts basic blocks instead of time: the result is the same on every machine.
if(TARGET test_sip_growth)
  file(GLOB PRESEC_SIP_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/nodes/msg/sip*.c)
  add_library(presec_sip_counted OBJECT ${PRESEC_SIP_SOURCES} ${CMAKE_SOURCE_DIR}/nodes/msg/text.c)
  target_compile_options(presec_sip_counted PRIVATE -fsanitize-coverage=trace-pc -Wno-shadow
                         -include ${CMAKE_SOURCE_DIR}/tests/msg/count_work.h)
  target_include_directories(presec_sip_counted PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(presec_sip_counted PRIVATE PkgConfig::GLIB)
  target_sources(test_sip_growth PRIVATE $<TARGET_OBJECTS:presec_sip_counted>)
endif()

# An independent parser, in this test only; without it the test says that it is skipped.
pkg_check_modules(SOFIA QUIET IMPORTED_TARGET sofia-sip-ua)
if(SOFIA_FOUND AND TARGET test_sip_sofia)
  target_compile_definitions(test_sip_sofia PRIVATE PRESEC_HAVE_SOFIA)
  target_sources(test_sip_sofia PRIVATE ${CMAKE_SOURCE_DIR}/tests/msg/sofia_oracle.c)
  target_link_libraries(test_sip_sofia PRIVATE PkgConfig::SOFIA)
  # Both have a sip_method_name; ours must not take the place of the library's own.
  target_link_options(test_sip_sofia PRIVATE -Wl,--exclude-libs,ALL)
endif()

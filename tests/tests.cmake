# Tests beyond tests/FOLDER/test_*.c: the rules of the tree, the built command as a child process, and the fuzz targets.

function(presec_script_test name script)
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/${script} ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

presec_script_test(rules/includes check_includes.sh)
presec_script_test(rules/style check_style.sh)
presec_script_test(rules/checkers-notice check_rules_selftest.sh)

# tests/ui runs the executable that was just built.
file(GLOB PRESEC_UI_TESTS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/ui/test_*.c)
if(TARGET presec)
  foreach(test ${PRESEC_UI_TESTS})
    get_filename_component(name ${test} NAME_WE)
    target_compile_definitions(${name} PRIVATE PRESEC_COMMAND="$<TARGET_FILE:presec>")
    add_dependencies(${name} presec)
  endforeach()
endif()

include(tests/fuzz/fuzz.cmake)
include(tests/msg/sip_tests.cmake)

# Determinism is a feature with no exceptions: always on.
if(TARGET presec)
  presec_script_test(rules/determinism check_determinism.sh $<TARGET_FILE:presec>)
endif()
include(tests/oracle/oracle.cmake)
include(tests/tools/tools.cmake)

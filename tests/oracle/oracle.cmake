# The verdicts of the shipped options against a table worked out by hand.  All options, all attacks: the long ones.
add_library(presec_oracle_table STATIC ${CMAKE_SOURCE_DIR}/tests/oracle/table/table.c)
target_include_directories(presec_oracle_table PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(presec_oracle_table PUBLIC PkgConfig::GLIB)
presec_tests(oracle presec_scenarios presec_oracle_table)
set_tests_properties(oracle/test_oracle PROPERTIES TIMEOUT 300)

# Programs with one part broken when they are linked: a test that defines the part's symbols is linked before the
# library, whose own file is then not taken.  Option files are the shipped ones.
presec_tests(mutants presec_scenarios presec_oracle_table)

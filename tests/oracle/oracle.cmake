# The verdicts of the shipped options against a table worked out by hand.  All options, all attacks: the long one.
presec_tests(oracle presec_scenarios)
set_tests_properties(oracle/test_oracle PROPERTIES TIMEOUT 300)

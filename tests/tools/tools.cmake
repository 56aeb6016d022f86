# Programs that know nothing of us read what we write; skipped where they are not installed.
presec_tests(tools presec_scenarios)

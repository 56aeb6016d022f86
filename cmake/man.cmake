# The manual page has no source of its own: the command writes it out of the texts behind `presec help`.
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/presec.1
  COMMAND presec help --man > ${CMAKE_BINARY_DIR}/presec.1
  DEPENDS presec
  COMMENT "Writing the manual page" VERBATIM)
add_custom_target(presec_man ALL DEPENDS ${CMAKE_BINARY_DIR}/presec.1)
install(FILES ${CMAKE_BINARY_DIR}/presec.1 DESTINATION share/man/man1)

# The data files that the installed command carries inside itself, so that it needs no path: presec_data holds the table
# of scenarios/data.h.  A new file is seen by the next build (CONFIGURE_DEPENDS); empty folders are fine.
file(GLOB_RECURSE PRESEC_LIBRARY_FILES RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/scenarios/library/*.xml)
file(GLOB PRESEC_DATA_FILES RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/scenarios/options/*.xml
     ${CMAKE_SOURCE_DIR}/scenarios/attacks/*.xml
     ${CMAKE_SOURCE_DIR}/scenarios/casts/*.xml
     ${CMAKE_SOURCE_DIR}/scenarios/lessons/*.xml
     ${CMAKE_SOURCE_DIR}/scenarios/schema/*.xsd
     ${CMAKE_SOURCE_DIR}/tests/vectors/*.txt
     ${CMAKE_SOURCE_DIR}/ui/*.css
     ${CMAKE_SOURCE_DIR}/ui/help/*.txt
     ${CMAKE_SOURCE_DIR}/ui/explain/*.txt)
list(APPEND PRESEC_DATA_FILES ${PRESEC_LIBRARY_FILES})
list(SORT PRESEC_DATA_FILES)
list(JOIN PRESEC_DATA_FILES "\n" PRESEC_DATA_LIST)
set(PRESEC_DATA_DIR ${CMAKE_BINARY_DIR}/data)
file(CONFIGURE OUTPUT ${PRESEC_DATA_DIR}/files.list CONTENT "${PRESEC_DATA_LIST}\n" @ONLY)
list(TRANSFORM PRESEC_DATA_FILES PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE PRESEC_DATA_PATHS)

add_executable(presec_embed ${CMAKE_SOURCE_DIR}/cmake/embed.c)
add_custom_command(
  OUTPUT ${PRESEC_DATA_DIR}/data_files.c
  COMMAND presec_embed ${PRESEC_DATA_DIR}/data_files.c ${CMAKE_SOURCE_DIR} ${PRESEC_DATA_DIR}/files.list
  DEPENDS presec_embed ${PRESEC_DATA_DIR}/files.list ${PRESEC_DATA_PATHS}
  COMMENT "Compiling the data files in" VERBATIM)
add_library(presec_data STATIC ${PRESEC_DATA_DIR}/data_files.c)
target_include_directories(presec_data PUBLIC ${CMAKE_SOURCE_DIR})

# SPDX-License-Identifier: MIT
# The index: what needs libpq. Schema files go in by number; of the code files each may use those before it,
# and grants.sql has to be the last.
file(GLOB SCHEMA_FILES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/sql/schema/*.sql)
list(SORT SCHEMA_FILES)
set(SQL_FILES ${SCHEMA_FILES})
foreach(name ingest origins lists feeds families nodes built_in enrich registration guilt pages features judge reasons score clusters status evidence evidence_text plots changes export export_cof export_rpz export_misp export_xarf export_stix views site grants)
	list(APPEND SQL_FILES ${PROJECT_SOURCE_DIR}/sql/${name}.sql)
endforeach()

list(JOIN SQL_FILES "," SQL_LIST)
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/sql_files.c
	COMMAND ${CMAKE_COMMAND} -DOUT=${CMAKE_CURRENT_BINARY_DIR}/sql_files.c -DSQL=${SQL_LIST}
		-P ${CMAKE_CURRENT_SOURCE_DIR}/embed_sql.cmake
	DEPENDS ${SQL_FILES} ${CMAKE_CURRENT_SOURCE_DIR}/embed_sql.cmake VERBATIM)

# Files from elsewhere, for whoever imports them: into the index or into segments.
add_library(ft_lines STATIC line_file.c ini_file.c)
target_link_libraries(ft_lines PUBLIC ft_base PRIVATE PkgConfig::Z PkgConfig::INIH)

# What a text tells, and a name in it.
add_library(ft_texts STATIC line_class.c pattern.c pattern_trial.c suffix.c)
target_link_libraries(ft_texts PUBLIC ft_base PRIVATE PkgConfig::PCRE2 PkgConfig::PSL)

add_library(ft_database STATIC cluster.c cluster_place.c cluster_server.c postgres_program.c copy.c db.c loader.c
	loader_fetch.c loader_hex.c loader_ids.c loader_rare.c loader_row.c loader_segment.c loader_source.c
	day.c families.c feeds.c list_line.c listed_names.c lists.c loader_thread.c migrate.c prefix_line.c prefixes.c scoring.c
	${CMAKE_CURRENT_BINARY_DIR}/sql_files.c)
target_link_libraries(ft_database PUBLIC ft_lines ft_spool ft_texts PkgConfig::PQ PRIVATE PkgConfig::JANSSON Threads::Threads)

# SPDX-License-Identifier: MIT
# cmake -DOUT=file.c -DSQL=a.sql,b.sql -P embed_sql.cmake: writes the SQL files, in the order given, as the
# C array of store/sql_files.h. A name that begins with three digits is a schema file.
string(REPLACE "," ";" SQL "${SQL}")
set(TEXTS "")
set(TABLE "")
set(INDEX 0)
foreach(file ${SQL})
	get_filename_component(name ${file} NAME)
	file(SHA256 ${file} sha256)
	file(READ ${file} bytes HEX)
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
	set(version -1)
	if(name MATCHES "^0*([0-9]+)_")
		set(version ${CMAKE_MATCH_1})
	endif()
	string(APPEND TEXTS "static const char text_${INDEX}[] = {${bytes}0x00};\n")
	string(APPEND TABLE "\t{${version}, \"${name}\", \"${sha256}\", text_${INDEX}},\n")
	math(EXPR INDEX "${INDEX} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by store/embed_sql.cmake. */
#include \"store/sql_files.h\"

${TEXTS}
const struct sql_file sql_files[] = {
${TABLE}};
const size_t sql_file_count = ${INDEX};
")

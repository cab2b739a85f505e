# SPDX-License-Identifier: MIT
# cmake -DOUT=file.c -DCSS=style.css -P embed_style.cmake: writes the style sheet as report/html_style.h has it.
file(READ ${CSS} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "/* Made by report/embed_style.cmake. */
#include \"report/html_style.h\"

const char html_style[] = {${bytes}0x00};
const size_t html_style_len = sizeof(html_style) - 1;
")

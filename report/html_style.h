/* SPDX-License-Identifier: MIT */
/* report/style.css, built into the program by report/embed_style.cmake. */
#ifndef REPORT_HTML_STYLE_H
#define REPORT_HTML_STYLE_H

#include <stddef.h>

extern const char html_style[]; /* with a closing NUL */
extern const size_t html_style_len;

#endif

/* SPDX-License-Identifier: MIT */
/* What a terminal tells of itself. */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

/* Columns of the terminal that fd is; 0 where it is none or does not say. */
int terminal_width(int fd);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * stop.h: a signal asks the program to stop. What waits or works long looks at
 * the flag, gives up what it is at, and the program ends by that signal. The
 * flag is the one thing that a signal handler may set.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

#include "base/attr.h"

/* From now on SIGINT, SIGTERM and SIGHUP set the flag, and system calls that
 * wait return EINTR. One that is ignored stays so (nohup, `cmd &`); the same
 * signal again ends the program at once. */
void stop_catch(void);
bool stop_asked(void);
/* Ends the program by the signal that asked, so that a shell sees it. */
void stop_now(void) attr_noreturn;

#endif

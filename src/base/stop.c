/* SPDX-License-Identifier: MIT */
#include "base/stop.h"

#include <signal.h>
#include <stdlib.h>

static volatile sig_atomic_t asked;

static void
on_signal(int sig)
{
	asked = sig;
}

void
stop_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act = { .sa_flags = (int)SA_RESETHAND }, old;

	act.sa_handler = on_signal;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < countof(signals); i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
}

bool
stop_asked(void)
{
	return asked != 0;
}

void
stop_now(void)
{
	int sig = asked;

	signal(sig, SIG_DFL);
	raise(sig);
	_Exit(128 + sig); /* it is blocked */
}

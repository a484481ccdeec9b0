#!/usr/bin/env python3
"""The script that a user would write by hand.

usage: peer.py QUESTION LOG [STORE]

status   requests by status
fixed    the ten clients with the most different preview paths refused in a
         window of five minutes on the clock
sliding  the same in any five minutes
store    all requests, twelve columns, into an SQLite file
"""
import collections
import datetime
import re
import sqlite3
import sys

REQUEST = re.compile(
    r'^(\S+) heroku\[router\]: at=\S+ .*?method=(\S+) path="([^"]*)" '
    r'host=(\S+) request_id=(\S+) fwd="([^",]*)[^"]*" dyno=(\S*) '
    r'connect=(\d+)ms service=(\d+)ms status=(\d+) bytes=(\d+) protocol=(\S+)')
TS, PATH, CLIENT, STATUS = 0, 2, 5, 9
WINDOW = 300 * 1000000


def requests(log):
    match = REQUEST.match
    with open(log, encoding='latin-1') as lines:
        for line in lines:
            m = match(line)
            if m:
                yield m.groups()


def microseconds(text):
    seconds = datetime.datetime.fromisoformat(text[:19] + '+00:00').timestamp()
    return int(seconds) * 1000000 + int(text[20:26])


def refused(log):
    for r in requests(log):
        if r[STATUS][0] == '4' and r[PATH].startswith('/preview/'):
            yield r[CLIENT], microseconds(r[TS]), r[PATH]


def print_most(most):
    for client, n in sorted(most.items(), key=lambda x: (-x[1], x[0]))[:10]:
        print(f'{client},{n}')


def status(log):
    count = collections.Counter(r[STATUS] for r in requests(log))
    for code, n in sorted(count.items()):
        print(f'{code},{n}')


def fixed(log):
    window = collections.defaultdict(set)
    for client, ts, path in refused(log):
        window[client, ts // WINDOW].add(path)
    most = collections.Counter()
    for (client, _), paths in window.items():
        most[client] = max(most[client], len(paths))
    print_most(most)


def most_in_window(events):
    count = collections.Counter()
    first = most = 0
    for ts, path in sorted(events):
        count[path] += 1
        while events[first][0] < ts - WINDOW:
            old = events[first][1]
            count[old] -= 1
            if not count[old]:
                del count[old]
            first += 1
        most = max(most, len(count))
    return most


def sliding(log):
    events = collections.defaultdict(list)
    for client, ts, path in refused(log):
        events[client].append((ts, path))
    most = {}
    for client, of_client in events.items():
        of_client.sort()
        most[client] = most_in_window(of_client)
    print_most(most)


def store(log, file):
    db = sqlite3.connect(file)
    db.executescript(
        'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;'
        'CREATE TABLE r (ts INT, method TEXT, path TEXT, host TEXT, rid TEXT,'
        ' ip TEXT, dyno TEXT, connect INT, service INT, status INT, bytes INT,'
        ' proto TEXT)')
    db.executemany(
        'INSERT INTO r VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ((microseconds(r[TS]),) + r[1:7] + tuple(map(int, r[7:11])) + r[11:]
         for r in requests(log)))
    db.commit()
    for row in db.execute(
            'SELECT status, count(*) FROM r GROUP BY 1 ORDER BY 1'):
        print(*row, sep=',')


{'status': status, 'fixed': fixed, 'sliding': sliding,
 'store': store}[sys.argv[1]](*sys.argv[2:])

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A throw-away PostgreSQL for the benches: in a temporary folder, on a socket there, gone with its
 * data at the end. */
#include <glib.h>
#include <libpq-fe.h>
#include <stdbool.h>

typedef struct {
    PGconn *connection;
    char *folder;
} PgServer;

/* options: more of them for postgres. NULL and in why (owned) the reason where there is none. */
PgServer *pg_server_start(const char *options, char **why);
void pg_server_stop(PgServer *server);

/* Each tells of an error on stderr. */
bool pg_server_command(PgServer *server, const char *sql);
bool pg_server_prepare(PgServer *server, const char *name, const char *sql);
bool pg_server_copy(PgServer *server, const char *sql, const char *rows, size_t size);

/* The text of a single value; NULL where there is none. */
char *pg_server_dup(PgServer *server, const char *sql);

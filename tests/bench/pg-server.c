/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/pg-server.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define BIN "/usr/lib/postgresql/15/bin/"

/* It refuses to run as root. */
static bool run(const char *const *words)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    if (geteuid() == 0) {
        static const char *const as[] = {"setpriv", "--reuid=postgres", "--regid=postgres",
                                         "--clear-groups", NULL};
        for (size_t i = 0; as[i]; i++)
            g_ptr_array_add(argv, (gpointer)as[i]);
    }
    for (size_t i = 0; words[i]; i++)
        g_ptr_array_add(argv, (gpointer)words[i]);
    g_ptr_array_add(argv, NULL);
    int status = -1;
    return g_spawn_sync("/", (char **)argv->pdata, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

static bool start_server(const char *folder, const char *more)
{
    g_autofree char *data = g_build_filename(folder, "data", NULL);
    g_autofree char *log = g_build_filename(folder, "log", NULL);
    g_autofree char *options = g_strdup_printf(
        "-c listen_addresses= -c unix_socket_directories=%s -c shared_buffers=1GB -c jit=off"
        " %s",
        folder, more);
    const char *const initdb[] = {BIN "initdb", "-D",          data, "-A",   "trust",     "-U",
                                  "bench",      "--no-locale", "-E", "UTF8", "--no-sync", NULL};
    const char *const start[] = {BIN "pg_ctl", "-D",    data,    "-l", log,
                                 "-o",         options, "start", "-w", NULL};
    return run(initdb) && run(start);
}

static bool give_away(const char *folder)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    return geteuid() != 0 || (user && chown(folder, user->pw_uid, user->pw_gid) == 0);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
            remove_tree(inner);
        g_unlink(inner);
    }
    g_rmdir(path);
}

bool pg_server_command(PgServer *server, const char *sql)
{
    PGresult *result = PQexec(server->connection, sql);
    bool ok =
        PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!ok)
        g_printerr("%s", PQerrorMessage(server->connection));
    PQclear(result);
    return ok;
}

char *pg_server_dup(PgServer *server, const char *sql)
{
    PGresult *result = PQexec(server->connection, sql);
    char *text = PQntuples(result) == 1 ? g_strdup(PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    return text;
}

PgServer *pg_server_start(const char *options, char **why)
{
    PgServer *server = g_new0(PgServer, 1);
    server->folder = g_dir_make_tmp("gridbeat-pg-XXXXXX", NULL);
    *why = NULL;
    if (g_access(BIN "initdb", X_OK) != 0)
        *why = g_strdup("postgresql-15 is not installed");
    else if (!give_away(server->folder) || !start_server(server->folder, options))
        *why = g_strdup("its server does not start");
    if (!*why) {
        g_autofree char *to = g_strdup_printf("host=%s user=bench dbname=postgres", server->folder);
        server->connection = PQconnectdb(to);
        if (PQstatus(server->connection) != CONNECTION_OK)
            *why = g_strdup("no connection to its server");
    }
    if (!*why)
        return server;
    pg_server_stop(server);
    return NULL;
}

void pg_server_stop(PgServer *server)
{
    g_autofree char *data = g_build_filename(server->folder, "data", NULL);
    const char *const stop[] = {BIN "pg_ctl", "-D", data, "-m", "fast", "-w", "stop", NULL};
    if (server->connection)
        PQfinish(server->connection);
    if (g_file_test(data, G_FILE_TEST_IS_DIR))
        run(stop);
    remove_tree(server->folder);
    g_free(server->folder);
    g_free(server);
}

bool pg_server_prepare(PgServer *server, const char *name, const char *sql)
{
    PGresult *result = PQprepare(server->connection, name, sql, 0, NULL);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        g_printerr("%s", PQerrorMessage(server->connection));
    PQclear(result);
    return ok;
}

bool pg_server_copy(PgServer *server, const char *sql, const char *rows, size_t size)
{
    PGresult *result = PQexec(server->connection, sql);
    bool ok = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    ok = ok && PQputCopyData(server->connection, rows, (int)size) == 1 &&
         PQputCopyEnd(server->connection, NULL) == 1;
    while ((result = PQgetResult(server->connection))) {
        ok = ok && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    return ok;
}

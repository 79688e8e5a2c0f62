/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The one table of what a person can do in the window. Menus, keys, the command line, the list of
 * keys and `gridbeat --keys` are made from it; each act is the window's action "win.ID". */
#include <gtk/gtk.h>

#include "geo/model/rights.h"

typedef struct {
    const char *id;
    const char *keys;    /* accelerators, by spaces; NULL: none */
    const char *command; /* its word on the command line, in English; NULL: none */
    const char *label;   /* to be translated */
    const char *group;   /* heading in the list of keys, to be translated */
    int op;              /* GeoOp that the actor must be allowed; -1: only looks */
    bool undo;           /* can be taken back */
    const char *type;    /* of the action's parameter; NULL: none */
    const char *value;   /* the parameter that keys and menus give, as GVariant text */
} AppAct;

extern const AppAct app_acts[];
extern const gsize app_n_acts;

const AppAct *app_acts_find(const char *id);

/* The first of its keys as people read it: "Ctrl+B"; the caller frees; NULL without keys. */
char *app_acts_dup_key(const AppAct *act);

/* Binds all keys to the widget's "win." actions, after the focused widget has had them: a letter
 * typed into an entry stays there. */
void app_acts_bind(GtkWidget *window);

/* Acts whose command begins with the text (any case), or whose label in the reader's language holds
 * it: const AppAct *, in the table's order. */
GPtrArray *app_acts_search(const char *text);

/* A line for each act with keys: group, keys, label. For README and terminals. */
void app_acts_print(void);

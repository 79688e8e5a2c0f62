/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Until GTK 4.14 a GtkShortcutsWindow is made by GtkBuilder only, so its description is written
 * here: a group for each of the table's headings, in the table's order. */
#include "app/console/shortcuts.h"

#include <string.h>

#include "app/console/acts.h"
#include "maps/paint/words.h"

static void add_group(GString *xml, const char *group)
{
    g_autofree char *title = g_markup_escape_text(_(group), -1);
    g_string_append_printf(xml,
                           "<child><object class='GtkShortcutsGroup'>"
                           "<property name='title'>%s</property>",
                           title);
    for (gsize i = 0; i < app_n_acts; i++) {
        const AppAct *act = &app_acts[i];
        if (!act->keys || strcmp(act->group, group) != 0)
            continue;
        g_autofree char *keys = g_markup_escape_text(act->keys, -1);
        g_autofree char *label = g_markup_escape_text(_(act->label), -1);
        g_string_append_printf(xml,
                               "<child><object class='GtkShortcutsShortcut'>"
                               "<property name='accelerator'>%s</property>"
                               "<property name='title'>%s</property></object></child>",
                               keys, label);
    }
    g_string_append(xml, "</object></child>");
}

void app_shortcuts_show(GtkWindow *parent)
{
    g_autoptr(GString) xml = g_string_new("<interface><object class='GtkShortcutsWindow' id='keys'>"
                                          "<property name='modal'>1</property><child>"
                                          "<object class='GtkShortcutsSection'>"
                                          "<property name='section-name'>keys</property>");
    g_autoptr(GPtrArray) groups = g_ptr_array_new();
    for (gsize i = 0; i < app_n_acts; i++)
        if (app_acts[i].keys &&
            !g_ptr_array_find_with_equal_func(groups, app_acts[i].group, g_str_equal, NULL)) {
            g_ptr_array_add(groups, (gpointer)app_acts[i].group);
            add_group(xml, app_acts[i].group);
        }
    g_string_append(xml, "</object></child></object></interface>");
    g_autoptr(GtkBuilder) builder = gtk_builder_new_from_string(xml->str, (gssize)xml->len);
    GtkWindow *keys = GTK_WINDOW(gtk_builder_get_object(builder, "keys"));
    gtk_window_set_transient_for(keys, parent);
    gtk_window_present(keys);
}

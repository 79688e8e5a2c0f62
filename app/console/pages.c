/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/pages.h"

#include "geo/model/error.h"
#include "maps/paint/words.h"

const char *app_pages_advice(const GError *error)
{
    if (g_error_matches(error, GEO_ERROR, GEO_ERROR_MISSING))
        return _("Check the name, or open another city folder.");
    if (g_error_matches(error, GEO_ERROR, GEO_ERROR_BUSY))
        return _("Another program holds it. Wait until that is done, then open it again.");
    if (g_error_matches(error, GEO_ERROR, GEO_ERROR_IO))
        return _("Check that you may read the folder and that its disk is there. “gridbeatctl "
                 "check” looks deeper; “gridbeatctl restore” makes a city from a backup.");
    return _("Open another city folder. A damaged city comes back from a backup by “gridbeatctl "
             "restore”; one of a newer Gridbeat needs that version.");
}

static GtkWidget *open_button(void)
{
    GtkWidget *button = gtk_button_new_with_mnemonic(_("_Open a city …"));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.open");
    gtk_widget_add_css_class(button, "pill");
    gtk_widget_add_css_class(button, "suggested-action");
    gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
    return button;
}

static GtkWidget *add_page(GtkStack *stack, const char *name, const char *icon, const char *title,
                           const char *description)
{
    GtkWidget *page = adw_status_page_new();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), icon);
    adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
    adw_status_page_set_description(ADW_STATUS_PAGE(page), description);
    adw_status_page_set_child(ADW_STATUS_PAGE(page), open_button());
    gtk_stack_add_named(stack, page, name);
    return page;
}

static GtkWidget *make_loading(void)
{
    GtkWidget *spinner = gtk_spinner_new();
    gtk_widget_set_size_request(spinner, 48, 48);
    gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(spinner, GTK_ALIGN_CENTER);
    gtk_spinner_start(GTK_SPINNER(spinner));
    return spinner;
}

AdwStatusPage *app_pages_add(GtkStack *stack, GtkWidget *recent)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 24), *welcome;
    welcome =
        add_page(stack, "welcome", "folder-open-symbolic", _("No city is open"),
                 _("A city is a folder NAME.gridbeat.\nMake the demo city of Hefei by “gridbeatctl "
                   "demo hefei.gridbeat”,\nor one of your own by “gridbeatctl import”."));
    gtk_box_append(GTK_BOX(box), open_button());
    gtk_box_append(GTK_BOX(box), recent);
    adw_status_page_set_child(ADW_STATUS_PAGE(welcome), box);
    add_page(stack, "hollow", "folder-symbolic", _("This city holds nothing yet"),
             _("Bring in streets, buildings, areas and cameras by “gridbeatctl import”."));
    gtk_stack_add_named(stack, make_loading(), "loading");
    return ADW_STATUS_PAGE(add_page(stack, "trouble", "dialog-warning-symbolic",
                                    _("This city cannot be opened"), NULL));
}

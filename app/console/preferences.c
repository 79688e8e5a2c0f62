/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/preferences.h"

#include "maps/paint/words.h"

static const double zooms[] = {0, 11.5, 13.5, 15.5, 17};

static void on_language(AdwComboRow *row, GParamSpec *spec, AppSettings *settings)
{
    static const char *const tags[] = {NULL, "en", "zh"};
    app_settings_set_language(settings, tags[MIN(adw_combo_row_get_selected(row), 2)]);
}

static void on_style(AdwComboRow *row, GParamSpec *spec, AppSettings *settings)
{
    app_settings_set_style(settings, adw_combo_row_get_selected(row) == 1 ? MAPS_STYLE_DAY
                                                                          : MAPS_STYLE_NIGHT);
}

static void on_zoom(AdwComboRow *row, GParamSpec *spec, AppSettings *settings)
{
    app_settings_set_opening_zoom(
        settings, zooms[MIN(adw_combo_row_get_selected(row), G_N_ELEMENTS(zooms) - 1)]);
}

static void on_motion(GtkSwitch *button, GParamSpec *spec, AppSettings *settings)
{
    app_settings_set_reduced_motion(settings, gtk_switch_get_active(button));
}

/* words: NULL-terminated. */
static void add_choice(AdwPreferencesGroup *group, const char *title, const char *subtitle,
                       const char *const *words, guint chosen, GCallback changed,
                       AppSettings *settings)
{
    GtkWidget *row = adw_combo_row_new();
    g_autoptr(GtkStringList) list = gtk_string_list_new(words);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
    adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(list));
    adw_combo_row_set_selected(ADW_COMBO_ROW(row), chosen);
    g_signal_connect_object(row, "notify::selected", changed, settings, 0);
    adw_preferences_group_add(group, row);
}

static guint chosen_zoom(AppSettings *settings)
{
    double zoom = app_settings_opening_zoom(settings);
    guint best = 0;
    for (guint i = 1; zoom > 0 && i < G_N_ELEMENTS(zooms); i++)
        if (best == 0 || ABS(zooms[i] - zoom) < ABS(zooms[best] - zoom))
            best = i;
    return best;
}

static void add_rows(AdwPreferencesGroup *looks, AdwPreferencesGroup *map, AppSettings *settings)
{
    const char *lang = app_settings_language(settings);
    const char *const languages[] = {_("As the system says"), "English", "简体中文", NULL};
    const char *const styles[] = {_("Night"), _("Day"), NULL};
    const char *const places[] = {_("As the city asks"), _("The whole city"), _("A district"),
                                  _("Some communities"), _("A few streets"),  NULL};
    GtkWidget *motion = adw_action_row_new(), *still = gtk_switch_new();
    add_choice(looks, _("Language"), _("From the next start on"), languages,
               !lang                          ? 0
               : g_str_has_prefix(lang, "zh") ? 2
                                              : 1,
               G_CALLBACK(on_language), settings);
    add_choice(looks, _("Colours"), NULL, styles, app_settings_style(settings) == MAPS_STYLE_DAY,
               G_CALLBACK(on_style), settings);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(motion), _("Reduced motion"));
    adw_action_row_set_subtitle(ADW_ACTION_ROW(motion), _("Nothing flies or pulses"));
    gtk_switch_set_active(GTK_SWITCH(still), app_settings_reduced_motion(settings));
    gtk_widget_set_valign(still, GTK_ALIGN_CENTER);
    adw_action_row_add_suffix(ADW_ACTION_ROW(motion), still);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(motion), still);
    g_signal_connect_object(still, "notify::active", G_CALLBACK(on_motion), settings, 0);
    adw_preferences_group_add(looks, motion);
    add_choice(map, _("A city opens at"), _("Where it was never left before"), places,
               chosen_zoom(settings), G_CALLBACK(on_zoom), settings);
}

void app_preferences_show(GtkWindow *parent, AppSettings *settings)
{
    GtkWidget *window = adw_preferences_window_new(), *page = adw_preferences_page_new();
    GtkWidget *looks = adw_preferences_group_new(), *map = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(looks), _("Looks"));
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(map), _("Map"));
    add_rows(ADW_PREFERENCES_GROUP(looks), ADW_PREFERENCES_GROUP(map), settings);
    adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(looks));
    adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(map));
    adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window), ADW_PREFERENCES_PAGE(page));
    adw_preferences_window_set_search_enabled(ADW_PREFERENCES_WINDOW(window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(window), 520, 480);
    gtk_window_set_modal(GTK_WINDOW(window), TRUE);
    gtk_window_set_transient_for(GTK_WINDOW(window), parent);
    g_object_set_data_full(G_OBJECT(window), "settings", g_object_ref(settings), g_object_unref);
    gtk_window_present(GTK_WINDOW(window));
}

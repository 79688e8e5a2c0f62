/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twenty pictures a second: more is not seen on a map of a city, and leaves time for its drawing.
 */
#include "app/console/replay-desk.h"

#include <adwaita.h>
#include <math.h>
#include <stdlib.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "app/session/replay.h"
#include "maps/paint/words.h"

#define FRAME_MS 50
#define STEP_MS 10000
#define FOLLOW_MS (INT64_C(60) * 60 * 1000) /* around the moment: what the purpose is asked for */
#define BACK_MS (INT64_C(30) * 60 * 1000)
#define NAME "gridbeat-replay"

struct AppReplayDesk {
    AppRoom *room;       /* it is the room's */
    AppSession *session; /* a reference */
    GtkWidget *band;     /* the overlay's */
    GtkWidget *hint;     /* the room's: what to do next in live */
    GtkLabel *clock, *speed, *wait, *follows;
    GtkButton *play;
    AppReplay *replay; /* owned; NULL: live */
    guint timer;
    gint64 last_us;
    int64_t picked, followed; /* units; 0: none */
    int64_t follow_ms;        /* the moment that the purpose was asked for */
    int64_t shown_ms;         /* moment of the last picture */
    bool shown_plays;
};

/* ---- pictures ---- */

static void show_clock(AppReplayDesk *self, const AppNow *now)
{
    double speed = app_replay_speed(self->replay);
    g_autofree char *day = app_words_dup_day(now->at_ms, now->zone);
    g_autofree char *time = app_words_dup_time(now->at_ms, now->zone);
    g_autofree char *clock = g_strdup_printf("%.10s  %s", day, time);
    g_autofree char *words = g_strdup_printf("%s×%g", speed < 0 ? "◀ " : "", fabs(speed));
    bool plays = app_replay_plays(self->replay);
    app_looks_set_text(self->clock, clock);
    app_looks_set_text(self->speed, words);
    gtk_button_set_icon_name(self->play, plays ? "media-playback-pause-symbolic"
                                               : "media-playback-start-symbolic");
}

static void stop_following(AppReplayDesk *self)
{
    self->followed = 0;
    gtk_widget_set_visible(GTK_WIDGET(self->follows), FALSE);
}

/* A unit in a gap, or off the map, is waited for where it was. */
static void go_with_unit(AppReplayDesk *self, const AppNow *now)
{
    AppMap *map = app_room_map(self->room);
    if (self->followed && llabs(now->at_ms - self->follow_ms) > FOLLOW_MS) {
        stop_following(self); /* the purpose covered no more */
        g_signal_emit_by_name(self->room, "said",
                              _("Following has ended: its purpose covers an hour around."));
    }
    for (size_t i = 0; self->followed && i < now->n_units; i++)
        if (now->who[i].id == self->followed)
            app_map_jump(map, now->units[i].at, app_map_view(map).zoom);
}

static void show(AppReplayDesk *self)
{
    AppNow *now = app_replay_now(self->replay);
    gtk_widget_set_visible(GTK_WIDGET(self->wait), !now);
    if (!now)
        return;
    self->shown_ms = now->at_ms;
    self->shown_plays = app_replay_plays(self->replay);
    show_clock(self, now);
    go_with_unit(self, now);
    app_session_show(self->session, now);
    app_now_unref(now);
}

static gboolean on_frame(gpointer data)
{
    AppReplayDesk *self = data;
    gint64 now_us = g_get_monotonic_time();
    /* A picture that took long slows the playback down instead of making it jump. */
    int64_t elapsed_ms = MIN((now_us - self->last_us) / 1000, 4 * FRAME_MS);
    self->last_us = now_us;
    bool there = app_replay_advance(self->replay, elapsed_ms);
    gtk_widget_set_visible(GTK_WIDGET(self->wait), !there);
    if (there && (app_replay_at_ms(self->replay) != self->shown_ms ||
                  app_replay_plays(self->replay) != self->shown_plays))
        show(self);
    return G_SOURCE_CONTINUE;
}

static void on_changed(const char *said, gpointer data)
{
    AppReplayDesk *self = data;
    if (said)
        g_signal_emit_by_name(self->room, "said", said);
    self->shown_ms = 0; /* what has come in may be what is waited for */
}

/* ---- beginning and ending ---- */

static bool begin(AppReplayDesk *self)
{
    AppNow *now = app_session_now(self->session);
    if (self->replay)
        return true;
    if (!now)
        return false;
    /* Up to the quarter hour that the bars of the day end with. */
    self->replay = app_replay_new(self->session, now->at_ms - APP_REPLAY_SPAN_MS, now->at_ms,
                                  on_changed, self);
    self->last_us = g_get_monotonic_time();
    self->timer = g_timeout_add(FRAME_MS, on_frame, self);
    gtk_widget_set_visible(self->band, TRUE);
    gtk_widget_set_visible(self->hint, FALSE);
    return true;
}

void app_replay_desk_end(AppReplayDesk *self)
{
    if (!self->replay)
        return;
    g_clear_handle_id(&self->timer, g_source_remove);
    g_clear_pointer(&self->replay, app_replay_free);
    gtk_widget_set_visible(self->band, FALSE);
    stop_following(self);
    app_session_show(self->session, NULL);
}

bool app_replay_desk_active(AppReplayDesk *self)
{
    return self->replay != NULL;
}

void app_replay_desk_seek(AppReplayDesk *self, int64_t at_ms)
{
    if (!begin(self))
        return;
    app_replay_seek(self->replay, at_ms);
    self->shown_ms = 0;
}

void app_replay_desk_toggle(AppReplayDesk *self)
{
    AppNow *now = app_session_now(self->session);
    if (self->replay) {
        app_replay_desk_end(self);
        return;
    }
    if (!now)
        return;
    app_replay_desk_seek(self, now->at_ms - BACK_MS);
    app_replay_play(self->replay, true);
}

/* ---- acts ---- */

void app_replay_desk_pause(AppReplayDesk *self)
{
    app_replay_play(self->replay, !app_replay_plays(self->replay));
    self->shown_ms = 0;
}

void app_replay_desk_reverse(AppReplayDesk *self)
{
    app_replay_set_speed(self->replay, -app_replay_speed(self->replay));
    self->shown_ms = 0;
}

void app_replay_desk_faster(AppReplayDesk *self, int by)
{
    app_replay_set_speed(self->replay, app_replay_step_speed(app_replay_speed(self->replay), by));
    self->shown_ms = 0;
}

void app_replay_desk_step(AppReplayDesk *self, int by)
{
    app_replay_play(self->replay, false);
    app_replay_seek(self->replay, app_replay_at_ms(self->replay) + by * STEP_MS);
    self->shown_ms = 0;
}

/* ---- following one ---- */

static const char *code_of(AppReplayDesk *self, int64_t unit_id)
{
    const AppNow *now = app_session_now(self->session);
    for (size_t i = 0; now && i < now->n_units; i++)
        if (now->who[i].id == unit_id)
            return now->who[i].code;
    return NULL;
}

static void on_purpose(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(AppRoom) room = data;
    g_autoptr(GError) error = NULL;
    AppReplayDesk *self = app_replay_desk_of(room);
    if (!app_session_ask_purpose_finish(APP_SESSION(source), result, &error)) {
        g_signal_emit_by_name(room, "said", error->message);
        return;
    }
    if (!self || !self->replay)
        return;
    const char *code = code_of(self, self->picked);
    g_autofree char *words = g_strdup_printf(_("following %s (F ends it)"), code ? code : "?");
    self->followed = self->picked;
    self->follow_ms = app_replay_at_ms(self->replay);
    gtk_label_set_text(self->follows, words);
    gtk_widget_set_visible(GTK_WIDGET(self->follows), TRUE);
    self->shown_ms = 0;
}

static void on_answer(AdwMessageDialog *dialog, const char *answer, GtkEditable *entry)
{
    AppRoom *room = g_object_get_data(G_OBJECT(dialog), NAME);
    AppReplayDesk *self = app_replay_desk_of(room);
    if (!g_str_equal(answer, "follow") || !self || !self->replay)
        return;
    int64_t at_ms = app_replay_at_ms(self->replay);
    g_autofree char *purpose = g_strstrip(g_strdup(gtk_editable_get_text(entry)));
    app_session_ask_purpose(self->session, self->picked, at_ms - FOLLOW_MS, at_ms + FOLLOW_MS,
                            purpose, on_purpose, g_object_ref(room));
}

void app_replay_desk_follow(AppReplayDesk *self)
{
    const char *code = self->picked ? code_of(self, self->picked) : NULL;
    if (self->followed) {
        stop_following(self);
        return;
    }
    if (!code) {
        g_signal_emit_by_name(self->room, "said", _("Choose a unit on the map first."));
        return;
    }
    g_autofree char *title = g_strdup_printf(_("Follow %s?"), code);
    GtkWidget *entry = gtk_entry_new();
    GtkWidget *dialog = adw_message_dialog_new(
        GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self->room))), title,
        _("To follow one patroller is to read a person's way. Say for what: it is checked and "
          "written down, and the person can see who looked."));
    gtk_entry_set_placeholder_text(GTK_ENTRY(entry),
                                   _("incident:CODE, case:NUMBER or task:NUMBER"));
    gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), entry);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("Cancel"), "follow",
                                     _("Follow"), NULL);
    adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "follow");
    adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
    g_object_set_data_full(G_OBJECT(dialog), NAME, g_object_ref(self->room), g_object_unref);
    g_signal_connect(dialog, "response", G_CALLBACK(on_answer), entry);
    gtk_window_present(GTK_WINDOW(dialog));
}

/* A click elsewhere ends it: whoever looks at something else does not go with somebody. */
static void on_picked(AppReplayDesk *self, const AppPick *pick)
{
    self->picked = pick->kind == APP_PICK_UNIT ? pick->id : 0;
    if (self->followed && self->picked != self->followed)
        stop_following(self);
}

/* ---- the band ---- */

static GtkWidget *button(const char *icon, const char *action, const char *target,
                         const char *words)
{
    GtkWidget *one = gtk_button_new_from_icon_name(icon);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(one), action);
    if (target)
        gtk_actionable_set_action_target_value(GTK_ACTIONABLE(one), g_variant_new_parsed(target));
    gtk_widget_set_tooltip_text(one, words);
    gtk_widget_set_focus_on_click(one, FALSE); /* Space stays the map's */
    gtk_widget_add_css_class(one, "flat");
    app_looks_name(one, words);
    return one;
}

static GtkWidget *make_band(AppReplayDesk *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *live = gtk_button_new_with_label(_("Back to live (End)"));
    self->clock = GTK_LABEL(app_looks_label("", "numeric", 0));
    self->speed = GTK_LABEL(app_looks_label("", "numeric", 0.5));
    self->wait = GTK_LABEL(app_looks_label(_("reading tracks …"), NULL, 0));
    self->play = GTK_BUTTON(
        button("media-playback-start-symbolic", "win.pause", NULL, _("Play or wait (Space)")));
    gtk_label_set_width_chars(self->speed, 6);
    gtk_label_set_ellipsize(self->clock, PANGO_ELLIPSIZE_NONE);
    gtk_label_set_ellipsize(self->speed, PANGO_ELLIPSIZE_NONE);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(live), "win.replay-live");
    gtk_widget_set_focus_on_click(live, FALSE);
    GtkWidget *word = app_looks_label(_("PLAYBACK"), "word", 0);
    GtkWidget *room = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_label_set_ellipsize(GTK_LABEL(word), PANGO_ELLIPSIZE_NONE);
    gtk_widget_set_hexpand(room, TRUE);
    gtk_box_append(GTK_BOX(box), word);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->clock));
    gtk_box_append(GTK_BOX(box), button("media-skip-backward-symbolic", "win.replay-step", "-1",
                                        _("10 s back (,)")));
    gtk_box_append(GTK_BOX(box), button("media-seek-backward-symbolic", "win.replay-faster", "-1",
                                        _("Slower ([)")));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->play));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->speed));
    gtk_box_append(GTK_BOX(box), button("media-seek-forward-symbolic", "win.replay-faster", "1",
                                        _("Faster (])")));
    gtk_box_append(GTK_BOX(box),
                   button("media-skip-forward-symbolic", "win.replay-step", "1", _("10 s on (.)")));
    gtk_box_append(GTK_BOX(box), button("object-flip-horizontal-symbolic", "win.replay-reverse",
                                        NULL, _("The other way round (Backspace)")));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->wait));
    self->follows = GTK_LABEL(app_looks_label("", NULL, 0));
    gtk_widget_set_visible(GTK_WIDGET(self->follows), FALSE);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->follows));
    gtk_box_append(GTK_BOX(box), room);
    gtk_box_append(GTK_BOX(box), live);
    gtk_widget_add_css_class(box, "replay");
    gtk_widget_set_valign(box, GTK_ALIGN_START);
    gtk_widget_set_visible(box, FALSE);
    app_looks_name(box, _("PLAYBACK"));
    return box;
}

static void desk_free(gpointer data)
{
    AppReplayDesk *self = data;
    g_clear_handle_id(&self->timer, g_source_remove);
    app_replay_free(self->replay);
    g_object_unref(self->session);
    g_free(self);
}

void app_replay_desk_attach(AppRoom *room, AppSession *session, GtkOverlay *over, GtkWidget *hint)
{
    AppReplayDesk *self = g_new0(AppReplayDesk, 1);
    self->room = room;
    self->session = g_object_ref(session);
    self->hint = hint;
    self->band = make_band(self);
    gtk_overlay_add_overlay(over, self->band);
    g_signal_connect_swapped(app_room_map(room), "picked", G_CALLBACK(on_picked), self);
    g_object_set_data_full(G_OBJECT(room), NAME, self, desk_free);
}

AppReplayDesk *app_replay_desk_of(AppRoom *room)
{
    return g_object_get_data(G_OBJECT(room), NAME);
}

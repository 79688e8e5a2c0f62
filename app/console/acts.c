/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/acts.h"

#include <string.h>

#include "maps/paint/words.h"

#define LOOK N_("Looking")
#define LAYERS N_("Layers")
#define INCIDENTS N_("Incidents")
#define PLAN N_("Plan")
#define WINDOW N_("Window")

const AppAct app_acts[] = {
    {"command", "slash <Control>k", NULL, N_("Search or command"), WINDOW, -1, false, NULL, NULL},
    {"escape", "Escape", "clear", N_("One level out"), WINDOW, -1, false, NULL, NULL},
    {"open", "<Control>o", "open", N_("Open a city folder"), WINDOW, -1, false, NULL, NULL},
    {"next-city", "<Control>Return", "whole city is ready", N_("Open the city that was being made"),
     WINDOW, -1, false, NULL, NULL},
    {"workspace", "F1", "operate", N_("Operate"), WINDOW, -1, false, "s", "'operate'"},
    {"workspace", "F2", "dispatch desk", N_("Dispatch"), WINDOW, -1, false, "s", "'dispatch'"},
    {"workspace", "F3", "plan", N_("Plan"), WINDOW, -1, false, "s", "'plan'"},
    {"workspace", "F4", "assess", N_("Assess"), WINDOW, -1, false, "s", "'assess'"},
    {"left", "<Control>b", "left panel", N_("Show or hide the left panel"), WINDOW, -1, false, NULL,
     NULL},
    {"right", "<Control><Shift>b", "right panel", N_("Show or hide the right panel"), WINDOW, -1,
     false, NULL, NULL},
    {"night", "F6", "night", N_("Night or day colours"), WINDOW, -1, false, NULL, NULL},
    {"language", "F7", "language", N_("中文 or English"), WINDOW, -1, false, NULL, NULL},
    {"rosters", "F8", "duty and rosters", N_("Duty and rosters"), WINDOW, -1, false, NULL, NULL},
    {"preferences", "<Control>comma", "preferences", N_("Preferences"), WINDOW, -1, false, NULL,
     NULL},
    {"keys", "question <Control>question F12", "keys", N_("Keys"), WINDOW, -1, false, NULL, NULL},
    {"about", NULL, "about", N_("About Gridbeat"), WINDOW, -1, false, NULL, NULL},
    {"quit", "<Control>q", "quit", N_("Quit"), WINDOW, -1, false, NULL, NULL},
    {"pan", "Left", NULL, N_("Left"), LOOK, -1, false, "(dd)", "(-1.0, 0.0)"},
    {"pan", "Right", NULL, N_("Right"), LOOK, -1, false, "(dd)", "(1.0, 0.0)"},
    {"pan", "Up", NULL, N_("Up"), LOOK, -1, false, "(dd)", "(0.0, -1.0)"},
    {"pan", "Down", NULL, N_("Down"), LOOK, -1, false, "(dd)", "(0.0, 1.0)"},
    {"zoom", "plus equal KP_Add", "nearer", N_("Nearer"), LOOK, -1, false, "d", "1.0"},
    {"zoom", "minus KP_Subtract", "farther", N_("Farther"), LOOK, -1, false, "d", "-1.0"},
    {"home", "Home", "home", N_("Back to where the city opened"), LOOK, -1, false, NULL, NULL},
    {"whole", "<Control>0", "whole city", N_("The whole city"), LOOK, -1, false, NULL, NULL},
    {"back", "<Alt>Left", "back", N_("Back to before the last flight"), LOOK, -1, false, NULL,
     NULL},
    {"choose", "Return KP_Enter", "choose", N_("Choose what is in the middle of the map"), LOOK, -1,
     false, NULL, NULL},
    {"here", "w", "who sees", N_("What about the middle of the map"), LOOK, -1, false, NULL, NULL},
    {"pause", "space", "pause", N_("Pause or go on"), LOOK, -1, false, NULL, NULL},
    {"replay", "t", "playback", N_("Play back the last half hour, or end the playback"), LOOK, -1,
     false, NULL, NULL},
    {"replay-live", "End", "live", N_("Playback: back to live"), LOOK, -1, false, NULL, NULL},
    {"replay-reverse", "BackSpace", "reverse", N_("Playback: the other way round"), LOOK, -1, false,
     NULL, NULL},
    {"replay-faster", NULL, "faster", N_("Playback: faster"), LOOK, -1, false, "i", "1"},
    {"replay-faster", NULL, "slower", N_("Playback: slower"), LOOK, -1, false, "i", "-1"},
    {"replay-step", NULL, "step", N_("Playback: 10 s on, and wait"), LOOK, -1, false, "i", "1"},
    {"replay-follow", "f", "follow", N_("Playback: go with the chosen unit, for a purpose"), LOOK,
     -1, false, NULL, NULL},
    {"replay-at", NULL, NULL, N_("Playback: that moment"), LOOK, -1, false, "x", "int64 0"},
    {"renew", "<Control>r", "renew", N_("Draw the map anew"), LOOK, -1, false, NULL, NULL},
    {"layer", "<Alt>1", "units", N_("Units"), LAYERS, -1, false, "s", "'units'"},
    {"layer", "<Alt>2", "trails", N_("Trails, 30 min"), LAYERS, -1, false, "s", "'trails'"},
    {"layer", "<Alt>3", "incidents", N_("Incidents"), LAYERS, -1, false, "s", "'incidents'"},
    {"layer", "<Alt>4", "fields", N_("Camera fields"), LAYERS, -1, false, "s", "'fields'"},
    {"layer", "<Alt>5", "gaps", N_("Worst gaps, 20"), LAYERS, -1, false, "s", "'gaps'"},
    {"layer", "<Alt>6", "heat", N_("Heat, 28 days"), LAYERS, -1, false, "s", "'heat'"},
    {"layer", "<Alt>7", "grids", N_("Grids"), LAYERS, -1, false, "s", "'grids'"},
    {"layer", "<Alt>8", "names", N_("Names"), LAYERS, -1, false, "s", "'names'"},
    {"sight", "<Control>1", "detect", N_("Seen means: detect"), LAYERS, -1, false, "(ii)",
     "(0, -1)"},
    {"sight", "<Control>2", "observe", N_("Seen means: observe"), LAYERS, -1, false, "(ii)",
     "(1, -1)"},
    {"sight", "<Control>3", "recognise", N_("Seen means: recognise"), LAYERS, -1, false, "(ii)",
     "(2, -1)"},
    {"sight", "<Control>4", "identify", N_("Seen means: identify"), LAYERS, -1, false, "(ii)",
     "(3, -1)"},
    {"sight", "<Control>5", "by day", N_("Seen means: by day"), LAYERS, -1, false, "(ii)",
     "(-1, 0)"},
    {"sight", "<Control>6", "by night", N_("Seen means: by night"), LAYERS, -1, false, "(ii)",
     "(-1, 1)"},
    {"next-incident", "j", "next", N_("Next waiting incident"), INCIDENTS, -1, false, NULL, NULL},
    {"dispatch", "d", "dispatch", N_("Dispatch the first recommended unit"), INCIDENTS,
     GEO_OP_ASSIGN_UNIT, true, "i", "1"},
    {"dispatch", "1", NULL, N_("Dispatch unit 1"), INCIDENTS, GEO_OP_ASSIGN_UNIT, true, "i", "1"},
    {"dispatch", "2", NULL, N_("Dispatch unit 2"), INCIDENTS, GEO_OP_ASSIGN_UNIT, true, "i", "2"},
    {"dispatch", "3", NULL, N_("Dispatch unit 3"), INCIDENTS, GEO_OP_ASSIGN_UNIT, true, "i", "3"},
    {"dispatch", "4", NULL, N_("Dispatch unit 4"), INCIDENTS, GEO_OP_ASSIGN_UNIT, true, "i", "4"},
    {"dispatch", "5", NULL, N_("Dispatch unit 5"), INCIDENTS, GEO_OP_ASSIGN_UNIT, true, "i", "5"},
    {"plan-add", "a", "add camera", N_("Add a camera in the middle of the map"), PLAN, GEO_OP_PLAN,
     true, NULL, NULL},
    {"plan-add-here", NULL, NULL, N_("Add a camera at the place asked about"), PLAN, GEO_OP_PLAN,
     true, NULL, NULL},
    {"plan-remove", "Delete", "remove camera", N_("Take the chosen camera away"), PLAN, GEO_OP_PLAN,
     true, NULL, NULL},
    {"plan-restore", "<Shift>Delete", "restore camera", N_("Restore the chosen camera"), PLAN,
     GEO_OP_PLAN, true, NULL, NULL},
    {"plan-aim", "h", "aim camera", N_("Turn the chosen camera to where it gains most"), PLAN,
     GEO_OP_PLAN, true, NULL, NULL},
    {"plan-turn", "bracketleft", NULL, N_("Turn left by 5°; playback: slower"), PLAN, GEO_OP_PLAN,
     true, "d", "-5.0"},
    {"plan-turn", "bracketright", NULL, N_("Turn right by 5°; playback: faster"), PLAN, GEO_OP_PLAN,
     true, "d", "5.0"},
    {"plan-tilt", "comma", NULL, N_("Tilt up by 1°; playback: 10 s back"), PLAN, GEO_OP_PLAN, true,
     "d", "-1.0"},
    {"plan-tilt", "period", NULL, N_("Tilt down by 1°; playback: 10 s on"), PLAN, GEO_OP_PLAN, true,
     "d", "1.0"},
    {"plan-widen", "<Alt>bracketleft", NULL, N_("Longer lens, field narrower by 5°"), PLAN,
     GEO_OP_PLAN, true, "d", "-5.0"},
    {"plan-widen", "<Alt>bracketright", NULL, N_("Shorter lens, field wider by 5°"), PLAN,
     GEO_OP_PLAN, true, "d", "5.0"},
    {"plan-move", "<Control>Left", NULL, N_("Move west by 1 m"), PLAN, GEO_OP_PLAN, true, "(dd)",
     "(-1.0, 0.0)"},
    {"plan-move", "<Control>Right", NULL, N_("Move east by 1 m"), PLAN, GEO_OP_PLAN, true, "(dd)",
     "(1.0, 0.0)"},
    {"plan-move", "<Control>Up", NULL, N_("Move north by 1 m"), PLAN, GEO_OP_PLAN, true, "(dd)",
     "(0.0, 1.0)"},
    {"plan-move", "<Control>Down", NULL, N_("Move south by 1 m"), PLAN, GEO_OP_PLAN, true, "(dd)",
     "(0.0, -1.0)"},
    {"plan-place", "p", "best places", N_("Best places in sight for new cameras"), PLAN,
     GEO_OP_PLAN, true, NULL, NULL},
    {"plan-propose", "r", "proposal", N_("Proposal for what is in sight: repair, turn, buy"), PLAN,
     GEO_OP_PLAN, true, NULL, NULL},
    {"plan-type", "l", "next type", N_("Next type of camera for the chosen one"), PLAN, GEO_OP_PLAN,
     true, NULL, NULL},
    {"plan-menu", "s", "plans", N_("Plans: open, new, rename, into the register"), PLAN, -1, false,
     NULL, NULL},
    {"plan-next", "c", "next change", N_("Next camera that the plan changes"), PLAN, -1, false,
     NULL, NULL},
    {"plan-compare", "b", "before and after", N_("Before and after side by side"), PLAN, -1, false,
     NULL, NULL},
    {"redo", "<Control><Shift>z", "redo", N_("Do again what was taken back in the plan"), PLAN,
     GEO_OP_PLAN, false, NULL, NULL},
    {"undo", "<Control>z", "undo", N_("Take the last act back (60 s)"), INCIDENTS,
     GEO_OP_ASSIGN_UNIT, false, NULL, NULL},
};

const gsize app_n_acts = G_N_ELEMENTS(app_acts);

const AppAct *app_acts_find(const char *id)
{
    for (gsize i = 0; i < app_n_acts; i++)
        if (g_str_equal(app_acts[i].id, id))
            return &app_acts[i];
    return NULL;
}

char *app_acts_dup_key(const AppAct *act)
{
    guint key;
    GdkModifierType mods;
    g_auto(GStrv) keys = act->keys ? g_strsplit(act->keys, " ", 2) : NULL;
    if (!keys || !gtk_accelerator_parse(keys[0], &key, &mods))
        return NULL;
    return gtk_accelerator_get_label(key, mods);
}

static void bind_key(GtkShortcutController *controller, const AppAct *act, const char *key)
{
    GtkShortcutTrigger *trigger = gtk_shortcut_trigger_parse_string(key);
    g_autofree char *name = g_strconcat("win.", act->id, NULL);
    g_return_if_fail(trigger);
    GtkShortcut *shortcut = gtk_shortcut_new(trigger, gtk_named_action_new(name));
    if (act->value)
        gtk_shortcut_set_arguments(
            shortcut, g_variant_parse(G_VARIANT_TYPE(act->type), act->value, NULL, NULL, NULL));
    gtk_shortcut_controller_add_shortcut(controller, shortcut);
}

void app_acts_bind(GtkWidget *window)
{
    GtkEventController *controller = gtk_shortcut_controller_new();
    gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_BUBBLE);
    for (gsize i = 0; i < app_n_acts; i++) {
        g_auto(GStrv) keys = g_strsplit(app_acts[i].keys ? app_acts[i].keys : "", " ", -1);
        for (char **key = keys; *key; key++)
            if (**key)
                bind_key(GTK_SHORTCUT_CONTROLLER(controller), &app_acts[i], *key);
    }
    gtk_widget_add_controller(window, controller);
}

GPtrArray *app_acts_search(const char *text)
{
    GPtrArray *found = g_ptr_array_new();
    g_autofree char *wanted = g_utf8_casefold(text, -1);
    for (gsize i = 0; *wanted && i < app_n_acts; i++) {
        const AppAct *act = &app_acts[i];
        g_autofree char *label = g_utf8_casefold(_(act->label), -1);
        if (act->command && (g_str_has_prefix(act->command, wanted) || strstr(label, wanted)))
            g_ptr_array_add(found, (gpointer)act);
    }
    return found;
}

void app_acts_print(void)
{
    for (gsize i = 0; i < app_n_acts; i++) {
        g_autofree char *key = app_acts_dup_key(&app_acts[i]);
        if (key)
            g_print("%s\t%s\t%s\n", _(app_acts[i].group), key, _(app_acts[i].label));
    }
}

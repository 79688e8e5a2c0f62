/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each act of the table does to an open city. */
#include "app/console/replay-desk.h"
#include "app/console/room.h"

#define PAN_SHARE 0.2 /* of the map, a key */

static void act_pan(AppRoom *room, GVariant *value)
{
    double right, down;
    g_variant_get(value, "(dd)", &right, &down);
    app_map_pan(app_room_map(room), PAN_SHARE * right, PAN_SHARE * down);
}

static void act_zoom(AppRoom *room, GVariant *value)
{
    app_map_zoom(app_room_map(room), g_variant_get_double(value));
}

static void act_home(AppRoom *room, GVariant *value)
{
    app_map_home(app_room_map(room));
}

static void act_whole(AppRoom *room, GVariant *value)
{
    app_room_whole_city(room);
}

static void act_back(AppRoom *room, GVariant *value)
{
    app_map_back(app_room_map(room));
}

static void act_here(AppRoom *room, GVariant *value)
{
    app_room_ask_middle(room);
}

static void act_choose(AppRoom *room, GVariant *value)
{
    app_map_pick_middle(app_room_map(room));
}

static bool is_replaying(AppRoom *room)
{
    return app_replay_desk_active(app_replay_desk_of(room));
}

static void act_pause(AppRoom *room, GVariant *value)
{
    if (is_replaying(room))
        app_replay_desk_pause(app_replay_desk_of(room));
    else
        app_room_pause(room);
}

static void act_replay(AppRoom *room, GVariant *value)
{
    app_replay_desk_toggle(app_replay_desk_of(room));
}

static void act_replay_at(AppRoom *room, GVariant *value)
{
    app_replay_desk_seek(app_replay_desk_of(room), g_variant_get_int64(value));
}

static void act_replay_live(AppRoom *room, GVariant *value)
{
    app_replay_desk_end(app_replay_desk_of(room));
}

static void act_replay_reverse(AppRoom *room, GVariant *value)
{
    if (is_replaying(room))
        app_replay_desk_reverse(app_replay_desk_of(room));
}

static void act_replay_faster(AppRoom *room, GVariant *value)
{
    if (is_replaying(room))
        app_replay_desk_faster(app_replay_desk_of(room), g_variant_get_int32(value));
}

static void act_replay_follow(AppRoom *room, GVariant *value)
{
    if (is_replaying(room))
        app_replay_desk_follow(app_replay_desk_of(room));
}

static void act_replay_step(AppRoom *room, GVariant *value)
{
    if (is_replaying(room))
        app_replay_desk_step(app_replay_desk_of(room), g_variant_get_int32(value));
}

static void act_renew(AppRoom *room, GVariant *value)
{
    app_room_renew(room);
}

static void act_layer(AppRoom *room, GVariant *value)
{
    const char *id = g_variant_get_string(value, NULL);
    for (int i = 0; i < APP_N_LAYERS; i++) {
        double opacity;
        if (!g_str_equal(id, app_layer_looks[i].id))
            continue;
        bool shown = app_room_layer(room, (AppLayer)i, &opacity);
        app_room_set_layer(room, (AppLayer)i, !shown, opacity);
    }
}

static void act_next(AppRoom *room, GVariant *value)
{
    app_room_next_incident(room);
}

static void act_dispatch(AppRoom *room, GVariant *value)
{
    app_room_dispatch(room, (unsigned)g_variant_get_int32(value));
}

static void act_undo(AppRoom *room, GVariant *value)
{
    app_room_undo(room);
}

/* Acts of the Plan workspace open it, so that none is lost on the way. */
static AppPlanDesk *plan_desk(AppRoom *room)
{
    if (!app_plan_desk_active(app_room_plan(room)))
        gtk_widget_activate_action(GTK_WIDGET(room), "win.workspace", "s",
                                   app_workspace_ids[APP_WORKSPACE_PLAN]);
    return app_room_plan(room);
}

static void plan_act(AppRoom *room, AppPlanAct act)
{
    app_plan_desk_act(plan_desk(room), act);
}

static void act_plan_add(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_ADD);
}

static void act_plan_add_here(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_ADD_HERE);
}

static void act_plan_remove(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_REMOVE);
}

static void act_plan_restore(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_RESTORE);
}

static void act_plan_aim(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_AIM);
}

static void act_plan_next(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_NEXT);
}

static void act_plan_type(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_TYPE);
}

static void act_plan_menu(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_MENU);
}

static void act_plan_place(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_PLACE);
}

static void act_plan_propose(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_PROPOSE);
}

static void act_redo(AppRoom *room, GVariant *value)
{
    plan_act(room, APP_PLAN_REDO);
}

/* The keys of turning and tilting are those of speed and steps while something is played back. */
static void act_plan_turn(AppRoom *room, GVariant *value)
{
    if (is_replaying(room)) {
        app_replay_desk_faster(app_replay_desk_of(room), g_variant_get_double(value) < 0 ? -1 : 1);
        return;
    }
    app_plan_desk_turn(plan_desk(room), g_variant_get_double(value));
}

static void act_plan_tilt(AppRoom *room, GVariant *value)
{
    if (is_replaying(room)) {
        app_replay_desk_step(app_replay_desk_of(room), g_variant_get_double(value) < 0 ? -1 : 1);
        return;
    }
    app_plan_desk_tilt(plan_desk(room), g_variant_get_double(value));
}

static void act_plan_widen(AppRoom *room, GVariant *value)
{
    app_plan_desk_widen(plan_desk(room), g_variant_get_double(value));
}

static void act_plan_move(AppRoom *room, GVariant *value)
{
    double east, north;
    g_variant_get(value, "(dd)", &east, &north);
    app_plan_desk_move(plan_desk(room), east, north);
}

static void act_plan_compare(AppRoom *room, GVariant *value)
{
    app_plan_desk_compare(plan_desk(room));
}

static void act_left(AppRoom *room, GVariant *value)
{
    app_room_show_side(room, true, !app_room_side_shown(room, true));
}

static void act_right(AppRoom *room, GVariant *value)
{
    app_room_show_side(room, false, !app_room_side_shown(room, false));
}

static const struct {
    const char *id;
    void (*func)(AppRoom *room, GVariant *value);
} handlers[] = {{"left", act_left},
                {"right", act_right},
                {"pan", act_pan},
                {"zoom", act_zoom},
                {"home", act_home},
                {"whole", act_whole},
                {"back", act_back},
                {"here", act_here},
                {"pause", act_pause},
                {"replay", act_replay},
                {"replay-at", act_replay_at},
                {"replay-live", act_replay_live},
                {"replay-reverse", act_replay_reverse},
                {"replay-faster", act_replay_faster},
                {"replay-step", act_replay_step},
                {"replay-follow", act_replay_follow},
                {"renew", act_renew},
                {"layer", act_layer},
                {"next-incident", act_next},
                {"dispatch", act_dispatch},
                {"undo", act_undo},
                {"redo", act_redo},
                {"plan-add", act_plan_add},
                {"plan-add-here", act_plan_add_here},
                {"plan-remove", act_plan_remove},
                {"plan-restore", act_plan_restore},
                {"plan-aim", act_plan_aim},
                {"plan-turn", act_plan_turn},
                {"plan-tilt", act_plan_tilt},
                {"plan-widen", act_plan_widen},
                {"plan-move", act_plan_move},
                {"plan-next", act_plan_next},
                {"plan-type", act_plan_type},
                {"plan-place", act_plan_place},
                {"plan-propose", act_plan_propose},
                {"plan-menu", act_plan_menu},
                {"plan-compare", act_plan_compare},
                {"choose", act_choose}};

void app_room_act(AppRoom *room, const char *id, GVariant *value)
{
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++)
        if (g_str_equal(handlers[i].id, id))
            handlers[i].func(room, value);
}

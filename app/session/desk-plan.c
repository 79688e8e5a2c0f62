/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios in the session's thread: each act is one operation of the store, then the scenario is
 * read again, so that what the window shows is what is on disk. */
#include "app/session/desk.h"
#include "geo/model/error.h"
#include "geo/work/draft.h"
#include "maps/paint/words.h"

void app_scenario_act_clear(AppScenarioAct *act)
{
    g_clear_pointer(&act->name, g_free);
    g_clear_pointer(&act->planned, geo_batch_free);
}

static void clear_head(gpointer head)
{
    g_free(((AppScenarioHead *)head)->name);
}

void app_scenario_free(AppScenario *scenario)
{
    if (!scenario)
        return;
    g_free(scenario->name);
    g_free(scenario->said);
    geo_batch_free(scenario->planned);
    g_array_unref(scenario->others);
    g_free(scenario);
}

/* ---- reading ---- */

static const GeoScenario *head_at(const GeoBatch *heads, guint i)
{
    return &g_array_index(heads->rows, GeoScenario, i);
}

/* The open scenario of that id; of 0 the newest. NULL: none. */
static const GeoScenario *find_head(const GeoBatch *heads, int64_t id)
{
    for (guint i = heads->rows->len; i-- > 0;)
        if (head_at(heads, i)->state == GEO_SCENARIO_OPEN &&
            (id == 0 || head_at(heads, i)->row.id == id))
            return head_at(heads, i);
    return NULL;
}

static void list_others(AppScenario *scenario, const GeoBatch *heads)
{
    scenario->others = g_array_new(FALSE, FALSE, sizeof(AppScenarioHead));
    g_array_set_clear_func(scenario->others, clear_head);
    for (guint i = heads->rows->len; i-- > 0;)
        if (head_at(heads, i)->state == GEO_SCENARIO_OPEN) {
            AppScenarioHead head = {head_at(heads, i)->row.id,
                                    g_strdup(head_at(heads, i)->row.name)};
            g_array_append_val(scenario->others, head);
        }
}

static AppScenario *read_scenario(AppDesk *desk, int64_t id, GError **error)
{
    g_autoptr(GeoBatch) heads = geo_store_load(desk->store, GEO_KIND_SCENARIO, NULL, error);
    if (!heads)
        return NULL;
    const GeoScenario *head = find_head(heads, id);
    g_autoptr(GeoDraft) draft = head ? geo_draft_load(desk->store, head->row.id, error) : NULL;
    if (head && !draft)
        return NULL;
    AppScenario *scenario = g_new0(AppScenario, 1);
    scenario->id = head ? head->row.id : 0;
    scenario->name = head ? g_strdup(head->row.name) : NULL;
    scenario->merged_phase = head ? head->merged_phase : 0;
    scenario->planned =
        draft ? g_steal_pointer(&draft->difference) : geo_batch_new(GEO_KIND_PLANNED);
    scenario->can_undo = draft && draft->n_done > 0;
    scenario->can_redo = draft && draft->n_undone > 0;
    list_others(scenario, heads);
    desk->plan_id = scenario->id;
    desk->plan_version = head ? head->row.version : 0;
    return scenario;
}

/* ---- acts ---- */

/* A name that no open scenario has: the one asked for, or "Plan 3". */
static char *dup_name(const GeoBatch *heads, const char *asked)
{
    for (guint n = asked ? 0 : heads->rows->len + 1;; n++) {
        char *name = !n      ? g_strdup(asked)
                     : asked ? g_strdup_printf("%s %u", asked, n + 1)
                             : g_strdup_printf(_("Plan %u"), n);
        bool taken = false;
        for (guint i = 0; i < heads->rows->len; i++)
            taken |= head_at(heads, i)->state != GEO_SCENARIO_DROPPED &&
                     g_strcmp0(head_at(heads, i)->row.name, name) == 0;
        if (!taken)
            return name;
        g_free(name);
    }
}

static bool make(AppDesk *desk, const char *asked, int64_t *id, GError **error)
{
    GeoAct act = app_desk_act(desk);
    g_autoptr(GeoBatch) heads = geo_store_load(desk->store, GEO_KIND_SCENARIO, NULL, error);
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_SCENARIO);
    if (!heads)
        return false;
    g_autofree char *name = dup_name(heads, asked);
    GeoScenario *scenario = geo_batch_add(batch);
    scenario->row.id = *id = geo_act_new_id(g_get_real_time() / 1000);
    scenario->row.name = geo_batch_text(batch, name);
    desk->plan_id = *id;
    return geo_store_put_scenario(desk->store, &act, batch, &desk->plan_version, error);
}

/* Name or state of the scenario that is worked on. */
static bool put_head(AppDesk *desk, int64_t id, const char *name, int state, GError **error)
{
    GeoAct act = app_desk_act(desk);
    g_autoptr(GeoBatch) heads = geo_store_load(desk->store, GEO_KIND_SCENARIO, NULL, error);
    if (!heads)
        return false;
    for (guint i = 0; i < heads->rows->len; i++) {
        if (head_at(heads, i)->row.id != id)
            continue;
        g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_SCENARIO);
        GeoScenario *scenario = geo_batch_copy_row(batch, heads, i);
        if (name)
            scenario->row.name = geo_batch_text(batch, name);
        scenario->state = state;
        return geo_store_put_scenario(desk->store, &act, batch, &desk->plan_version, error);
    }
    return true;
}

/* Sees what version it works on, unless it has worked on it just before. */
static bool hold(AppDesk *desk, int64_t id, GError **error)
{
    if (desk->plan_id == id)
        return true;
    g_autoptr(AppScenario) scenario = read_scenario(desk, id, error);
    if (scenario && scenario->id != id)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "the plan is not open any more");
    return scenario && scenario->id == id;
}

/* The draft as it is; another's change since the last look is told by the store. */
static GeoDraft *open_draft(AppDesk *desk, int64_t id, GError **error)
{
    GeoDraft *draft = hold(desk, id, error) ? geo_draft_load(desk->store, id, error) : NULL;
    if (!draft || draft->head->row.version == desk->plan_version)
        return draft;
    g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                _("another desk has changed “%s” meanwhile: this is what it is now"),
                draft->head->row.name);
    geo_draft_free(draft);
    return NULL;
}

static bool add_step(AppDesk *desk, int64_t id, const char *name, GeoBatch *planned, GError **error)
{
    GeoAct act = app_desk_act(desk);
    g_autoptr(GeoDraft) draft = open_draft(desk, id, error);
    return draft &&
           geo_draft_add_step(desk->store, &act, draft, name, planned, &desk->plan_version, error);
}

static bool join(AppDesk *desk, int64_t id, int64_t other, char **said, GError **error)
{
    GeoAct act = app_desk_act(desk);
    g_autoptr(GeoDraft) mine = open_draft(desk, id, error);
    g_autoptr(GeoDraft) theirs = mine ? geo_draft_load(desk->store, other, error) : NULL;
    if (!theirs)
        return false;
    g_autoptr(GArray) clashes = geo_draft_clashes(mine, theirs);
    *said = g_strdup_printf(_("“%s” has come in; %u cameras that both change stay as they are "
                              "here."),
                            theirs->head->row.name, clashes->len);
    return geo_draft_join(desk->store, &act, mine, theirs, GEO_DRAFT_MINE, &desk->plan_version,
                          error);
}

static bool merge(AppDesk *desk, const AppScenarioAct *wanted, char **said, GError **error)
{
    GeoAct act = app_desk_act(desk);
    size_t n = 0;
    g_autoptr(GeoDraft) draft = open_draft(desk, wanted->id, error);
    if (!draft || !geo_draft_merge(desk->store, &act, draft, wanted->phase,
                                   wanted->force ? GEO_DRAFT_MINE : GEO_DRAFT_NONE, &n,
                                   &desk->plan_version, error))
        return false;
    *said =
        g_strdup_printf(_("%zu changes of “%s” are in the register."), n, draft->head->row.name);
    return true;
}

static bool act_on(AppDesk *desk, AppScenarioAct *wanted, int64_t *id, char **said, GError **error)
{
    GeoAct act = app_desk_act(desk);
    if (*id == 0 && wanted->want != APP_SCENARIO_OPEN)
        *id = desk->plan_id; /* of a first step whose answer the window does not have yet */
    switch (wanted->want) {
    case APP_SCENARIO_OPEN:
        return true;
    case APP_SCENARIO_NEW:
        return make(desk, wanted->name, id, error);
    case APP_SCENARIO_STEP:
        return (*id != 0 ? hold(desk, *id, error) : make(desk, NULL, id, error)) &&
               add_step(desk, *id, wanted->name, wanted->planned, error);
    case APP_SCENARIO_UNDO:
    case APP_SCENARIO_REDO:
        return hold(desk, *id, error) &&
               geo_store_undo_step(desk->store, &act, *id, desk->plan_version,
                                   wanted->want == APP_SCENARIO_REDO, &desk->plan_version, error);
    case APP_SCENARIO_RENAME:
        return put_head(desk, *id, wanted->name, GEO_SCENARIO_OPEN, error);
    case APP_SCENARIO_JOIN:
        return join(desk, *id, wanted->other, said, error);
    case APP_SCENARIO_MERGE:
        return merge(desk, wanted, said, error);
    case APP_SCENARIO_DROP:
        return put_head(desk, *id, NULL, GEO_SCENARIO_DROPPED, error);
    }
    return false;
}

AppScenario *app_desk_scenario(AppDesk *desk, AppScenarioAct *wanted, GError **error)
{
    int64_t id = wanted->id;
    g_autofree char *said = NULL;
    if (!act_on(desk, wanted, &id, &said, error)) {
        desk->plan_id = 0; /* the next act looks again */
        return NULL;
    }
    if (wanted->want == APP_SCENARIO_DROP)
        id = 0;
    AppScenario *scenario = read_scenario(desk, id, error);
    if (scenario && wanted->want == APP_SCENARIO_MERGE && scenario->id == 0) {
        app_scenario_free(scenario); /* it is merged and open no more: the next one */
        scenario = read_scenario(desk, 0, error);
    }
    if (scenario)
        scenario->said = g_steal_pointer(&said);
    return scenario;
}

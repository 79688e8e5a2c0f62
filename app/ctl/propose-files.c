/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/propose-files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

#include "geo/model/error.h"
#include "geo/model/frame.h"
#include "geo/store/sheets.h"
#include "maps/paint/report.h"
#include "maps/paint/words.h"

static const char *const whats[] = {N_("repair"), N_("turn"), N_("buy")};
static const char *const risks[GEO_N_RISKS] = {
    [GEO_RISK_INCIDENTS] = N_("incidents"),
    [GEO_RISK_POPULATION] = N_("population"),
    [GEO_RISK_EQUAL] = N_("equal, by size"),
    [GEO_RISK_HOUR] = N_("incidents of the hour"),
};

static const char *class_word(const ProposeFacts *facts)
{
    static const char *const words[] = {N_("detect"), N_("observe"), N_("recognise"),
                                        N_("identify")};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(words[i], facts->class_code) == 0)
            return _(words[i]);
    return facts->class_code;
}

static const char *owner_word(int owner)
{
    static const char *const words[GEO_N_OWNERS] = {N_("public area"), N_("unit interior"),
                                                    N_("shop front"), N_("compound")};
    return owner >= 0 && owner < GEO_N_OWNERS && words[owner] ? _(words[owner])
                                                              : _("owner unknown");
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

static double per_10000(const GeoProposalAct *act)
{
    return act->cost > 0 ? act->gain_m / act->cost * 10000 : NAN;
}

/* ---- the report ---- */

static void write_head(MapsReport *report, const GeoProposal *proposal, const ProposeFacts *facts)
{
    const GeoProposalPhase *first = &g_array_index(proposal->phases, GeoProposalPhase, 0);
    const GeoProposalPhase *last =
        &g_array_index(proposal->phases, GeoProposalPhase, proposal->phases->len - 1);
    double cost = 0, upkeep = 0;
    for (guint k = 0; k < proposal->phases->len; k++) {
        cost += g_array_index(proposal->phases, GeoProposalPhase, k).cost;
        upkeep += g_array_index(proposal->phases, GeoProposalPhase, k).upkeep;
    }
    g_autofree char *title = g_strdup_printf(_("%s: proposal for cameras"), facts->city);
    g_autofree char *under = g_strdup_printf(
        _("Seen means: %s (%g px/m), %s. 100 %% is %.1f km of public street: motorway to "
          "residential and pedestrian, no service ways, tunnels or private ground. Made %s."),
        class_word(facts), facts->px_per_m, facts->night ? _("by night") : _("by day"),
        proposal->before.street_m / 1000, facts->made);
    maps_report_title(report, title, under);
    g_autofree char *words = g_strdup_printf(
        _("Today %.3f %% of street is seen. Repairs and turns bring it to %.3f %% without buying "
          "anything; the cameras proposed here bring it to %.3f %% for %.0f yuan and %.0f yuan of "
          "upkeep a year."),
        percent(proposal->before.street_seen_m, proposal->before.street_m),
        percent(first->after.street_seen_m, first->after.street_m),
        percent(last->after.street_seen_m, last->after.street_m), cost, upkeep);
    maps_report_words(report, words);
}

/* Where somebody sees anything, and some way around: the whole of a city's roads reaches too far.
 */
static GeoBox seen_box(const GeoProposal *proposal)
{
    GeoBox box = GEO_BOX_EMPTY;
    for (guint i = 0; i < proposal->lines->len; i++) {
        const GeoProposalLine *line = &g_array_index(proposal->lines, GeoProposalLine, i);
        if (line->before || line->after)
            geo_box_add(&box, line->a);
    }
    return box.min_x < box.max_x ? box : proposal->box;
}

static GeoBox widened(GeoBox box)
{
    double margin = fmax(300, 0.08 * fmax(box.max_x - box.min_x, box.max_y - box.min_y));
    return (GeoBox){box.min_x - margin, box.min_y - margin, box.max_x + margin, box.max_y + margin};
}

static void write_maps(MapsReport *report, const GeoProposal *proposal, GeoFrame *frame)
{
    guint n = proposal->lines->len;
    GeoBox city = widened(seen_box(proposal)), bought = GEO_BOX_EMPTY;
    g_autofree MapsReportLine *before = g_new(MapsReportLine, MAX(n, 1));
    g_autofree MapsReportLine *after = g_new(MapsReportLine, MAX(n, 1));
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (guint i = 0; i < n; i++) {
        const GeoProposalLine *line = &g_array_index(proposal->lines, GeoProposalLine, i);
        before[i] = (MapsReportLine){line->a, line->b,
                                     line->before ? MAPS_REPORT_SEEN : MAPS_REPORT_UNSEEN};
        after[i] = (MapsReportLine){line->a, line->b,
                                    line->before  ? MAPS_REPORT_SEEN
                                    : line->after ? MAPS_REPORT_OPENED
                                                  : MAPS_REPORT_UNSEEN};
    }
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        GeoXY p = geo_frame_xy(frame, act->at);
        if (act->what != GEO_PROPOSAL_BUY)
            continue;
        g_array_append_val(marks, p);
        geo_box_add(&bought, p);
    }
    MapsReportMap maps[2] = {{.caption = _("Before"), .lines = before, .n_lines = n},
                             {.caption = _("After"), .lines = after, .n_lines = n}};
    const char *const inks[3] = {_("nobody sees it"), _("somebody sees it"), _("seen newly")};
    maps_report_maps(report, maps, 2, &city, inks);
    if (marks->len == 0)
        return;
    maps[0].caption = _("Before, where cameras are to be bought");
    maps[1].caption = _("After; numbers are new cameras");
    maps[1].marks = (const GeoXY *)(const void *)marks->data;
    maps[1].n_marks = marks->len;
    bought = widened(bought);
    maps_report_maps(report, maps, 2, &bought, inks);
}

static void add_text(GPtrArray *cells, const char *text)
{
    g_ptr_array_add(cells, g_strdup(text));
}

static void add_number(GPtrArray *cells, const char *format, double number)
{
    g_ptr_array_add(cells, isfinite(number) ? g_strdup_printf(format, number) : NULL);
}

static void show_table(MapsReport *report, const MapsReportColumn *columns, size_t n_columns,
                       const GPtrArray *cells)
{
    maps_report_table(report, columns, n_columns, (const char *const *)cells->pdata,
                      cells->len / n_columns);
}

static void write_phases(MapsReport *report, const GeoProposal *proposal)
{
    const MapsReportColumn columns[] = {
        {_("phase"), 0.24, false},        {_("acts"), 0.1, true},
        {_("street"), 0.16, true},        {_("yuan"), 0.16, true},
        {_("upkeep a year"), 0.17, true}, {_("seen after it"), 0.17, true},
    };
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (guint k = 0; k < proposal->phases->len; k++) {
        const GeoProposalPhase *phase = &g_array_index(proposal->phases, GeoProposalPhase, k);
        g_ptr_array_add(cells,
                        k == 0 ? g_strdup(_("without buying")) : g_strdup_printf(_("phase %u"), k));
        add_number(cells, "%.0f", (double)phase->acts);
        add_number(cells, "%+.0f m", phase->gain_m);
        add_number(cells, "%.0f", phase->cost);
        add_number(cells, "%.0f", phase->upkeep);
        add_number(cells, "%.3f %%", percent(phase->after.street_seen_m, phase->after.street_m));
    }
    show_table(report, columns, G_N_ELEMENTS(columns), cells);
}

static void write_acts(MapsReport *report, const GeoProposal *proposal, bool bought)
{
    const MapsReportColumn columns[] = {
        {"", 0.05, true},           {_("what"), 0.09, false},
        {_("camera"), 0.23, false}, {_("street"), 0.15, false},
        {_("heading"), 0.12, true}, {_("owner"), 0.12, false},
        {_("gain"), 0.08, true},    {bought ? _("m / 10,000 yuan") : _("dwellings"), 0.16, true},
    };
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    guint number = 0;
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        if ((act->what == GEO_PROPOSAL_BUY) != bought)
            continue;
        add_number(cells, "%.0f", ++number);
        g_ptr_array_add(cells, bought ? g_strdup_printf(_("phase %u"), act->phase)
                                      : g_strdup(_(whats[act->what])));
        add_text(cells, act->type ? act->type : act->camera.row.code);
        add_text(cells, act->street);
        g_ptr_array_add(cells, act->what == GEO_PROPOSAL_TURN
                                   ? g_strdup_printf("%.0f° → %.0f°", act->heading_from_deg,
                                                     act->camera.heading_deg)
                                   : g_strdup_printf("%.0f°", act->camera.heading_deg));
        add_text(cells, owner_word(act->camera.owner));
        add_number(cells, "%.0f m", act->gain_m);
        add_number(cells, "%.0f", bought ? per_10000(act) : (double)act->dwellings);
    }
    if (number == 0)
        maps_report_words(report, bought ? _("No camera is proposed.")
                                         : _("No repair and no turn brings enough street."));
    else
        show_table(report, columns, G_N_ELEMENTS(columns), cells);
}

static void write_proof(MapsReport *report, const GeoProposal *proposal)
{
    const GeoPlacement *placement = proposal->placement;
    g_autofree char *words = g_strdup_printf(
        _("%zu candidates at %zu poles, walls and named places were examined. No choice of %zu of "
          "them covers more than %.3f %% of the ground asked about, weighed by %s; this one covers "
          "%.3f %%, before it %.3f %%. At most %.2f %% of what could be gained is missing. That is "
          "proven by a Lagrangian bound, not estimated."),
        placement->candidates, placement->places, proposal->options.place.count,
        100 * placement->bound, _(risks[placement->weigh]), 100 * placement->covered_after,
        100 * placement->covered_before, 100 * placement->gap_share);
    maps_report_heading(report, _("How far from the best"));
    maps_report_words(report, words);
}

static void write_weighings(MapsReport *report, const GeoProposal *proposal)
{
    const MapsReportColumn columns[] = {
        {_("weights"), 0.32, false},         {_("before buying"), 0.17, true},
        {_("with this choice"), 0.17, true}, {_("with the best for them"), 0.19, true},
        {_("same places"), 0.15, true},
    };
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (int of = 0; of < GEO_N_RISKS; of++) {
        const GeoProposalWeighing *row = &proposal->weighing[of];
        bool asked = of == (int)proposal->options.place.weigh;
        if (!row->known)
            continue;
        g_ptr_array_add(cells, asked ? g_strdup_printf(_("%s (asked for)"), _(risks[of]))
                                     : g_strdup(_(risks[of])));
        add_number(cells, "%.3f %%", 100 * row->before);
        add_number(cells, "%.3f %%", 100 * row->bought);
        add_number(cells, "%.3f %%", 100 * row->best);
        add_number(cells, "%.0f %%", 100 * row->common);
    }
    maps_report_heading(report, _("If weights or directions are not as assumed"));
    show_table(report, columns, G_N_ELEMENTS(columns), cells);
    const GeoProposalDoubt *sure = &proposal->sure, *possible = &proposal->possible;
    g_autofree char *words = g_strdup_printf(
        _("Headings may be off as far as the register says. Surely seen: %.3f %% of street before, "
          "%.3f %% after. Possibly seen: %.3f %% before, %.3f %% after."),
        percent(sure->before_m, sure->street_m), percent(sure->after_m, sure->street_m),
        percent(possible->before_m, possible->street_m),
        percent(possible->after_m, possible->street_m));
    maps_report_words(report, words);
}

static void write_law(MapsReport *report, const GeoProposal *proposal, const ProposeFacts *facts)
{
    size_t dwellings = 0, facing = 0;
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        dwellings += act->dwellings;
        facing += act->dwellings > 0;
    }
    g_autofree char *words = g_strdup_printf(
        _("Regulation 799: no act of this proposal looks into a room that is not to be seen; %zu "
          "candidates and %zu repairs and turns were left out for it. %zu of the cameras face "
          "homes, some %zu dwellings in all (one to each 100 m² of floor is assumed)."),
        proposal->placement->refused, proposal->refused, facing, dwellings);
    maps_report_heading(report, _("Law and homes"));
    maps_report_words(report, words);
    maps_report_heading(report, _("Assumptions"));
    maps_report_words(
        report,
        _("Fields end at walls, at the density of the class and at the range of the register; "
          "buildings lower than a camera hide a strip behind them. Gains are metres of street "
          "after all acts before. Prices are those of the camera types in the city's list, or "
          "round ones of ours where it has none; pole and line are in them only where the place "
          "says so. Poles are drawn each 45 m; whether one can be set is for the street to tell."));
    if (facts->note)
        maps_report_words(report, facts->note);
}

bool app_propose_write_pdf(const GeoProposal *proposal, const ProposeFacts *facts, const char *path,
                           GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *header = g_strdup_printf(_("%s: proposal for cameras"), facts->city);
    g_autoptr(GeoFrame) frame = geo_frame_new(facts->epsg, error);
    if (!frame)
        return false;
    MapsReport *report = maps_report_new(part, header, facts->lang);
    write_head(report, proposal, facts);
    write_phases(report, proposal);
    write_maps(report, proposal, frame);
    write_proof(report, proposal);
    write_weighings(report, proposal);
    write_law(report, proposal, facts);
    maps_report_heading(report, _("Cameras to buy"));
    write_acts(report, proposal, true);
    maps_report_heading(report, _("What is there: repair and turn"));
    write_acts(report, proposal, false);
    errno = 0;
    cairo_status_t status = maps_report_end(report);
    if (status == CAIRO_STATUS_SUCCESS && g_rename(part, path) == 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", path,
                errno ? g_strerror(errno) : cairo_status_to_string(status));
    g_unlink(part);
    return false;
}

/* ---- the workbook ---- */

static void sheet_facts(GeoSheets *sheets, const GeoProposal *proposal, const ProposeFacts *facts)
{
    const char *const columns[] = {_("what"), _("text"), "#value", NULL};
    const GeoPlacement *placement = proposal->placement;
    const struct {
        const char *what, *text;
        double value;
    } rows[] = {
        {_("city"), facts->city, NAN},
        {_("class"), class_word(facts), facts->px_per_m},
        {_("hour"), facts->night ? _("by night") : _("by day"), NAN},
        {_("made"), facts->made, NAN},
        {_("public street, m"), NULL, proposal->before.street_m},
        {_("seen today, m"), NULL, proposal->before.street_seen_m},
        {_("weights"), _(risks[placement->weigh]), NAN},
        {_("covered before buying, %"), NULL, 100 * placement->covered_before},
        {_("covered after, %"), NULL, 100 * placement->covered_after},
        {_("no choice covers more than, %"), NULL, 100 * placement->bound},
        {_("missing at most, % of what could be gained"), NULL, 100 * placement->gap_share},
        {_("candidates"), NULL, (double)placement->candidates},
        {_("candidates left out by law"), NULL, (double)placement->refused},
    };
    geo_sheets_add(sheets, _("summary"), columns);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        geo_sheets_text(sheets, rows[i].what);
        geo_sheets_text(sheets, rows[i].text);
        geo_sheets_number(sheets, rows[i].value);
    }
}

static void sheet_acts(GeoSheets *sheets, const GeoProposal *proposal)
{
    const char *const columns[] = {
        "#phase",  "what",       "code",         "type",         "owner",
        "street",  "#lon",       "#lat",         "#heading_deg", "#from_deg",
        "#gain_m", "#cost_yuan", "#upkeep_yuan", "#dwellings",   "#gain_m_per_10000_yuan",
        NULL};
    geo_sheets_add(sheets, _("acts"), columns);
    for (guint i = 0; i < proposal->acts->len; i++) {
        const GeoProposalAct *act = &g_array_index(proposal->acts, GeoProposalAct, i);
        geo_sheets_number(sheets, act->phase);
        geo_sheets_text(sheets, _(whats[act->what]));
        geo_sheets_text(sheets, act->camera.row.code);
        geo_sheets_text(sheets, act->type);
        geo_sheets_text(sheets, owner_word(act->camera.owner));
        geo_sheets_text(sheets, act->street);
        geo_sheets_number(sheets, act->at.lon);
        geo_sheets_number(sheets, act->at.lat);
        geo_sheets_number(sheets, act->camera.heading_deg);
        geo_sheets_number(sheets, act->what == GEO_PROPOSAL_TURN ? act->heading_from_deg : NAN);
        geo_sheets_number(sheets, act->gain_m);
        geo_sheets_number(sheets, act->cost);
        geo_sheets_number(sheets, act->upkeep);
        geo_sheets_number(sheets, (double)act->dwellings);
        geo_sheets_number(sheets, per_10000(act));
    }
}

static void sheet_phases(GeoSheets *sheets, const GeoProposal *proposal)
{
    const char *const columns[] = {"#phase",       "#acts",          "#gain_m", "#cost_yuan",
                                   "#upkeep_yuan", "#street_seen_m", "#seen_%", NULL};
    geo_sheets_add(sheets, _("phases"), columns);
    for (guint k = 0; k < proposal->phases->len; k++) {
        const GeoProposalPhase *phase = &g_array_index(proposal->phases, GeoProposalPhase, k);
        geo_sheets_number(sheets, k);
        geo_sheets_number(sheets, (double)phase->acts);
        geo_sheets_number(sheets, phase->gain_m);
        geo_sheets_number(sheets, phase->cost);
        geo_sheets_number(sheets, phase->upkeep);
        geo_sheets_number(sheets, phase->after.street_seen_m);
        geo_sheets_number(sheets, percent(phase->after.street_seen_m, phase->after.street_m));
    }
}

static void sheet_weights(GeoSheets *sheets, const GeoProposal *proposal)
{
    const char *const columns[] = {_("weights"), "#before_%",      "#this_choice_%",
                                   "#best_%",    "#same_places_%", NULL};
    geo_sheets_add(sheets, _("weights"), columns);
    for (int of = 0; of < GEO_N_RISKS; of++) {
        const GeoProposalWeighing *row = &proposal->weighing[of];
        if (!row->known)
            continue;
        geo_sheets_text(sheets, _(risks[of]));
        geo_sheets_number(sheets, 100 * row->before);
        geo_sheets_number(sheets, 100 * row->bought);
        geo_sheets_number(sheets, 100 * row->best);
        geo_sheets_number(sheets, 100 * row->common);
    }
}

bool app_propose_write_xlsx(const GeoProposal *proposal, const ProposeFacts *facts,
                            const char *path, GError **error)
{
    g_autoptr(GeoSheets) sheets = geo_sheets_new();
    sheet_facts(sheets, proposal, facts);
    sheet_phases(sheets, proposal);
    sheet_acts(sheets, proposal);
    sheet_weights(sheets, proposal);
    return geo_sheets_write(sheets, path, error);
}

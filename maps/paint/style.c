/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hues of symbols follow Okabe and Ito's palette, which colour-blind eyes tell apart; form carries
 * the same news in every case. The heat ramp is a polyline through colours of even steps of
 * lightness. */
#include "maps/paint/style.h"

#include <math.h>

#define HEX(v)                                                                                     \
    {                                                                                              \
        ((v) >> 16 & 255) / 255.0, ((v) >> 8 & 255) / 255.0, ((v)&255) / 255.0                     \
    }

static const MapsPalette night = {
    .paper = HEX(0x10161D),
    .land = HEX(0x161E27),
    .water = HEX(0x0B2536),
    .shore = HEX(0x1C4258),
    .green = HEX(0x16281F),
    .square = HEX(0x222C37),
    .farmland = HEX(0x171F22),
    .industrial = HEX(0x191F2B),
    .residential = HEX(0x18212B),
    .private_ground = HEX(0x181D25),
    .building = HEX(0x202B37),
    .building_rim = HEX(0x2B3947),
    .rail = HEX(0x4E5966),
    .road = {HEX(0x5A6B7E), HEX(0x546578), HEX(0x4A5A6B), HEX(0x44535F), HEX(0x3C4A58),
             HEX(0x344250), HEX(0x2B3846), HEX(0x2B3538), HEX(0x34404A), HEX(0x2F3D45),
             HEX(0x2B3846), HEX(0x35414C)},
    .casing = HEX(0x0C1117),
    .text = HEX(0xB4C0CC),
    .text_strong = HEX(0xE8EEF4),
    .text_quiet = HEX(0x97A6B5),
    .text_water = HEX(0x7FB0D6),
    .text_green = HEX(0x8CBB97),
    .halo = HEX(0x10161D),
    .panel = HEX(0x141B23),
    .panel_rim = HEX(0x2C3946),
    .accent = HEX(0x5B9CF5),
    .cover = {HEX(0x128A84), HEX(0x17AFA3), HEX(0x2FD4C0)},
    .field = HEX(0x3FC9BC),
    .gap = HEX(0xCC79A7),
    .gap_ink = HEX(0xF3B9D8),
    .grid = HEX(0xA3B3C4),
    .district = HEX(0xD5DEE8),
    .trail = HEX(0x8FE3C6),
    .rim = HEX(0xF2F6FA),
    .camera = {HEX(0x56B4E9), HEX(0x9AA5F0), HEX(0x4FD0D8), HEX(0xA8D8F5), HEX(0x8FA3B5)},
    .available = HEX(0x009E73),
    .reserved = HEX(0x56B4E9),
    .en_route = HEX(0xE69F00),
    .on_scene = HEX(0x0072B2),
    .busy = HEX(0x8A939B),
    .sos = HEX(0xD55E00),
    .incident = {HEX(0xD55E00), HEX(0xDB7200), HEX(0xE08800), HEX(0xE69F00)},
    .done = HEX(0x8A939B),
    .cover_alpha = {0.42, 0.54, 0.66},
    .heat_alpha = 0.35,
};

static const MapsPalette day = {
    .paper = HEX(0xEFECE5),
    .land = HEX(0xF6F4EF),
    .water = HEX(0xBBD7E8),
    .shore = HEX(0x9CC0D6),
    .green = HEX(0xDCE8CF),
    .square = HEX(0xEDE6D8),
    .farmland = HEX(0xF0EFDF),
    .industrial = HEX(0xECEAEC),
    .residential = HEX(0xF1EFE9),
    .private_ground = HEX(0xEDEBE6),
    .building = HEX(0xE2DDD3),
    .building_rim = HEX(0xCDC5B8),
    .rail = HEX(0x8E8A86),
    .road = {HEX(0xF9D9A0), HEX(0xFBE3B4), HEX(0xFDEFCF), HEX(0xFFFAEC), HEX(0xFFFFFF),
             HEX(0xFFFFFF), HEX(0xFFFFFF), HEX(0xDED3BE), HEX(0xF7F2EA), HEX(0xD5DDE6),
             HEX(0xDCCFBB), HEX(0xCFC0A9)},
    .casing = HEX(0xC9BBA5),
    .text = HEX(0x3A4148),
    .text_strong = HEX(0x1A2026),
    .text_quiet = HEX(0x50585F),
    .text_water = HEX(0x1F567C),
    .text_green = HEX(0x35602F),
    .halo = HEX(0xFCFBF8),
    .panel = HEX(0xFFFFFF),
    .panel_rim = HEX(0xCFCBC2),
    .accent = HEX(0x1F63C6),
    .cover = {HEX(0x4DB8AC), HEX(0x1F958A), HEX(0x056B63)},
    .field = HEX(0x0B7F76),
    .gap = HEX(0xB04A86),
    .gap_ink = HEX(0x8A2C66),
    .grid = HEX(0x59636D),
    .district = HEX(0x2E3740),
    .trail = HEX(0x00694D),
    .rim = HEX(0x1C2730),
    .camera = {HEX(0x1B6FA8), HEX(0x4B54B8), HEX(0x0B7A84), HEX(0x2C86BE), HEX(0x5A6B7A)},
    .available = HEX(0x009E73),
    .reserved = HEX(0x56B4E9),
    .en_route = HEX(0xE69F00),
    .on_scene = HEX(0x0072B2),
    .busy = HEX(0x8A939B),
    .sos = HEX(0xD55E00),
    .incident = {HEX(0xD55E00), HEX(0xDB7200), HEX(0xE08800), HEX(0xE69F00)},
    .done = HEX(0x8A939B),
    .cover_alpha = {0.40, 0.50, 0.60},
    .heat_alpha = 0.35,
};

/* Even steps of lightness (CIE L about 15, 32, 49, 66, 80, 94) along orange; the first is the
 * ground's own neighbour so that little heat fades into it. */
static const MapsColor heat_night[] = {HEX(0x3A1E0A), HEX(0x74380C), HEX(0xB3590F),
                                       HEX(0xE6811C), HEX(0xFBA742), HEX(0xFFCE7A)};
static const MapsColor heat_day[] = {HEX(0xFDE3BF), HEX(0xF6BC74), HEX(0xE18F35),
                                     HEX(0xB8660F), HEX(0x864306), HEX(0x552603)};
static const MapsColor share_night[] = {HEX(0x16242B), HEX(0x123E42), HEX(0x0F5D5B), HEX(0x177F78),
                                        HEX(0x2FA798)};
static const MapsColor share_day[] = {HEX(0xEFF3EE), HEX(0xC9E4DD), HEX(0x98CFC5), HEX(0x5FB3A8),
                                      HEX(0x2C9186)};

const MapsPalette *maps_style_palette(MapsStyle style)
{
    return style == MAPS_STYLE_DAY ? &day : &night;
}

MapsColor maps_style_status(const MapsPalette *palette, GeoUnitStatus status)
{
    switch (status) {
    case GEO_STATUS_AVAILABLE:
    case GEO_STATUS_FIXED_POST:
    case GEO_STATUS_CLEARED:
        return palette->available;
    case GEO_STATUS_RESERVED:
        return palette->reserved;
    case GEO_STATUS_DISPATCHED:
    case GEO_STATUS_ACCEPTED:
    case GEO_STATUS_EN_ROUTE:
        return palette->en_route;
    case GEO_STATUS_ON_SCENE:
    case GEO_STATUS_HANDLING:
        return palette->on_scene;
    case GEO_STATUS_SOS:
        return palette->sos;
    default:
        return palette->busy;
    }
}

MapsColor maps_style_mix(MapsColor a, MapsColor b, double t)
{
    return (MapsColor){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

static MapsColor along(const MapsColor *ramp, size_t n, double t)
{
    double at = fmin(fmax(t, 0), 1) * (double)(n - 1);
    size_t i = (size_t)fmin(floor(at), (double)(n - 2));
    return maps_style_mix(ramp[i], ramp[i + 1], at - (double)i);
}

MapsColor maps_style_heat(MapsStyle style, double t)
{
    return style == MAPS_STYLE_DAY ? along(heat_day, G_N_ELEMENTS(heat_day), t)
                                   : along(heat_night, G_N_ELEMENTS(heat_night), t);
}

MapsColor maps_style_share(MapsStyle style, double t)
{
    return style == MAPS_STYLE_DAY ? along(share_day, G_N_ELEMENTS(share_day), t)
                                   : along(share_night, G_N_ELEMENTS(share_night), t);
}

static double linear(double v)
{
    return v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double maps_style_luminance(MapsColor color)
{
    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

double maps_style_contrast(MapsColor a, MapsColor b)
{
    double la = maps_style_luminance(a), lb = maps_style_luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

void maps_style_set(cairo_t *cr, MapsColor color, double alpha)
{
    cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

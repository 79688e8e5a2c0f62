/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>

#include "app/ctl/command.h"

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC,
              "C"); /* numbers on the command line and in JSON are the same everywhere */
    return app_command_main(argc, argv);
}

using System.Text;

namespace Vedette.Settings;

/// <summary><c>docs/settings.md</c>, made of the table of settings.</summary>
internal static class SettingsPage
{
    public static string Markdown()
    {
        var page = new StringBuilder();
        page.Append("""
            # Settings

            Made by `vedette settings --markdown`; a test keeps it true.

            A setting comes from the command line, else from the environment, else from a file, else it has its default. The file is `settings.json` in the
            data folder, or the one that `--settings FILE` names: a JSON object of the keys below, in which comments are allowed and an unknown key is an
            error. In the environment the values of a list are separated by commas; on the command line an option that takes a list is given with several
            values. `vedette settings` shows what is in force and where it comes from.

            ```json
            {
              "urls": "https://10.0.0.7:8443",
              "certificate": "/etc/vedette/tls.crt",
              "certificate_key": "/etc/vedette/tls.key",
              "turn_deadline": 30
            }
            ```

            | Key | Environment | Command line | Value | Default | What for |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var setting in AllSettings.Table)
        {
            page.Append($"| `{setting.Key}` | `{setting.EnvironmentName}` | {(setting.Secret ? "never" : $"`{setting.OptionName}`")} | {(setting.Many ? "list of " : "")}{setting.Unit} | {setting.Default} | {setting.Description} |\n");
        }

        page.Append($"""

            Two are read at the first start only, and from the environment only, so that they stand in no list of processes:

            | Environment | What for | When it is not set |
            | --- | --- | --- |
            | `{Secrets.AdminPassword}` | the first password of the user `admin`, at least 12 signs | one is made up, told once, on a terminal or in a file of mode 0600 in the data folder, and must be changed |
            | `{Secrets.AutomationToken}` | the first token of the user `automation`, at least 32 signs; the commands that talk to a running server take it too | there is none until an administrator makes one |

            """);
        return page.ToString();
    }
}

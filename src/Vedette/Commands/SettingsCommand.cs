using System.CommandLine;
using Vedette.Settings;

namespace Vedette.Commands;

/// <summary><c>vedette settings</c>: what is in force, and where it comes from.</summary>
internal static class SettingsCommand
{
    public static Command Make()
    {
        var markdown = new Option<bool>("--markdown") { Description = "Print docs/settings.md instead" };
        var command = new ToldCommand("settings", """
            Shows every setting of the server, its value and where it comes from.

            Example: vedette settings --settings /etc/vedette/settings.json
            """) { markdown };
        var settings = SettingsOptions.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(markdown))
            {
                Console.Write(SettingsPage.Markdown());
                return 0;
            }

            var (options, sources) = settings.Read(parsed);
            foreach (var setting in AllSettings.Table)
            {
                var set = sources.TryGetValue(setting, out var from);
                var value = setting.Read(options) is { Length: > 0 } text ? text : setting.Default;
                Console.WriteLine($"{setting.Key,-17} {value}{(set ? $"   ({from})" : "   (default)")}");
            }

            return 0;
        });
        return command;
    }
}

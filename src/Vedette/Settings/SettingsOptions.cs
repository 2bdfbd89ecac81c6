using System.CommandLine;
using Vedette.Server.Hosting;

namespace Vedette.Settings;

/// <summary>The settings as options of a command, and the one place where file, environment and command line come together.</summary>
internal sealed class SettingsOptions
{
    private readonly Dictionary<Setting, Option> _options = [];
    private readonly Option<string?> _file = new("--settings") { Description = $"Settings from a JSON file [default: {SettingsFile.Name} in the data folder, if it is there]", HelpName = "FILE" };

    public static SettingsOptions AddTo(Command command)
    {
        var all = new SettingsOptions();
        command.Options.Add(all._file);
        foreach (var setting in AllSettings.Table)
        {
            Option option = setting.Many ? new Option<string[]>(setting.OptionName) { AllowMultipleArgumentsPerToken = true } : new Option<string?>(setting.OptionName);
            option.Description = $"{setting.Description} [default: {setting.Default}]";
            option.HelpName = setting.Placeholder;
            option.Hidden = setting.Secret;
            all._options.Add(setting, option);
            command.Options.Add(option);
        }

        return all;
    }

    /// <summary>What is in force: the command line before the environment before the file before the default.</summary>
    public SettingsInForce Read(ParseResult parsed)
    {
        var data = AllSettings.Table[0];
        var outside = new Dictionary<Setting, (IReadOnlyList<string> Values, string From)>();
        foreach (var setting in AllSettings.Table)
        {
            if (Environment.GetEnvironmentVariable(setting.EnvironmentName) is { Length: > 0 } text)
            {
                outside[setting] = (setting.Many ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text], setting.EnvironmentName);
            }

            if (Given(parsed, setting) is { Length: > 0 } given)
            {
                if (setting.Secret)
                {
                    throw new SetupException($"{setting.OptionName} may hold a password, which every user of this machine could read in the list of processes. Set it in {setting.EnvironmentName}, or as \"{setting.Key}\" in a settings file with mode 0600; if it was a real one, change it.");
                }

                outside[setting] = (given, setting.OptionName);
            }
        }

        var named = parsed.GetValue(_file);
        var folder = outside.TryGetValue(data, out var where) ? where.Values[0] : AllSettings.DefaultDataFolder;
        var file = named ?? Path.Combine(folder, SettingsFile.Name);
        var fromFile = named is not null || File.Exists(file) ? SettingsFile.Read(file) : [];
        if (named is null && fromFile.ContainsKey(data))
        {
            throw new SetupException($"{file}: \"data\" cannot be set in the file that lies in it. Set it with --data, VEDETTE_DATA, or in a file named by --settings.");
        }

        var options = new ServerOptions
        {
            DataFolder = AllSettings.DefaultDataFolder,
            AdminPassword = Environment.GetEnvironmentVariable(Secrets.AdminPassword),
            AutomationToken = Environment.GetEnvironmentVariable(Secrets.AutomationToken),
        };
        var sources = new Dictionary<Setting, string>();
        foreach (var setting in AllSettings.Table)
        {
            var (values, from) = outside.TryGetValue(setting, out var set) ? set : fromFile.TryGetValue(setting, out var written) ? (written, file) : ([], "");
            if (values.Count == 0)
            {
                continue;
            }

            options = setting.Put(options, values, from);
            sources[setting] = from;
        }

        return new SettingsInForce(options, sources);
    }

    private string[]? Given(ParseResult parsed, Setting setting) =>
        setting.Many ? parsed.GetValue((Option<string[]>)_options[setting]) : parsed.GetValue((Option<string?>)_options[setting]) is { } one ? [one] : null;
}

/// <param name="Sources">Where each setting that is not at its default comes from.</param>
internal sealed record SettingsInForce(ServerOptions Options, IReadOnlyDictionary<Setting, string> Sources);

/// <summary>What comes from the environment only, so that it stands in no list of processes and no file that is passed around.</summary>
internal static class Secrets
{
    public const string AdminPassword = "VEDETTE_ADMIN_PASSWORD";
    public const string AutomationToken = "VEDETTE_AUTOMATION_TOKEN";
}

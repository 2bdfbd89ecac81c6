using System.Globalization;
using Vedette.Server.Hosting;

namespace Vedette.Settings;

/// <summary>One thing that can be set: its name in the file, in the environment and on the command line, and what it does to the options.</summary>
/// <param name="Key">Name in the file, snake_case; the other two names come of it.</param>
/// <param name="Unit">What a value is: a number of what, a path, a word.</param>
/// <param name="Description">What it is for, in a sentence.</param>
/// <param name="Write">Puts values into the options; throws <see cref="FormatException"/> with a sentence.</param>
/// <param name="Read">The value in force, as text.</param>
internal sealed record Setting(
    string Key, string Unit, string Description, Func<ServerOptions, IReadOnlyList<string>, ServerOptions> Write, Func<ServerOptions, string> Read)
{
    /// <summary>Takes several values: a list in the file, separated by commas in the environment, given several times on the command line.</summary>
    public bool Many { get; init; }

    /// <summary>It may hold a secret: never taken from the command line, which others of the machine read, nor from a file that others may read, and never shown.</summary>
    public bool Secret { get; init; }

    /// <summary>The default in words, where it depends on the machine or is none.</summary>
    public string? DefaultInWords { get; init; }

    public string EnvironmentName => $"VEDETTE_{Key.ToUpperInvariant()}";

    public string OptionName => $"--{Key.Replace('_', '-')}";

    /// <summary>What stands for a value in the help.</summary>
    public string Placeholder { get; init; } = "VALUE";

    /// <param name="from">Where the values come from.</param>
    /// <exception cref="SetupException">They cannot be; the message says where they stand and what they have to be.</exception>
    public ServerOptions Put(ServerOptions options, IReadOnlyList<string> values, string from)
    {
        try
        {
            return Write(options, values);
        }
        catch (FormatException exception)
        {
            throw new SetupException($"{from}: \"{Key}\" {exception.Message}.", exception);
        }
    }

    public string Default => DefaultInWords ?? Read(Defaults);

    private static ServerOptions Defaults { get; } = new() { DataFolder = "" };

    public static int Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"has to be a whole number from {least} to {most}, not \"{text}\"");

    public static string OneOf(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        throw new FormatException($"has to be one of {string.Join(", ", words.ToArray())}, not \"{text}\"");
    }

    public static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? new Uri(text)
        : throw new FormatException($"has to be an address such as https://vedette.example:8443, not \"{text}\"");
}

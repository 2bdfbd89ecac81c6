using System.Globalization;

namespace Vedette.Console.Parts;

/// <summary>Numbers, times and sizes as the console writes them.</summary>
internal static class Words
{
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>With thin spaces between groups of three.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u2009');

    /// <summary><c>3 ms</c>, <c>0.87 s</c>, <c>7 m 34 s</c>, <c>3 h 16 m</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalMilliseconds):0} ms"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.00} s"),
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} m {span.Seconds} s",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h {span.Minutes:00} m",
        _ => $"{(int)span.TotalDays} d",
    };

    /// <summary><c>48 s</c>, <c>7 m</c>, <c>3 h</c>, <c>9 d</c>.</summary>
    public static string Age(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} m",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} d",
    };

    /// <summary>What is left, <c>m:ss</c> below an hour; with a minus when it is past.</summary>
    public static string Left(TimeSpan span)
    {
        var size = span.Duration();
        var text = size.TotalHours < 1 ? $"{(int)size.TotalMinutes}:{size.Seconds:00}" : size.TotalHours < 48 ? $"{(int)size.TotalHours} h {size.Minutes:00} m" : $"{(int)size.TotalDays} d";
        return span < TimeSpan.Zero ? "\u2212" + text : text;
    }

    /// <summary>Decimal: <c>48 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
